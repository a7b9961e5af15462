import type { Finding } from '@gitops/core';
import type { ComposeProject } from '../check/index.ts';
import { referenceOf } from '../images.ts';
import { UNKNOWN_VALUE } from '../load/interpolation.ts';
import { databaseOf } from './databases.ts';
import { found } from './found.ts';
import { imageName } from './image-name.ts';
import { servicesOf } from './services.ts';

/** What the images of a project say of the versions that will run. */
export function imageFindings(project: ComposeProject): readonly Finding[] {
  return [...images(project).flatMap((use) => imageFinding(project, use)), ...builtFindings(project)];
}

interface ImageUse {
  readonly image: string;
  /** Services that name it. */
  readonly services: readonly [string, ...string[]];
}

/** Each image once, however many services run it. */
function images(project: ComposeProject): readonly ImageUse[] {
  const uses = new Map<string, ImageUse>();
  for (const { name, service } of servicesOf(project)) {
    if (!service.image) continue;
    const [first, ...others] = uses.get(service.image)?.services ?? [];
    const services = first === undefined ? ([name] as const) : ([first, ...others, name] as const);
    uses.set(service.image, { image: service.image, services });
  }
  return [...uses.values()];
}

function imageFinding(project: ComposeProject, { image, services }: ImageUse): readonly Finding[] {
  const { repository, tag, isPinned } = imageName(image);
  const [first] = services;
  const path = ['services', first, 'image'];
  const of = services.map((name) => `\`${name}\``).join(', ');
  if (isPinned || image.includes(UNKNOWN_VALUE)) return [];
  if (tag === undefined || tag === 'latest') {
    const seen = tag === undefined ? 'has no tag' : 'has the tag `latest`';
    const message = `the image \`${image}\` of ${of} ${seen}, so its version is that of the day of its pull${besides(image)}`;
    return [found('compose/untagged-image', project, path, message, `write the version: \`${repository}:…\``)];
  }
  if (/\d/.test(tag)) return [];
  const message = `the tag \`${tag}\` of the image of ${of} moves, so what was reviewed is not what will be pulled`;
  return [found('compose/moving-tag', project, path, message, `write the version: \`${repository}:…\``)];
}

function besides(image: string): string {
  const database = databaseOf(image);
  if (!database) return '';
  return `, and ${database.product} may not read the files of another one`;
}

function builtFindings(project: ComposeProject): readonly Finding[] {
  return servicesOf(project).flatMap(({ name, service }) => {
    if (!service.build || service.image) return [];
    const reference = referenceOf(name, {}, project.name);
    const message = `\`${name}\` has \`build:\` and no \`image:\`; a deployment builds nothing and needs \`${reference}\` on the host`;
    const remedy = 'publish the image and name it with `image:`';
    return [found('compose/build', project, ['services', name, 'build'], message, remedy)];
  });
}
