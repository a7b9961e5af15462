import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { checkBundleStarts } from './bundle-start.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');
const maxBundleBytes = 2 * 1024 * 1024;
/** What a bundle may consist of. `package.json` says `type: module`, so that the bundle runs wherever it is copied to. */
const bundleFiles = ['index.js', 'licenses.txt', 'package.json'];
/** ssh2's Windows agent, which the bundler copies along for the sake of a path in the source. */
const strayFile = /^pagent\.exe$|\.node$/;

/** A bundle that can't be shipped, with what to do about it. */
class UnfitBundle extends Error {
  override readonly name = 'UnfitBundle';
}

/** Compiles every package and bundles each action, and the command line if there is one. */
async function build(): Promise<void> {
  await compile();
  const actions = await buildableActions();
  await Promise.all([...actions.map(bundleAction), bundleCommandLine()]);
}

async function compile(): Promise<void> {
  const projects = [...(await directoriesIn('packages')), ...(await directoriesIn('actions'))];
  await runTool('typescript/bin/tsc', ['-b', ...projects]);
}

/** A directory without `action.yml` is not an action yet. */
async function buildableActions(): Promise<string[]> {
  return (await directoriesIn('actions')).filter((action) => existsSync(join(action, 'action.yml')));
}

async function directoriesIn(parent: string): Promise<string[]> {
  const entries = await readdir(join(root, parent), { withFileTypes: true });
  const directories = entries.filter((entry) => entry.isDirectory()).map((entry) => join(root, parent, entry.name));
  return directories.filter((directory) => existsSync(join(directory, 'tsconfig.json'))).sort();
}

async function bundleAction(action: string): Promise<void> {
  const output = join(action, 'dist');
  const fresh = join(action, 'lib', 'dist');
  await bundle(join(action, 'lib', 'index.js'), fresh);
  await checkBundleStarts(join(fresh, 'index.js'));
  if (await hasPostStep(action)) await writeFile(join(fresh, 'post.js'), postEntry);
  await rm(output, { recursive: true, force: true });
  await rename(fresh, output);
  await report(join(output, 'index.js'));
}

/** The post step is the same bundle, told what it is in a way that no job can. */
const postEntry = "globalThis.gitopsStep = 'post';\nawait import('./index.js');\n";

async function hasPostStep(action: string): Promise<boolean> {
  return /^ {2}post: dist\/post\.js$/m.test(await readFile(join(action, 'action.yml'), 'utf8'));
}

/** One file that runs anywhere, so it is bundled aside and only the file itself is kept. */
async function bundleCommandLine(): Promise<void> {
  const entry = join(root, 'packages', 'cli', 'lib', 'main.js');
  if (!existsSync(entry)) return;
  const output = await mkdtemp(join(tmpdir(), 'gitops-build-'));
  const target = join(root, 'dist', 'gitops.mjs');
  try {
    await bundle(entry, output);
    await mkdir(join(root, 'dist'), { recursive: true });
    await copyFile(join(output, 'index.js'), target);
    await copyFile(join(output, 'licenses.txt'), join(root, 'dist', 'licenses.txt'));
  } finally {
    await rm(output, { recursive: true, force: true });
  }
  await chmod(target, 0o755);
  await run(process.execPath, [target, '--help'], { cwd: tmpdir() });
  await report(target);
}

/** Without the cache, which is keyed by path, the output depends on the sources and the versions alone. */
async function bundle(entry: string, output: string): Promise<void> {
  await rm(output, { recursive: true, force: true });
  const options = ['--minify', '--no-cache', '--license', 'licenses.txt', '--quiet'];
  await runTool('@vercel/ncc/dist/ncc/cli.js', ['build', entry, '-o', output, ...options]);
  for (const file of await readdir(output)) if (strayFile.test(file)) await rm(join(output, file));
  await checkFiles(output);
}

async function checkFiles(output: string): Promise<void> {
  const unexpected = (await readdir(output, { recursive: true })).filter((file) => !bundleFiles.includes(file));
  if (unexpected.length > 0) throw new UnfitBundle(`${output} has ${unexpected.join(', ')}. ${chunkRemedy}`);
  const { size } = await stat(join(output, 'index.js'));
  if (size > maxBundleBytes)
    throw new UnfitBundle(`${output}/index.js has ${size} bytes of ${maxBundleBytes} allowed.`);
}

/** The bundler leaves chunks unminified, repeats modules in them and loses licenses. */
const chunkRemedy =
  'If it is a chunk, write import(/* webpackMode: "eager" */ \'…\'): that stays in the one file and still loads when needed.';

async function report(bundleFile: string): Promise<void> {
  const { size } = await stat(bundleFile);
  console.log(`${bundleFile.slice(root.length + 1)} ${Math.round(size / 1024)} KB`);
}

/** The tools say themselves what is wrong; they quiet down by their own options. */
async function runTool(script: string, args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [join(root, 'node_modules', script), ...args], { cwd: root, stdio: 'inherit' });
  const [exitCode] = await once(child, 'exit');
  if (exitCode !== 0) throw new Error(`${script} failed`);
}

await build();
