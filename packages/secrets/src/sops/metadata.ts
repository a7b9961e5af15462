import type { Position } from '@gitops/core';
import { expression } from './expression.ts';
import { DEFAULT_UNENCRYPTED_SUFFIX, type SopsRule } from './rule.ts';
import { RULE_KEYS } from './rule-keys.ts';
import { damaged, SopsError } from './sops-error.ts';
import { entry, entryOf, type SopsMap, type SopsNode, scalar } from './tree.ts';

/** A key that a SOPS file can be opened with. */
export interface AgeRecipient {
  /** Its public part: `age1…`. */
  readonly recipient: string;
  /** The data key, encrypted to it: an armored age file. */
  readonly encrypted: string;
  readonly line: number;
}

/** What SOPS notes in a file about the file. */
export interface SopsMetadata {
  readonly recipients: readonly AgeRecipient[];
  /** RFC 3339. */
  readonly lastModified: string;
  /** Encrypted. */
  readonly mac: string;
  readonly version: string;
  readonly rule: SopsRule;
  /** What else than age opens it: `PGP`, `AWS KMS`, `key groups`. */
  readonly otherKeys: string | undefined;
  /** The same if age can't open it at all, so that the program `sops` is needed. */
  readonly needsBinary: string | undefined;
}

const OTHER_KEYS = {
  pgp: 'PGP',
  kms: 'AWS KMS',
  gcp_kms: 'GCP KMS',
  azure_kv: 'Azure Key Vault',
  hc_vault: 'HashiCorp Vault',
  hckms: 'Huawei Cloud KMS',
} as const;

/** Reads the `sops` part of a file. Throws SopsError `sops-damaged`. */
export function readMetadata(map: SopsMap): SopsMetadata {
  const recipients = listOf(map, 'age').map(readRecipient);
  const otherKeys = otherKeysOf(map);
  if (recipients.length === 0 && otherKeys === undefined) throw damaged('it names no key that could open it');
  return {
    recipients,
    lastModified: required(map, 'lastmodified'),
    mac: required(map, 'mac'),
    version: textOf(map, 'version') ?? '',
    rule: readRule(map),
    otherKeys,
    needsBinary: recipients.length > 0 ? undefined : otherKeys,
  };
}

function otherKeysOf(map: SopsMap): string | undefined {
  if (listOf(map, 'key_groups').length > 0) return 'key groups';
  const kinds = Object.entries(OTHER_KEYS).filter(([key]) => listOf(map, key).length > 0);
  return kinds.length === 0 ? undefined : kinds.map(([, name]) => name).join(' and ');
}

function readRecipient(node: SopsNode): AgeRecipient {
  if (node.kind !== 'map') throw damaged('an entry of `age` is no map');
  const recipient = required(node, 'recipient');
  const encrypted = required(node, 'enc');
  return { recipient, encrypted, line: entryOf(node, 'recipient')?.at.line ?? 1 };
}

function readRule(map: SopsMap): SopsRule {
  const told = Object.entries(RULE_KEYS).flatMap(([name, key]) => {
    const text = textOf(map, key) ?? '';
    if (text !== '' && key.endsWith('_regex')) compile(text, entryOf(map, key)?.at);
    return text === '' ? [] : [[name, text] as const];
  });
  if (told.length > 1)
    throw damaged(`it has several rules of what is encrypted: ${told.map(([name]) => name).join(', ')}`);
  const macOnlyEncrypted = /^true$/i.test(textOf(map, 'mac_only_encrypted') ?? '');
  if (told.length === 0) return { unencryptedSuffix: DEFAULT_UNENCRYPTED_SUFFIX, macOnlyEncrypted };
  return { ...Object.fromEntries(told), macOnlyEncrypted };
}

function compile(source: string, at: Position | undefined): void {
  try {
    expression(source);
  } catch (error) {
    const seen = error instanceof SopsError ? error.seen : 'the regular expression is none that can be read here';
    throw damaged(seen, at, error);
  }
}

function listOf(map: SopsMap, key: string): readonly SopsNode[] {
  const node = entryOf(map, key)?.value;
  return node?.kind === 'list' ? node.items.filter((item) => item.kind !== 'comment') : [];
}

function textOf(map: SopsMap, key: string): string | undefined {
  const node = entryOf(map, key)?.value;
  return node?.kind === 'scalar' && node.type !== 'null' ? node.text : undefined;
}

function required(map: SopsMap, key: string): string {
  const found = entryOf(map, key);
  const text = textOf(map, key);
  if (text === undefined || text === '')
    throw damaged(`\`${key}\` of SOPS' own part is ${found ? 'empty' : 'missing'}`, found?.at);
  return text;
}

/** What SOPS notes in a new file, in its order. */
interface NewMetadata extends Pick<SopsMetadata, 'lastModified' | 'mac' | 'rule'> {
  readonly recipients: readonly Pick<AgeRecipient, 'recipient' | 'encrypted'>[];
}

/** The release of SOPS whose form new files have: since then keys are sorted. */
const VERSION = '3.13.1';

/** The `sops` part of a new file. */
export function writeMetadata({ recipients, lastModified, mac, rule }: NewMetadata): SopsMap {
  const items = recipients.map(({ recipient, encrypted }) => mapOf({ enc: encrypted, recipient }));
  const told = new Map<string, unknown>(Object.entries(rule));
  const rules = Object.entries(RULE_KEYS).map(([name, key]) => [key, told.get(name)] as const);
  const texts = { lastmodified: lastModified, mac, version: VERSION, ...Object.fromEntries(rules) };
  const only = rule.macOnlyEncrypted ? [entry('mac_only_encrypted', scalar('bool', 'True'))] : [];
  const entries = [entry('age', { kind: 'list', items }), ...mapOf(texts).entries, ...only];
  return { kind: 'map', entries: entries.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)) };
}

function keyOf(each: SopsMap['entries'][number]): string {
  return each.kind === 'entry' ? each.key : '';
}

/** The same metadata after its values were encrypted anew. */
export function renewMetadata(map: SopsMap, { lastModified, mac }: Pick<NewMetadata, 'lastModified' | 'mac'>): SopsMap {
  const renewed: Readonly<Record<string, string>> = { lastmodified: lastModified, mac };
  const entries = map.entries.map((each) => {
    const text = each.kind === 'entry' ? renewed[each.key] : undefined;
    return each.kind === 'entry' && text !== undefined ? { ...each, value: scalar('str', text) } : each;
  });
  return { ...map, entries };
}

/** The texts that are there. */
function mapOf(texts: Readonly<Record<string, unknown>>): SopsMap {
  const told = Object.entries(texts).flatMap(([key, text]) =>
    typeof text === 'string' ? [entry(key, scalar('str', text))] : [],
  );
  return { kind: 'map', entries: told };
}
