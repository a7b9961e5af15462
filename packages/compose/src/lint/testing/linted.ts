import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DockerTarget, type Finding, parseYamlFile } from '@gitops/core';
import { parse } from 'yaml';
import type { ComposeProject } from '../../check/index.ts';
import type { StackOfEnvironment } from '../linted-stack.ts';

export const target: DockerTarget = {
  kind: 'docker',
  name: 'docker',
  host: 'docker.example.com',
  port: 22,
  user: 'gitops',
  stateDir: '/var/lib/gitops',
};

/** The project that a Compose file is. */
export async function projectOf(text: string, name = 'shop'): Promise<ComposeProject> {
  const folder = mkdtempSync(join(tmpdir(), 'lint-'));
  try {
    writeFileSync(join(folder, 'compose.yaml'), text);
    const json = execFileSync('docker', ['compose', '-p', name, '--profile', '*', 'config'], {
      cwd: folder,
      encoding: 'utf8',
    });
    const yaml = parseYamlFile(`${name}/compose.yaml`, text);
    return {
      name,
      model: parse(json.replaceAll(`${folder}/`, `${name}/`)),
      placeOf: (path) => {
        for (let length = path.length; length > 0; length--) {
          const value = yaml.root?.at(path.slice(0, length));
          if (value) return { file: yaml.file, ...(value.scalar === undefined ? value.keyPosition : value.position) };
        }
        return { file: yaml.file, line: 1, column: 1 };
      },
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
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
