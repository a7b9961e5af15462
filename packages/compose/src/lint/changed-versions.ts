import type { Finding } from '@gitops/core';
import type { ComposeProject } from '../check/index.ts';
import { versionWarnings } from '../version-steps.ts';
import { isServer } from './databases.ts';
import { found } from './found.ts';
import { serviceCalled, servicesOf } from './services.ts';

/** Servers that get a version which reads the data of the former one otherwise, or not at all. */
export function changedVersionFindings(before: ComposeProject, after: ComposeProject): readonly Finding[] {
  return servicesOf(after).flatMap(({ name, service }) => {
    const former = serviceCalled(before, name)?.image;
    if (former === undefined || service.image === undefined || !isServer(service)) return [];
    return versionWarnings({ image: former }, { image: service.image }).map((warning) =>
      found('compose/stateful-major-bump', after, ['services', name, 'image'], `\`${name}\`: ${warning}`, REMEDY),
    );
  });
}

const REMEDY = 'make a backup and follow the upgrade notes of the image, or keep the version';
