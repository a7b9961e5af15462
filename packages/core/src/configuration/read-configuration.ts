import * as v from 'valibot';
import type { Finding } from '../model.ts';
import { explainIssue } from './explain-issue.ts';
import { environmentSchema, gitopsSchema } from './schema.ts';
import { parseYamlFile, type YamlFile } from './yaml-file.ts';

/** What `gitops.yml` says. */
export type GitopsFile = v.InferOutput<typeof gitopsSchema>;

/** What `environment.yml` says, with defaults filled in. */
export type EnvironmentFile = v.InferOutput<typeof environmentSchema>;

/** A file that was read: its value, or findings that say why there is none. */
export interface Read<Value> {
  readonly source: YamlFile;
  readonly value?: Value;
  readonly findings: readonly Finding[];
}

/** Reads the text of `gitops.yml`. */
export function readGitopsFile(file: string, text: string): Read<GitopsFile> {
  return read(gitopsSchema, parseYamlFile(file, text));
}

/** Reads the text of an `environment.yml`. */
export function readEnvironmentFile(file: string, text: string): Read<EnvironmentFile> {
  return read(environmentSchema, parseYamlFile(file, text));
}

function read<Value>(schema: v.GenericSchema<unknown, Value>, source: YamlFile): Read<Value> {
  if (!source.root) return { source, findings: source.findings };
  const result = v.safeParse(schema, source.data);
  const findings = [...source.findings, ...(result.issues ?? []).map((issue) => explainIssue(source, issue))];
  return result.success && findings.length === 0 ? { source, value: result.output, findings } : { source, findings };
}
