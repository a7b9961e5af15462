import type { Finding, YamlFile, YamlValue } from '@gitops/core';
import type { Dotenv } from './dotenv.ts';
import { type InterpolationFault, interpolate, type Variables } from './interpolation.ts';

/**
 * Variables of a Compose file that have no value. Compose would only warn and go on with an empty text; and nothing
 * is ever taken from the environment of the runner or of the SSH session.
 */
export function variableFindings(yaml: YamlFile, variables: Variables, envFile: string): Finding[] {
  // A backslash may be that of an escape for a dollar sign.
  if (!/[$\\]/.test(yaml.text)) return [];
  return yaml.texts('!reset').flatMap((value) => {
    const { faults } = interpolate(value.text ?? '', variables);
    return locate(yaml, value, faults).map(({ fault, offset }) => ({
      severity: 'error',
      file: yaml.file,
      ...yaml.positionAt(offset),
      ...explain(fault, envFile),
    }));
  });
}

/** Secrets and configs out of variables without a value: Compose would find out while it makes their containers. */
export function sourceFindings(yaml: YamlFile, root: YamlValue, variables: Variables, envFile: string): Finding[] {
  const entries = ['secrets', 'configs'].flatMap((section) => [...(root.get(section)?.entries ?? [])]);
  return entries.flatMap(([, entry]) => {
    const source = entry.get('environment');
    const { text: name } = interpolate(source?.text ?? '', variables);
    if (!source || name === '' || Object.hasOwn(variables, name)) return [];
    const message = `variable \`${name}\` is not set`;
    const place = { file: yaml.file, ...yaml.positionAt(source.extent[0]) };
    return [
      { severity: 'error', ...place, rule: 'compose/unset-variable', message, remedy: `set \`${name}\` in ${envFile}` },
    ];
  });
}

interface Located {
  readonly fault: InterpolationFault;
  readonly offset: number;
}

/** Finds each fault in the file's own text, where escapes and folded lines may have been other characters. */
function locate(yaml: YamlFile, value: YamlValue, faults: readonly InterpolationFault[]): Located[] {
  const [start, end] = value.extent;
  const written = yaml.text.slice(start, end);
  const next = new Map<string, number>();
  return faults.map((fault) => {
    const at = written.indexOf(fault.written, next.get(fault.written) ?? 0);
    if (at === -1) return { fault, offset: start };
    next.set(fault.written, at + fault.written.length);
    return { fault, offset: start + at };
  });
}

function explain(fault: InterpolationFault, envFile: string): Pick<Finding, 'rule' | 'message' | 'remedy'> {
  const { kind, name, reason } = fault;
  const set = `set \`${name}\` in ${envFile}`;
  if (kind === 'invalid') {
    const message = `\`${shorten(name)}\` is no variable that Compose can read`;
    return { rule: 'compose/invalid-variable', message, remedy: 'write the name in braces, or `$$` for a dollar sign' };
  }
  if (kind === 'overlong') {
    const message = `\`${shorten(name)}\` comes to more than 1 MiB, or is nested too deep, once its variables are filled in`;
    return { rule: 'compose/invalid-variable', message, remedy: 'put long values into files' };
  }
  if (kind === 'unset') {
    const message = `variable \`${name}\` is not set`;
    return {
      rule: 'compose/unset-variable',
      message,
      remedy: `${set} (docs/secrets.md if git ignores it), or write a default: \`\${${name}:-…}\``,
    };
  }
  const message = `variable \`${name}\` is required${reason ? `: ${reason}` : ''}`;
  return { rule: 'compose/unset-variable', message, remedy: set };
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

/** A `.env` file that was not read to its end. */
export function overlongFindings(file: string, { isOverlong }: Dotenv): Finding[] {
  const message = 'the variables come to more than 2 MiB once they are filled in';
  const remedy = 'put long values into files';
  return isOverlong ? [{ rule: 'compose/invalid-variable', severity: 'error', file, message, remedy }] : [];
}
