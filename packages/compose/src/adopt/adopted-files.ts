import type { Desired, Release, ReleaseFile } from '@gitops/core';
import { lines } from '../release-files.ts';
import { folderIn } from '../stack-folder.ts';
import type { AdoptedStack } from './adoption.ts';
import { composeLabel } from './compose-labels.ts';
import type { HandMade } from './hand-made.ts';

/** The files of a release that was made of what runs; `copies` names those that the host takes from the release before. */
export function adoptedFiles(
  release: Release,
  before: Release | undefined,
  adopted: readonly AdoptedStack[],
): readonly ReleaseFile[] {
  const { desired } = release;
  return [
    ...adopted.flatMap((each) => stackFiles(desired, each)),
    file('manifest.json', JSON.stringify(release)),
    file('projects', lines(desired.stacks)),
    // By id alone: the names of these images are not ours, so retention never takes them away.
    file('images', lines([...new Set(desired.services.map(({ imageId }) => `${imageId} ${imageId}`))])),
    file('objects', lines(desired.objects.map(({ digest }) => digest))),
    file(
      'folders',
      lines(desired.data.filter(({ stack }) => isAdopted(adopted, stack)).map(({ source }) => `@${source}`)),
    ),
    file('copies', lines(before ? copies(before, desired) : [])),
  ];
}

function stackFiles(desired: Desired, { stack, zero, inspection, handMade }: AdoptedStack): readonly ReleaseFile[] {
  const archives = handMade.fileSets.filter(({ archive }) => archive.length > 0);
  return [
    file(`${folderIn(desired, stack)}rendered.yml`, `${JSON.stringify(zero.model, undefined, 2)}\n`),
    file(`${folderIn(desired, stack)}env`, ''),
    file(`${folderIn(desired, stack)}directory`, lines([workingDirOf(handMade)])),
    file(`by-hand/${stack}/inspect.json`, inspection),
    ...archives.map(({ archive }, index) => ({
      path: `by-hand/${stack}/files-${index + 1}.tar`,
      content: archive,
      mode: 0o600,
    })),
  ];
}

/** `FROM TO`, the first below releases/, the second below the release. */
function copies(before: Release, desired: Desired): readonly string[] {
  const own = before.desired.stacks.flatMap((stack) =>
    ['rendered.yml', 'env', 'directory'].map(
      (name) => `${before.name}/${folderIn(before.desired, stack)}${name} ${folderIn(desired, stack)}${name}`,
    ),
  );
  return [...own, `${before.name}/data data`, `${before.name}/folders folders.before`];
}

/** The folder that Compose took the project's relative paths from. */
function workingDirOf({ services }: HandMade): string {
  const [first] = [...services.values()].flat();
  return composeLabel(first?.Config.Labels ?? {}, 'project.working_dir') || '/';
}

function isAdopted(adopted: readonly AdoptedStack[], stack: string): boolean {
  return adopted.some((each) => each.stack === stack);
}

function file(path: string, text: string): ReleaseFile {
  return { path, content: Buffer.from(text), mode: 0o600 };
}
