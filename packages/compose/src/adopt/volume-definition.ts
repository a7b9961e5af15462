import type { Rendered } from '../rendered.ts';
import { volumeHash } from './compose-hash.ts';
import { composeLabel, withoutComposeLabels } from './compose-labels.ts';
import { forCompose, given } from './definition.ts';
import type { InspectedVolume } from './inspected.ts';

export type RenderedVolume = NonNullable<NonNullable<Rendered['volumes']>[string]>;

/** The definition of a project's own volume: that of the files, unless they were edited since it was made. */
export function volumeDefinition(inspected: InspectedVolume, rendered: RenderedVolume | undefined): RenderedVolume {
  const label = composeLabel(inspected.Labels, 'config-hash');
  return rendered && (label === '' || volumeHash(rendered) === label) ? rendered : asDockerSays(inspected);
}

/** `$` is written `$$`. */
function asDockerSays({ Name, Driver, Options, Labels }: InspectedVolume): RenderedVolume {
  const fields = given({
    driver: Driver === 'local' ? '' : Driver,
    driver_opts: Options,
    labels: withoutComposeLabels(Labels),
  });
  return forCompose({ name: Name, ...fields });
}
