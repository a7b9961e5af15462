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
import { type Registries, resolveRegistries, withoutPasswords } from './registries.ts';

/** Docker Compose, as the engine uses it. */
export const composeProvider: Provider = { load, diff, compile, obstacles };

async function load(view: RepositoryView, scope: Scope): Promise<Loaded> {
  const loaded = await Promise.all(scope.stacks.map(({ name, folder }) => loadStack(view, name, folder)));
  const registries = await registriesOf(view, scope, loaded);
  const findings = [...loaded.flatMap((each) => each.findings), ...registries.findings];
  const secrets = [...loaded.flatMap(({ stack }) => secretValues(stack?.variables ?? {})), ...registries.secrets];
  const failed = findings.some(({ severity }) => severity === 'error');
  if (failed) return { findings, secrets };
  return { findings, secrets, declared: { ...declare(loaded, scope), registries: registries.logins } };
}

/** The variables of a registry may be those of a stack on another target of the environment. */
async function registriesOf(view: RepositoryView, scope: Scope, loaded: readonly LoadedStack[]): Promise<Registries> {
  const { registries = [], stacks } = scope.environment;
  if (registries.length === 0) return { logins: [], findings: [], secrets: [] };
  const others = stacks.filter((stack) => !scope.stacks.includes(stack));
  const elsewhere = await Promise.all(others.map(({ name, folder }) => loadStack(view, name, folder)));
  return resolveRegistries(
    registries,
    [...loaded, ...elsewhere].flatMap(({ stack }) => stack ?? []),
  );
}

function declare(loaded: readonly LoadedStack[], { environment, target, stacks: specs }: Scope): Declared {
  const files = loaded.flatMap(({ stack }) => stack ?? []);
  const envFiles = files.flatMap(({ envFile }) => envFile ?? []);
  const all = eachOnce(files.flatMap((stack) => stack.upload));
  const upload = withoutPasswords(all, envFiles, environment.registries ?? []);
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
