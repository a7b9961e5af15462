import type { Rendered, RenderedFile, RenderedService } from '../rendered.ts';
import { ownFileSet } from './exact.ts';
import type { InspectedContainer } from './inspected.ts';
import { anonymousVolume } from './mounts.ts';
import type { ReconstructContext } from './reconstruct.ts';
import { sharedSections } from './shared-sections.ts';

interface Choice {
  readonly context: ReconstructContext;
  /** The definition from the files, if that is what runs. */
  readonly exact: RenderedService | undefined;
}

/** What is true of a service, whichever way it was defined (`field: why`). */
export function serviceWarnings(
  name: string,
  containers: readonly InspectedContainer[],
  { context, exact }: Choice,
): readonly string[] {
  return [
    ...new Set(containers.flatMap(resting)),
    ...(exact
      ? [...joinedByHand(containers, exact, context), ...fromEnvironment(exact, context)]
      : unseen(name, containers, context)),
    ...(exact || containers.length > 1 ? anonymous(containers) : []),
  ];
}

/** A job that is done is meant to be; whatever else does not run was stopped by somebody, or failed. */
function resting({ State, HostConfig }: InspectedContainer): readonly string[] {
  if (State.Status === 'running' || State.Status === 'restarting') return [];
  const restarts = ['always', 'unless-stopped'].includes(HostConfig.RestartPolicy.Name);
  if (State.Status === 'exited' && State.ExitCode === 0 && !restarts) return [];
  return [`state: a container is ${State.Status} (code ${State.ExitCode}); bringing it back starts it`];
}

/** Docker has it, the files have not: it lasts as long as the container. */
function joinedByHand(
  containers: readonly InspectedContainer[],
  service: RenderedService,
  { networkKeys }: ReconstructContext,
): readonly string[] {
  const declared = Object.keys(service['networks'] ?? {});
  if (declared.length === 0) return [];
  const live = new Set(containers.flatMap(({ NetworkSettings }) => Object.keys(NetworkSettings.Networks)));
  const extra = [...live].filter((name) => !declared.includes(networkKeys.get(name) ?? name));
  return extra.map((name) => `networks: ${name} was joined by hand; a container that is made anew will not be in it`);
}

/** A container that is made anew would need the variable again, and a release knows no variables. */
function fromEnvironment(service: RenderedService, { handMade }: ReconstructContext): readonly string[] {
  const shared = sharedSections(handMade.fileSets);
  return (['configs', 'secrets'] as const).flatMap((kind) =>
    (service[kind] ?? [])
      .filter(({ source }) => shared[kind]?.[source]?.environment !== undefined)
      .map(
        ({ source }) => `${kind}: ${source} is the value of a variable; a container that is made anew fails without it`,
      ),
  );
}

/** What Compose copies into a container, or runs beside its start, shows in no inspection. */
function unseen(
  name: string,
  containers: readonly InspectedContainer[],
  { handMade }: ReconstructContext,
): readonly string[] {
  const rendered = ownFileSet(containers, handMade)?.rendered;
  const service = rendered?.services[name];
  if (!rendered || !service)
    return [
      "configs, secrets, post_start, pre_stop: Docker does not tell of those that are no file, and the project's files can not be read; they do not come back",
    ];
  const copied = (['configs', 'secrets'] as const).flatMap((kind) =>
    copiedIn(rendered, kind, service).map(
      (each) => `${kind}: the content of ${each} is not in what Docker reports, and does not come back`,
    ),
  );
  const hooks = ['post_start', 'pre_stop'].filter((field) => service[field] !== undefined);
  return [...copied, ...hooks.map((field) => `${field}: Docker does not tell of it; it does not come back`)];
}

function copiedIn(rendered: Rendered, kind: 'configs' | 'secrets', service: RenderedService): readonly string[] {
  const isCopied = (file: RenderedFile | undefined): boolean =>
    file?.content !== undefined || file?.environment !== undefined;
  return (service[kind] ?? []).map(({ source }) => source).filter((source) => isCopied(rendered[kind]?.[source]));
}

function anonymous(containers: readonly InspectedContainer[]): readonly string[] {
  const targets = containers.flatMap((container) =>
    container.Mounts.filter(({ Destination }) => anonymousVolume(container, Destination)).map(
      ({ Destination }) => Destination,
    ),
  );
  return [...new Set(targets)].map(
    (target) => `volumes: the data at ${target} has no name, and is carried over only while its container exists`,
  );
}
