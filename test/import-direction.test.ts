import { expect, test } from 'vitest';
import { sourceFiles, type WorkspacePackage, workspacePackages } from './workspace.ts';

const scope = '@gitops/';
/** What each layer may import of ours. A package that is not named here is a provider: those never import each other. */
const layers: Readonly<Record<string, readonly string[]>> = {
  core: [],
  repository: ['core'],
  host: ['core'],
  secrets: ['core'],
  github: ['core', 'host', 'secrets'],
  operations: ['core', 'repository', 'host', 'secrets', 'compose'],
};
const providerLayer = ['core', 'host', 'secrets'];
const coreDependencies = ['valibot', 'yaml', 'fastest-levenshtein', 'p-map'];
/** Dependencies that belong to one package alone, so that there is one place to look for what they do. */
const owners: Readonly<Record<string, string>> = {
  '@actions/': 'github',
  ssh2: 'host',
  'tar-stream': 'host',
  'simple-git': 'repository',
  commander: 'cli',
  'age-encryption': 'secrets',
  '@secretlint/': 'secrets',
};
/** The domain does no I/O. */
const inputOutput = /^node:(fs|net|tls|dns|http|https|http2|dgram|child_process|os|process|readline|worker_threads)\b/;

const packages = (await workspacePackages()).filter(({ directory }) => directory !== '');

test.each(packages)('$directory depends only on layers below it', ({ directory, dependencies }) => {
  for (const dependency of Object.keys(dependencies)) {
    expect(isAllowed(directory, dependency), `${directory} depends on ${dependency}`).toBe(true);
  }
});

test.each(packages)('$directory imports only what its package.json names', async (workspacePackage) => {
  const undeclared = (await importsOf(workspacePackage)).filter(
    ({ specifier }) => !isDeclared(workspacePackage, specifier),
  );
  expect(undeclared).toEqual([]);
});

test('core does no input and output', async () => {
  const core = packages.filter(({ directory }) => directory === 'packages/core');
  const imports = (await Promise.all(core.map(importsOf))).flat();
  expect(imports.filter(({ specifier }) => inputOutput.test(specifier))).toEqual([]);
});

test('relative imports stay inside their package', async () => {
  for (const workspacePackage of packages) {
    const leaving = (await importsOf(workspacePackage)).filter(({ file, specifier }) => leaves(file, specifier));
    expect(leaving).toEqual([]);
  }
});

test('the scan finds every form of import', () => {
  const text = `import type { A } from 'a';\nimport {\n  B,\n} from "b";\nexport * from 'c';\nimport 'd';
    await import(/* webpackMode: "eager" */ 'e'); const text = "import 'x'";`;
  expect(specifiersIn(text)).toEqual(['a', 'b', 'c', 'd', 'e']);
});

function isAllowed(directory: string, dependency: string): boolean {
  const name = directory.replace('packages/', '');
  if (dependency.startsWith(scope)) return mayImport(name, dependency.slice(scope.length));
  if (name === 'core') return coreDependencies.includes(dependency);
  const owner = Object.entries(owners).find(([prefix]) => dependency.startsWith(prefix))?.[1];
  return owner === undefined || owner === name;
}

function mayImport(from: string, to: string): boolean {
  if (from === 'cli' || from.startsWith('actions/')) return to !== 'cli' && !to.startsWith('action-');
  if (from === 'operations') return !['cli', 'github', 'operations'].includes(to) && !to.startsWith('action-');
  return (layers[from] ?? providerLayer).includes(to);
}

function isDeclared({ name, dependencies }: WorkspacePackage, specifier: string): boolean {
  if (specifier.startsWith('.') || specifier.startsWith('node:')) return true;
  return Object.keys(dependencies).some((known) => known !== name && `${specifier}/`.startsWith(`${known}/`));
}

function leaves(file: string, specifier: string): boolean {
  if (!specifier.startsWith('.')) return false;
  const depthBelowSource = file.split('/').length - 4;
  return (specifier.match(/\.\.\//g) ?? []).length > depthBelowSource;
}

interface Import {
  readonly file: string;
  readonly specifier: string;
}

async function importsOf(workspacePackage: WorkspacePackage): Promise<Import[]> {
  const files = await sourceFiles(workspacePackage);
  return [...files].flatMap(([file, text]) => specifiersIn(text).map((specifier) => ({ file, specifier })));
}

/** TypeScript 7 has no parser to call; these are all the forms that our formatter leaves. */
function specifiersIn(text: string): string[] {
  const statement = /^(?:import|export)\b(?:[^'"`;]*?\bfrom)?\s*['"](?<name>[^'"]+)['"]/gm;
  const call = /\bimport\(\s*(?:\/\*.*?\*\/\s*)?['"](?<name>[^'"]+)['"]/g;
  return [...text.matchAll(statement), ...text.matchAll(call)].map(({ groups }) => groups?.['name'] ?? '');
}
