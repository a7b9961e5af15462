import { readFileSync, writeFileSync } from 'node:fs';

/** Each program and the files it is made of, in order. */
export const PROGRAM_FILES = {
  adopt: ['state', 'adopt'],
  alias: ['state', 'audit', 'alias'],
  begin: ['state', 'audit', 'launch', 'begin'],
  check: ['state', 'folders', 'check'],
  follow: ['state', 'follow'],
  hash: ['state', 'hash'],
  history: ['state', 'history'],
  hold: ['state', 'audit', 'hold'],
  images: ['state', 'images'],
  inventory: ['state', 'inventory'],
  keeper: ['state', 'audit', 'lease'],
  logs: ['state', 'logs'],
  look: ['state', 'look'],
  manifest: ['state', 'login', 'manifest'],
  observe: ['state', 'observe'],
  order: ['state', 'audit', 'processes', 'order'],
  preflight: ['state', 'folders', 'preflight'],
  prune: ['state', 'prune'],
  pull: ['state', 'login', 'pull'],
  recall: ['state', 'recall'],
  recover: ['state', 'audit', 'launch', 'processes', 'recover'],
  settle: ['state', 'processes', 'settle'],
  stage: ['state', 'folders', 'stage'],
  supervise: ['state', 'audit', 'steps', 'data', 'processes', 'go-back', 'supervise'],
  trail: ['state', 'trail'],
  unlock: ['state', 'audit', 'unlock'],
} as const;

const folder = new URL('../packages/host/src/program/', import.meta.url);

/** The host's programs as one TypeScript module, so that a bundle carries them. */
export function programsModule(): string {
  const entries = Object.entries(PROGRAM_FILES).map(
    ([name, files]) => `  ${name}: ${JSON.stringify(programText(files))},\n`,
  );
  const head = '// Made from program/*.sh by `pnpm generate`; not to be edited.\n\n';
  return `${head}/** The programs that run on a host, by name. */\nexport const PROGRAMS = {\n${entries.join('')}} as const;\n`;
}

function programText(files: readonly string[]): string {
  return files.map((file) => withoutComments(readFileSync(new URL(`${file}.sh`, folder), 'utf8'))).join('');
}

/** Comments are for readers of the source; on the host they would only make every call longer. */
function withoutComments(text: string): string {
  return text
    .replace(/^\s*#.*\n/gm, '')
    .replace(/^\s*\n/gm, '')
    .replace(/^ +/gm, '');
}

export const PROGRAMS_FILE: URL = new URL('../packages/host/src/programs.generated.ts', import.meta.url);

if (import.meta.main) writeFileSync(PROGRAMS_FILE, programsModule());
