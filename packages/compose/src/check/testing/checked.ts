import type { RepositoryView } from '@gitops/core';
import { type CheckedStack, checkStack } from '../check-stack.ts';

type Files = Readonly<Record<string, string>>;

const STACK = 'shop';

/** A service with these lines, in a file of its own. */
export function one(lines: string): string {
  return `services:\n  web:\n    image: nginx:1.28\n${lines.replaceAll(/^/gm, '    ')}\n`;
}

/** A stack of these files, by path within its folder, or of one Compose file. */
export function check(files: Files | string): Promise<CheckedStack> {
  const all = typeof files === 'string' ? { 'compose.yaml': files } : files;
  return checkStack(viewOf(all), STACK, STACK);
}

/** Findings as `file:line:column rule message → remedy`, without those of folders that are not in git. */
export async function found(files: Files | string): Promise<readonly string[]> {
  const { findings } = await check(files);
  return findings
    .filter(({ rule }) => rule !== 'compose/missing-folder')
    .map((each) => {
      const file = each.file.slice(`${STACK}/`.length);
      return `${file}:${each.line}:${each.column} ${each.rule} ${each.message} → ${each.remedy}`;
    });
}

/** A repository in memory. */
function viewOf(files: Files): RepositoryView {
  const contents = new Map(Object.entries(files).map(([path, text]) => [`${STACK}/${path}`, Buffer.from(text)]));
  const below = (folder: string) => [...contents.keys()].filter((path) => path.startsWith(folder && `${folder}/`));
  return {
    root: '/repository',
    prefix: '',
    commit: '',
    ancestors: [],
    uncommitted: [],
    paths: async (folder) => below(folder),
    list: async (folder) => below(folder).map((path) => ({ path, executable: false })),
    stat: async (path) => (contents.has(path) ? 'file' : below(path).length > 0 ? 'folder' : undefined),
    read: async (path) => contents.get(path) ?? Buffer.of(),
    isExecutable: async () => false,
  };
}
