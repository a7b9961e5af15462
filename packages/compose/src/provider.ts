import {
  type Declared,
  digest,
  type Environment,
  type Loaded,
  type Provider,
  type RepositoryView,
  secretValues,
} from '@gitops/core';
import { compile } from './compile.ts';
import { diff } from './diff.ts';
import { type DeclaredStack, loadStack } from './load/index.ts';
import { fileDigest } from './object-digest.ts';

/** Docker Compose, as the engine uses it. */
export const composeProvider: Provider = { load, diff, compile };

async function load(view: RepositoryView, environment: Environment): Promise<Loaded> {
  const { stack, findings } = await loadStack(view, environment.stack.folder);
  const failed = stack === undefined || findings.some(({ severity }) => severity === 'error');
  const secrets = secretValues(stack?.variables ?? {});
  return failed ? { findings, secrets } : { findings, secrets, declared: declare(stack, environment) };
}

function declare(stack: DeclaredStack, environment: Environment): Declared {
  const { folder, files, envFile, upload, services, positions } = stack;
  const { health, target, stack: spec } = environment;
  const contents = upload.map((file) => [file.path, fileDigest(file)]);
  return {
    folder,
    composeFiles: files,
    upload,
    services,
    positionOf: positions,
    ...(envFile !== undefined && { envFile }),
    inputsDigest: digest({ contents, files, health, target, spec }),
  };
}
