import type { Rendered } from '../rendered.ts';
import { withoutComposeLabels } from './compose-labels.ts';
import { forCompose, given } from './definition.ts';
import type { InspectedVolume } from './inspected.ts';

type RenderedVolume = NonNullable<NonNullable<Rendered['volumes']>[string]>;

/** The definition of a project's own volume, as it is on the host. `$` is written `$$`. */
export function volumeDefinition({ Name, Driver, Options, Labels }: InspectedVolume): RenderedVolume {
  const fields = given({
    driver: Driver === 'local' ? '' : Driver,
    driver_opts: Options,
    labels: withoutComposeLabels(Labels),
  });
  return forCompose({ name: Name, ...fields });
}
