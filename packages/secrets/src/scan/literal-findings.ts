import { type Finding, parseYamlFile } from '@gitops/core';
import { secretFinding } from '../rules.ts';
import { secretDefaults } from './default-value.ts';
import type { Entry } from './entry.ts';
import { isSample, isYamlFile } from './file-names.ts';
import { lineEntries } from './line-entries.ts';
import { isSecretLiteral } from './literal.ts';
import type { TextFile } from './scanned-file.ts';
import { urlPasswords } from './url-password.ts';
import { yamlEntries } from './yaml-entries.ts';

/** A part that every telling name has. A file without any need not be parsed. */
const CLUE = /pass|pwd|pw\b|psk|secret|token|credential|key|pat\b|pin\b|salt|pepper|dsn|auth|cookie|seed/i;
const ENCRYPT = "put it into the environment's encrypted secrets and write a variable here that names it";
const HISTORY = 'where it is in use, change it too, since the history of git keeps this one';

/** Values in clear under names that tell of secrets, passwords in addresses, and defaults that are secrets. */
export function literalFindings(file: TextFile, isEnv: boolean): readonly Finding[] {
  const urls = urlFindings(file);
  const taken = new Set(urls.map(({ line }) => line));
  const defaults = readsVariables(file.path, isEnv) ? defaultFindings(file) : [];
  const entries = entriesOf(file, isEnv).filter(({ name, value }) => isSecretLiteral(name, value));
  const literals = entries.filter(({ at }) => !taken.has(at.line)).map((entry) => literalFinding(file.path, entry));
  return [...urls, ...defaults, ...literals];
}

function entriesOf(file: TextFile, isEnv: boolean): readonly Entry[] {
  if (!CLUE.test(file.text) || isSample(file.path)) return [];
  if (isEnv) return lineEntries(file.text);
  if (!isYamlFile(file.path)) return [];
  const yaml = file.yaml ?? parseYamlFile(file.path, file.text);
  return yaml.root ? yamlEntries(yaml) : lineEntries(file.text);
}

/** Where `${NAME:-value}` is a variable with a default. */
function readsVariables(path: string, isEnv: boolean): boolean {
  return isEnv || isYamlFile(path) || /(?:\.(?:sh|bash|envsubst|conf|toml)|(?:^|\/)Caddyfile|Dockerfile)$/i.test(path);
}

function literalFinding(file: string, { name, at }: Entry): Finding {
  const message = `\`${name}\` has its value written here in clear`;
  return secretFinding('secret/literal', { file, ...at }, message, `${ENCRYPT}; ${HISTORY}`);
}

function urlFindings(file: TextFile): readonly Finding[] {
  return urlPasswords(file.text).map(({ offset, scheme }) => {
    const message = `an address \`${scheme}://…\` has its password written here in clear`;
    return secretFinding('secret/literal', place(file, offset), message, `${ENCRYPT}; ${HISTORY}`);
  });
}

function defaultFindings(file: TextFile): readonly Finding[] {
  return secretDefaults(file.text).map(({ name, offset }) => {
    const message = `\`${name}\` has a secret as its default, which is taken wherever nobody sets it`;
    const remedy = `write \`\${${name}:?}\`, so that a missing value stops the deployment, and keep the value in the encrypted secrets; ${HISTORY}`;
    return secretFinding('secret/default-value', place(file, offset), message, remedy);
  });
}

function place(file: TextFile, offset: number) {
  return { file: file.path, ...file.positionAt(offset) };
}
