import { composeLabel } from './compose-labels.ts';
import type { HandMade } from './hand-made.ts';

/** A path of the host that a service writes to. */
export interface WritableBind {
  readonly service: string;
  /** Path inside the container. */
  readonly target: string;
  /** Absolute path on the host. */
  readonly source: string;
  /** Relative to the folder of the project's files when it lies below that, or is it (`.`). */
  readonly relative?: string;
}

/** Where the services' data lies outside of volumes, so that an adopting deployment can leave it there. Pure. */
export function writableBinds({ services }: HandMade): readonly WritableBind[] {
  const all = [...services].flatMap(([service, containers]) =>
    containers.flatMap(({ Mounts, Config }) =>
      Mounts.filter(({ Type, RW }) => Type === 'bind' && RW).map(({ Source, Destination }) => ({
        service,
        target: Destination,
        source: Source,
        ...below(Source, composeLabel(Config.Labels, 'project.working_dir')),
      })),
    ),
  );
  return [...new Map(all.map((each) => [`${each.service} ${each.target} ${each.source}`, each])).values()];
}

function below(source: string, folder: string): { relative?: string } {
  if (folder === '') return {};
  if (source === folder) return { relative: '.' };
  const prefix = `${folder.replace(/\/$/, '')}/`;
  return source.startsWith(prefix) ? { relative: source.slice(prefix.length) } : {};
}
