import type { DockerTarget, Finding, RepositoryView } from '@gitops/core';
import { type ComposeProject, checkStack } from '../../check/index.ts';
import type { StackOfEnvironment } from '../linted-stack.ts';

export const target: DockerTarget = {
  kind: 'docker',
  name: 'docker',
  host: 'docker.example.com',
  port: 22,
  user: 'gitops',
  stateDir: '/var/lib/gitops',
};

/** The project that a Compose file alone is. Throws if Compose would not take it. */
export async function projectOf(text: string, name = 'shop'): Promise<ComposeProject> {
  const { project, findings } = await checkStack(repositoryWith(`${name}/compose.yaml`, text), name, name);
  if (!project || findings.some(({ rule, severity }) => severity === 'error' && rule !== 'compose/missing-file')) {
    throw new Error(`no project: ${lines(findings).join('; ')}`);
  }
  return project;
}

/** A repository with one file. */
function repositoryWith(file: string, text: string): RepositoryView {
  return {
    root: '/',
    prefix: '',
    commit: '',
    ancestors: [],
    uncommitted: [],
    paths: async (folder) => (file.startsWith(`${folder}/`) ? [file] : []),
    list: async (folder) => (file.startsWith(`${folder}/`) ? [{ path: file, executable: false }] : []),
    stat: async (path) => (path === file ? 'file' : undefined),
    read: async () => Buffer.from(text),
    isExecutable: async () => false,
  };
}

/** A stack with the parts that a test is about. */
export async function stackOf(
  text: string,
  said: Partial<StackOfEnvironment> = {},
  name = 'shop',
): Promise<StackOfEnvironment> {
  const project = await projectOf(text, name);
  return { project, spec: { name, folder: name, target: 'docker' }, target, environment: 'production', ...said };
}

/** Findings in one line each: `4:5 compose/rule message → remedy`. */
export function lines(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ line, column, rule, message, remedy }) => `${line}:${column} ${rule} ${message} → ${remedy}`);
}

/** The findings of one rule alone. */
export function linesOf(rule: string, findings: readonly Finding[]): readonly string[] {
  return lines(findings.filter((finding) => finding.rule === rule));
}
