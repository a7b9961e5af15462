import { type Finding, suggestion } from '@gitops/core';
import type { ComposeProject } from '../check/index.ts';
import { UNKNOWN_VALUE } from '../load/interpolation.ts';
import { found, type ModelPath } from './found.ts';
import { ROLES, servicesOf } from './services.ts';

const KNOWN = ['role'];
const RESERVED = ['onChange', 'canary'];

/** `x-gitops` of services, which is read strictly when a stack is rendered. */
export function extensionFindings(project: ComposeProject): readonly Finding[] {
  return servicesOf(project).flatMap(({ name, service }) =>
    Object.hasOwn(service, 'x-gitops') ? extensionFinding(project, name, service['x-gitops']) : [],
  );
}

function extensionFinding(project: ComposeProject, name: string, extension: unknown): readonly Finding[] {
  const path = ['services', name, 'x-gitops'];
  const of = `\`x-gitops\` of \`${name}\``;
  if (typeof extension !== 'object' || extension === null || Array.isArray(extension)) {
    return [refused(project, path, `${of} is no mapping`, 'write `x-gitops: { role: job }`, or remove it')];
  }
  return Object.entries(extension).flatMap(([key, value]) =>
    key === 'role' ? roleFinding(project, name, value) : [unknownKey(project, [...path, key], of, key)],
  );
}

function unknownKey(project: ComposeProject, path: ModelPath, of: string, key: string): Finding {
  return RESERVED.includes(key)
    ? refused(project, path, `\`${key}\` in ${of} is reserved, not supported yet`, 'remove it')
    : refused(project, path, `${of} has the unknown key \`${key}\``, suggestion(key, KNOWN));
}

function roleFinding(project: ComposeProject, name: string, role: unknown): readonly Finding[] {
  const said = typeof role === 'string' ? role : JSON.stringify(role);
  if (ROLES.some((each) => each === role) || said?.includes(UNKNOWN_VALUE)) return [];
  const message = `the role of \`${name}\` is \`${said}\`, which is none`;
  return [refused(project, ['services', name, 'x-gitops', 'role'], message, suggestion(said ?? '', ROLES))];
}

function refused(project: ComposeProject, path: ModelPath, message: string, remedy: string): Finding {
  return found('compose/x-gitops', project, path, message, remedy);
}
