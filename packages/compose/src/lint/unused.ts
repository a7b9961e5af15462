import type { Finding } from '@gitops/core';
import type { ComposeProject } from '../check/index.ts';
import { found } from './found.ts';
import { USES } from './resources.ts';
import { servicesOf } from './services.ts';

const SECTIONS = ['networks', 'volumes', 'secrets', 'configs'] as const;

/** What nobody uses of a Compose file. */
export function unusedFindings(project: ComposeProject): readonly Finding[] {
  return [...SECTIONS.flatMap((section) => unusedIn(project, section)), ...obsoleteVersion(project)];
}

function unusedIn(project: ComposeProject, section: (typeof SECTIONS)[number]): readonly Finding[] {
  const declared = Object.keys(project.model[section] ?? {});
  if (declared.length === 0) return [];
  const used = new Set(servicesOf(project).flatMap(({ service }) => USES[section](service)));
  return declared
    .filter((key) => !used.has(key))
    .map((key) => {
      const message = `no service uses \`${key}\` of \`${section}\`, so Compose does not make it`;
      return found('compose/unused', project, [section, key], message, 'remove it, or name it in a service');
    });
}

/** Compose drops it while it reads, so only its place tells that it was written. */
function obsoleteVersion(project: ComposeProject): readonly Finding[] {
  const [written, root] = [project.placeOf(['version']), project.placeOf([])];
  if (written.line === root.line && written.column === root.column && written.file === root.file) return [];
  const message = '`version` means nothing to Compose any more';
  return [found('compose/obsolete-version', project, ['version'], message, 'remove the line')];
}
