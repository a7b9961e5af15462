import {
  type Declared,
  digest,
  type Loaded,
  type Provider,
  type RepositoryView,
  type Scope,
  type StackSource,
  secretValues,
  type UploadedFile,
} from '@gitops/core';
import { compile } from './compile.ts';
import { diff } from './diff.ts';
import { type LoadedStack, loadStack } from './load/index.ts';
import { fileDigest } from './object-digest.ts';
import { obstacles } from './obstacles.ts';

/** Docker Compose, as the engine uses it. */
export const composeProvider: Provider = { load, diff, compile, obstacles };

async function load(view: RepositoryView, scope: Scope): Promise<Loaded> {
  const loaded = await Promise.all(scope.stacks.map(({ name, folder }) => loadStack(view, name, folder)));
  const findings = loaded.flatMap((each) => each.findings);
  const secrets = loaded.flatMap(({ stack }) => secretValues(stack?.variables ?? {}));
  const failed = findings.some(({ severity }) => severity === 'error');
  return failed ? { findings, secrets } : { findings, secrets, declared: declare(loaded, scope) };
}

function declare(loaded: readonly LoadedStack[], { environment, target, stacks: specs }: Scope): Declared {
  const files = loaded.flatMap(({ stack }) => stack ?? []);
  const upload = eachOnce(files.flatMap((stack) => stack.upload));
  const stacks = files.map(({ name, folder, files: composeFiles, envFile, services, positions }): StackSource => {
    return { name, folder, composeFiles, services, positionOf: positions, ...(envFile !== undefined && { envFile }) };
  });
  const contents = upload.map((file) => [file.path, fileDigest(file)]);
  const composeFiles = stacks.map((stack) => stack.composeFiles);
  const { health } = environment;
  return { stacks, upload, inputsDigest: digest({ contents, composeFiles, health, target, specs }) };
}

/** Stacks may share files. */
function eachOnce(upload: readonly UploadedFile[]): readonly UploadedFile[] {
  const byPath = new Map(upload.map((file) => [file.path, file]));
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
