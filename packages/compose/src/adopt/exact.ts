import type { RenderedService } from '../rendered.ts';
import { composeLabel } from './compose-labels.ts';
import type { FileSet, HandMade } from './hand-made.ts';
import type { InspectedContainer } from './inspected.ts';
import { agrees, type SharedSections } from './shared-sections.ts';

/**
 * The service as the project's files define it, if Compose's hash of that is the one in the label of all its containers.
 * What the hash leaves out is taken from what runs: how many containers there are, and that it is to be started at all.
 */
export function exactDefinition(
  name: string,
  containers: readonly InspectedContainer[],
  handMade: HandMade,
  shared: SharedSections,
): RenderedService | undefined {
  const labels = new Set(containers.map(({ Config }) => composeLabel(Config.Labels, 'config-hash')));
  const [label = ''] = labels;
  const set = handMade.fileSets.find((each) => each.hashes.get(name) === label && agrees(each, shared));
  const service = set?.rendered?.services[name];
  return service && labels.size === 1 ? asItRan(service, containers.length, handMade) : undefined;
}

/** The set of files that the containers name, whether or not it still says what runs. */
export function ownFileSet(containers: readonly InspectedContainer[], { fileSets }: HandMade): FileSet | undefined {
  const labels = containers[0]?.Config.Labels ?? {};
  const files = composeLabel(labels, 'project.config_files');
  const folder = composeLabel(labels, 'project.working_dir');
  return fileSets.find(({ configFiles, workingDir }) => configFiles.join(',') === files && workingDir === folder);
}

function asItRan(service: RenderedService, count: number, { services }: HandMade): RenderedService {
  const { profiles: _profiles, depends_on, build: _build, develop: _develop, scale: _scale, ...rest } = service;
  const waited = Object.entries(depends_on ?? {}).filter(([name]) => services.has(name));
  const { replicas: _replicas, ...deploy } = service.deploy ?? {};
  return {
    ...rest,
    ...(service.deploy && { deploy }),
    ...(waited.length > 0 && { depends_on: Object.fromEntries(waited) }),
    ...(count > 1 && { scale: count }),
  };
}
