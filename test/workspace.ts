import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';

const root = join(import.meta.dirname, '..');
const dependenciesSchema = v.optional(v.record(v.string(), v.string()), {});
const manifestSchema = v.object({
  name: v.string(),
  dependencies: dependenciesSchema,
  devDependencies: dependenciesSchema,
});

/** A package of this workspace: `directory` is its path, and `''` is the root. */
export interface WorkspacePackage extends v.InferOutput<typeof manifestSchema> {
  readonly directory: string;
}

/** The root and everything in packages/ and actions/. */
export async function workspacePackages(): Promise<readonly WorkspacePackage[]> {
  const directories = ['', ...(await children('packages')), ...(await children('actions'))];
  return Promise.all(directories.map(readPackage));
}

/** The TypeScript sources of a package without its tests, by path from the repository's root. */
export async function sourceFiles(workspacePackage: WorkspacePackage): Promise<ReadonlyMap<string, string>> {
  const source = join(workspacePackage.directory, 'src');
  const files = (await readdir(join(root, source), { recursive: true })).map((file) => join(source, file));
  const production = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  const texts = await Promise.all(production.map((file) => readFile(join(root, file), 'utf8')));
  return new Map(production.map((file, index) => [file, texts[index] ?? '']));
}

async function children(parent: string): Promise<string[]> {
  const entries = await readdir(join(root, parent), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(parent, entry.name));
}

async function readPackage(directory: string): Promise<WorkspacePackage> {
  const manifest: unknown = JSON.parse(await readFile(join(root, directory, 'package.json'), 'utf8'));
  return { directory, ...v.parse(manifestSchema, manifest) };
}
