import { type Position, parseYamlFile, type YamlValue } from '@gitops/core';
import { expression } from './expression.ts';
import { DEFAULT_UNENCRYPTED_SUFFIX, type SopsRule } from './rule.ts';
import { RULE_KEYS } from './rule-keys.ts';
import { SopsError } from './sops-error.ts';

/** What `.sops.yaml` says of new files. */
export interface SopsConfig {
  /** Its path, relative to the root of the repository. */
  readonly file: string;
  readonly rules: readonly CreationRule[];
}

/** One of `creation_rules`. */
export interface CreationRule extends Position {
  /** What fits paths relative to the file's folder; every path if left out. */
  readonly pathRegex: string | undefined;
  /** `age1…`, each once. */
  readonly recipients: readonly string[];
  /** Kinds of keys that only the program `sops` can encrypt to: `PGP`, `key groups`. */
  readonly otherKeys: string | undefined;
  readonly rule: SopsRule;
}

const OTHER_KEYS = {
  key_groups: 'key groups',
  pgp: 'PGP',
  kms: 'AWS KMS',
  gcp_kms: 'GCP KMS',
  azure_keyvault: 'Azure Key Vault',
  hc_vault_transit_uri: 'HashiCorp Vault',
  hckms: 'Huawei Cloud KMS',
} as const;

/**
 * Reads a `.sops.yaml`.
 *
 * @throws SopsError `sops-damaged` with the place
 */
export function readSopsConfig(text: string, file: string): SopsConfig {
  const { findings, root } = parseYamlFile(file, text);
  const [fault] = findings;
  if (fault) throw invalid(fault.message, { line: fault.line ?? 1, column: fault.column ?? 1 }, file);
  const rules = root?.entries.get('creation_rules')?.items ?? [];
  return { file, rules: rules.map((rule) => readRule(rule, file)) };
}

function readRule(value: YamlValue, file: string): CreationRule {
  const { entries, position } = value;
  const pathRegex = entries.get('path_regex');
  if (pathRegex?.text) compile(pathRegex.text, pathRegex.position, file);
  const others = Object.entries(OTHER_KEYS).filter(([key]) => !isEmpty(entries.get(key)));
  return {
    ...position,
    pathRegex: pathRegex?.text || undefined,
    recipients: [...new Set(keysOf(entries.get('age')))],
    otherKeys: others.length === 0 ? undefined : others.map(([, name]) => name).join(' and '),
    rule: readEncryption(entries, file),
  };
}

function isEmpty(value: YamlValue | undefined): boolean {
  return value === undefined || (value.items.length === 0 && !value.text);
}

/** Separated by commas, or a list. */
function keysOf(value: YamlValue | undefined): readonly string[] {
  const texts = value?.text === undefined ? (value?.items.map(({ text }) => text ?? '') ?? []) : [value.text];
  return texts.flatMap((text) => text.split(',')).flatMap((key) => key.trim() || []);
}

function readEncryption(entries: YamlValue['entries'], file: string): SopsRule {
  const told = Object.entries(RULE_KEYS).flatMap(([name, key]) => {
    const value = entries.get(key);
    if (value?.text && key.endsWith('_regex')) compile(value.text, value.position, file);
    return value?.text ? [[name, value.text] as const] : [];
  });
  const macOnlyEncrypted = entries.get('mac_only_encrypted')?.scalar === true;
  if (told.length === 0) return { unencryptedSuffix: DEFAULT_UNENCRYPTED_SUFFIX, macOnlyEncrypted };
  return { ...Object.fromEntries(told), macOnlyEncrypted };
}

function compile(source: string, position: Position, file: string): void {
  try {
    expression(source);
  } catch (error) {
    const seen = error instanceof SopsError ? error.seen : 'the regular expression is none that can be read here';
    throw invalid(seen, position, file);
  }
}

function invalid(seen: string, position: Position, file: string): SopsError {
  return new SopsError('sops-damaged', { attempted: 'read', seen, remedy: 'correct the line', position }, file);
}

/**
 * The rule that `sops` would take for a path: the first one that fits. Both paths are relative to the repository's root.
 *
 * @throws SopsError `sops-damaged` with the place of a rule that could take too long for this path
 */
export function ruleFor({ file, rules }: SopsConfig, path: string): CreationRule | undefined {
  const folder = file.slice(0, file.lastIndexOf('/') + 1);
  const relative = path.startsWith(folder) ? path.slice(folder.length) : path;
  return rules.find((rule) => fits(rule, relative, file));
}

function fits({ pathRegex, line, column }: CreationRule, path: string, file: string): boolean {
  try {
    return pathRegex === undefined || expression(pathRegex).test(path);
  } catch (error) {
    throw error instanceof SopsError ? invalid(error.seen, { line, column }, file) : error;
  }
}
