import type { Rendered, RenderedService } from '../rendered.ts';
import { composeLabel } from './compose-labels.ts';
import { exactDefinition } from './exact.ts';
import type { HandMade } from './hand-made.ts';
import type { InspectedContainer } from './inspected.ts';
import { type ReconstructContext, reconstructContext, reconstructService } from './reconstruct.ts';
import { serviceWarnings } from './service-warnings.ts';
import { sharedSections } from './shared-sections.ts';
import { usedResources } from './used-resources.ts';

/** The image that a service ran, to be kept and, if its tag has moved, tagged again before release 0 is activated. */
export interface RanImage {
  readonly service: string;
  readonly reference: string;
  readonly id: string;
}

/** What ran before an adoption, as a project that Compose can bring back. */
export interface ReleaseZero {
  /**
   * To be given to Compose as it is, as JSON (which is YAML) or YAML with every string quoted: `$` is written `$$` in all of
   * it, both in what Compose rendered and in what was reconstructed. It holds secret values.
   */
  readonly model: Rendered;
  /** Services whose definition Compose knows as that of the running containers: activating it recreates none of them. */
  readonly exact: readonly string[];
  /** Services whose definition was made from `docker inspect`: activating it may recreate them once. */
  readonly reconstructed: readonly string[];
  readonly images: readonly RanImage[];
  /** `SERVICE: FIELD: …`, each something that may not come back as it was. None holds a value. */
  readonly warnings: readonly string[];
}

interface ChosenService {
  readonly name: string;
  readonly definition: RenderedService;
  readonly exact: boolean;
  readonly warnings: readonly string[];
}

/** Release 0 of a project made by hand, service by service from its files if they still say what runs. Pure. */
export function releaseZero(handMade: HandMade): ReleaseZero {
  const context = reconstructContext(handMade);
  const services = [...handMade.services].map(([name, containers]) => choose(name, containers, context));
  const definitions = Object.fromEntries(services.map(({ name, definition }) => [name, definition]));
  const resources = usedResources(definitions, context);
  return {
    model: { name: projectOf(handMade), services: definitions, ...resources.sections },
    exact: services.filter(({ exact }) => exact).map(({ name }) => name),
    reconstructed: services.filter(({ exact }) => !exact).map(({ name }) => name),
    images: [...handMade.services].flatMap(([service, containers]) => ranImages(service, containers)),
    warnings: [...services.flatMap(({ warnings }) => warnings), ...resources.warnings],
  };
}

function choose(name: string, containers: readonly InspectedContainer[], context: ReconstructContext): ChosenService {
  const { handMade } = context;
  const exact = exactDefinition(name, containers, handMade, sharedSections(handMade.fileSets));
  const { definition, warnings } = exact
    ? { definition: exact, warnings: [] }
    : reconstructService(containers, context);
  const pinned = pin(definition, containers, handMade);
  const all = [...warnings, ...pinned.warnings, ...serviceWarnings(name, containers, { context, exact })];
  return {
    name,
    definition: pinned.definition,
    exact: exact !== undefined && pinned.definition === definition,
    warnings: all.map((warning) => `${name}: ${warning}`),
  };
}

/** A reference that means another image by now would start that one. */
function pin(
  definition: RenderedService,
  containers: readonly InspectedContainer[],
  { references }: HandMade,
): Pick<ChosenService, 'definition' | 'warnings'> {
  const [first] = containers;
  if (first === undefined || references.get(first.Config.Image) === first.Image) return { definition, warnings: [] };
  const warning = `image: ${first.Config.Image} is no longer the image that ran, so that one is named by its id`;
  return { definition: { ...definition, image: first.Image }, warnings: [warning] };
}

function ranImages(service: string, containers: readonly InspectedContainer[]): readonly RanImage[] {
  const ids = new Map(containers.map(({ Image, Config }) => [Image, Config.Image]));
  return [...ids].map(([id, reference]) => ({ service, reference, id }));
}

function projectOf({ services }: HandMade): string {
  const [first] = [...services.values()].flat();
  return first ? composeLabel(first.Config.Labels, 'project') : '';
}
