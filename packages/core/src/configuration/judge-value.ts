import * as v from 'valibot';
import { environmentSchema, gitopsSchema, NAME } from './schema.ts';

/** Values of the two files that a person is asked for one by one. */
export type AskedValue = 'name' | 'environment' | 'host' | 'port' | 'user' | 'stateDir' | 'project';

/** Why a value cannot stand in `gitops.yml` or `environment.yml`, as what to write instead; `undefined` if it can. */
export function problemWith(what: AskedValue, value: string): string | undefined {
  switch (what) {
    case 'name':
    case 'environment':
      return NAME.test(value) ? undefined : firstIssue(gitopsSchema, { apiVersion: 'gitops/v1', name: value });
    case 'project':
      return NAME.test(value) ? undefined : firstIssue(environmentSchema, withStack(value));
    default:
      return firstIssue(
        environmentSchema,
        withTarget({ [what]: what === 'port' ? Number(value || Number.NaN) : value }),
      );
  }
}

function firstIssue(schema: v.GenericSchema, input: unknown): string | undefined {
  return v.safeParse(schema, input).issues?.[0].message;
}

function withTarget(values: Readonly<Record<string, string | number>>) {
  const target = { kind: 'docker', host: 'docker.example.com', user: 'gitops', ...values };
  return { apiVersion: 'gitops/v1', targets: { docker: target } };
}

function withStack(name: string) {
  return { ...withTarget({}), stacks: [{ name }] };
}
