import type { Change, Plan } from '../model.ts';

/** A change of the service `web`, unless something else is said. */
export function change(said: Partial<Change> = {}): Change {
  const kind = said.kind ?? 'service';
  const name = said.name ?? 'web';
  return {
    stack: 'shop',
    subject: name,
    address: kind === 'service' ? `compose:shop/${name}` : `compose:shop/${kind}/${name}`,
    kind,
    name,
    action: 'recreate',
    cause: 'changed: image',
    fields: [],
    risk: 'none',
    ...said,
  };
}

export function plan(said: Partial<Plan> = {}): Plan {
  return { changes: [change()], hash: '0'.repeat(32), warnings: [], ...said };
}
