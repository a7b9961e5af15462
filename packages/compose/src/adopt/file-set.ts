import { parseRendered, type Rendered } from '../rendered.ts';
import type { FileSet } from './hand-made.ts';

/** Reads the parts `set N`, `rendered N`, `refusal N`, `hashes N` and `files N` of the program `adopt`. */
export function readFileSets(parts: ReadonlyMap<string, string>): readonly FileSet[] {
  const numbers = [...parts.keys()].flatMap((name) => /^set (\d+)$/.exec(name)?.[1] ?? []);
  return numbers.map((number) => readFileSet((name) => parts.get(`${name} ${number}`) ?? ''));
}

function readFileSet(part: (name: string) => string): FileSet {
  const [configFiles = '', workingDir = '', environmentFiles = ''] = part('set').trim().split('|');
  const [code, ...said] = part('refusal').trim().split('\n');
  const refusal = said.join('\n').trim();
  const read = code === '0' ? render(part('rendered')) : { refusal };
  return {
    configFiles: pathList(configFiles),
    workingDir,
    environmentFiles: pathList(environmentFiles),
    refusal,
    hashes: readHashes(part('hashes')),
    archive: Buffer.from(part('files'), 'base64'),
    ...read,
  };
}

/** What we can't read is reconstructed, as what Compose can't read is. */
function render(text: string): { rendered: Rendered } | { refusal: string } {
  try {
    return { rendered: parseRendered(text) };
  } catch (error) {
    return { refusal: error instanceof Error ? error.message : String(error) };
  }
}

function pathList(text: string): readonly string[] {
  return text.split(',').filter((path) => path !== '');
}

function readHashes(text: string): ReadonlyMap<string, string> {
  return new Map([...text.matchAll(/^(\S+) ([0-9a-f]{64})$/gm)].map(([, name = '', hash = '']) => [name, hash]));
}
