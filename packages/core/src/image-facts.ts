import type { Change, Desired, DesiredService } from './model.ts';
import { effective } from './plan.ts';
import type { Prepared } from './ports.ts';
import { keyOf } from './service-name.ts';

/** Adds to each change of a service what registries call its images, and whether the new one is still to be pulled. Pure. */
export function withImageFacts(
  changes: readonly Change[],
  desired: Desired,
  recorded: Desired | undefined,
  prepared: Pick<Prepared, 'digestOf'>,
): readonly Change[] {
  const told = new Set(effective(changes));
  const digestOf = (service: DesiredService | undefined) =>
    service && prepared.digestOf(service.imageId, service.image);
  return changes.map((change) => {
    const after = told.has(change) ? find(desired, change) : undefined;
    if (!after) return change;
    const before = change.imageBefore === undefined ? undefined : digestOf(find(recorded, change));
    const now = digestOf(after);
    return {
      ...change,
      ...(before !== undefined && { digestBefore: before }),
      ...(now !== undefined && { digestAfter: now }),
      ...(after.imageId === '' && { isPulled: true }),
    };
  });
}

function find(state: Desired | undefined, change: Change): DesiredService | undefined {
  if (change.kind !== 'service') return undefined;
  return state?.services.find((each) => keyOf(each) === keyOf(change));
}
