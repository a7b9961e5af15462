import { stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { GitopsError } from '@gitops/core';
import { environmentFolder, type InitAnswers } from './answers.ts';
import {
  environmentFile,
  gitopsFile,
  knownHostsFile,
  readmeFile,
  rootIgnoreFile,
  secretIgnoreFile,
  starterComposeFile,
} from './configuration-texts.ts';
import { type DraftFile, draftText } from './draft.ts';
import { copySource, type LeftBehind, type SourceProject } from './source-project.ts';
import { deployWorkflow, OWNER_PLACEHOLDER, type SecretFile } from './workflow-template.ts';

/** Everything that is going to be written, and what the person needs to know of it. */
export interface RepositoryDraft {
  readonly files: readonly DraftFile[];
  readonly secrets: readonly SecretFile[];
  /** Paths of files that are not for git either, but empty: GitHub keeps no empty secret. */
  readonly empty: readonly string[];
  readonly left: readonly LeftBehind[];
  /** What `uses:` names in the workflow. */
  readonly action: string;
}

/** Composes the files of a new repository; `knownHosts` are lines that pin the host. Writes nothing. */
export async function draftRepository(
  answers: InitAnswers,
  source: SourceProject | undefined,
  knownHosts: readonly string[],
): Promise<RepositoryDraft> {
  const folder = environmentFolder(answers);
  const stack = posix.join(folder, answers.stackFolder);
  const copied = source ? await copySource(source, stack, answers.copy) : starter(stack);
  refuseClash(copied.files, stack);
  const notForGit = copied.files.filter(({ secret }) => secret);
  const secrets = secretFiles(notForGit, answers);
  const empty = notForGit.filter(({ content }) => content.length === 0).map(({ path }) => path);
  const isOwnCopy = await holdsAction(answers.directory);
  const action = isOwnCopy
    ? './actions/deploy'
    : `${ownerOf(answers)}/gitops-coordinator/actions/deploy@${answers.ref}`;
  const schemas = (up: string) => (isOwnCopy ? `${up}schemas` : schemaAddress(answers));
  const ignored = notForGit.map(({ path }) => posix.relative(folder, path));
  const files = [
    draftText('gitops.yml', gitopsFile(answers, schemas('')), true),
    draftText(`${folder}/environment.yml`, environmentFile(answers, schemas('../../'))),
    draftText(`${folder}/known_hosts`, knownHostsFile(knownHosts)),
    ...copied.files,
    ...(ignored.length > 0 ? [draftText(`${folder}/.gitignore`, secretIgnoreFile(ignored))] : []),
    draftText('.gitignore', rootIgnoreFile(), true),
    draftText('.github/workflows/deploy.yml', deployWorkflow(answers, action, secrets, empty), true),
    draftText('README.md', readmeFile(answers), true),
  ];
  return { files, secrets, empty, left: copied.left, action };
}

function starter(stack: string): { readonly files: readonly DraftFile[]; readonly left: readonly LeftBehind[] } {
  return { files: [draftText(`${stack}/compose.yaml`, starterComposeFile())], left: [] };
}

function ownerOf({ owner }: InitAnswers): string {
  return owner || OWNER_PLACEHOLDER;
}

function schemaAddress(answers: InitAnswers): string {
  return `https://raw.githubusercontent.com/${ownerOf(answers)}/gitops-coordinator/${answers.ref}/schemas`;
}

/** A clone of gitops-coordinator itself: its workflow uses the action that lies beside it. */
export async function holdsAction(directory: string): Promise<boolean> {
  const found = await stat(join(directory, 'actions', 'deploy', 'action.yml')).catch(() => undefined);
  return found?.isFile() ?? false;
}

/** In the environment's folder, a file of the project may bear the name of one of ours. */
function refuseClash(files: readonly DraftFile[], stack: string): void {
  const ours = ['environment.yml', 'known_hosts', '.gitignore'].map((name) =>
    posix.join(posix.dirname(`${stack}/x`), name),
  );
  const clash = files.find(({ path }) => ours.includes(path) && /^environments\/[^/]+\/[^/]+$/.test(path));
  if (!clash) return;
  throw new GitopsError('input', {
    attempted: `copy the project to ${stack}`,
    seen: `it uses a file ${posix.basename(clash.path)}, which is a file of the environment`,
    remedy: 'give the project a folder of its own: --stack-folder app',
  });
}

function secretFiles(files: readonly DraftFile[], { environment }: InitAnswers): SecretFile[] {
  const taken = new Set<string>();
  return files
    .filter(({ content }) => content.length > 0)
    .map(({ path, content }) => ({
      path,
      secretName: freeName(secretName(path, environment), taken),
      endsWithLineBreak: content.at(-1) === 0x0a,
    }));
}

/** Letters, digits and `_`, not beginning with a digit. https://docs.github.com/actions/security-guides/using-secrets-in-github-actions */
function secretName(path: string, environment: string): string {
  const inFolder = path.slice(`environments/${environment}/`.length);
  return `FILE_${environment}_${inFolder.replace(/^\./, '')}`.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
}

function freeName(name: string, taken: Set<string>): string {
  let free = name;
  for (let number = 2; taken.has(free); number++) free = `${name}_${number}`;
  taken.add(free);
  return free;
}
