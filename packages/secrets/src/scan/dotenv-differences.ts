import type { Finding } from '@gitops/core';
import { secretFinding } from '../rules.ts';
import { inspectSops } from '../sops/inspect.ts';

/** A dotenv file of SOPS, and what it says. */
export interface DecryptedDotenv {
  /** The path of the encrypted file. */
  readonly file: string;
  readonly encrypted: string;
  /** What `sops --decrypt` writes. */
  readonly decrypted: string;
}

/** Reads a dotenv text as Compose does. */
export type ReadDotenv = (text: string) => Readonly<Record<string, string | undefined>>;

/**
 * Variables that Compose reads differently from what SOPS holds, each at its line in the encrypted file. Where only
 * quotes around the whole value fall away, that is most likely meant, and an info.
 */
export function dotenvDifferences(dotenv: DecryptedDotenv, readAsCompose: ReadDotenv): readonly Finding[] {
  const seen = readAsCompose(dotenv.decrypted);
  const leaves = inspectSops(dotenv.encrypted).leaves.filter(({ isComment }) => !isComment);
  const lines = new Map(leaves.map(({ path, line }) => [String(path[0]), line]));
  return valuesOf(dotenv.decrypted).flatMap(({ name, value }) => {
    const read = Object.hasOwn(seen, name) ? seen[name] : undefined;
    if (read === value.replaceAll('\\n', '\n')) return [];
    const { why, remedy, isMeant } = explain(value, read);
    const message = `Compose reads the value of \`${name}\` differently from what is written: ${why}`;
    const place = { file: dotenv.file, line: lines.get(name) ?? 1 };
    const finding = secretFinding('secret/compose-reads-differently', place, message, remedy);
    return [isMeant ? { ...finding, severity: 'info' } : finding];
  });
}

/** As SOPS writes them: one a line, nothing quoted, nothing trimmed. The last of a name counts. */
function valuesOf(text: string): readonly { readonly name: string; readonly value: string }[] {
  const entries = text.split('\n').flatMap((line): [string, string][] => {
    const equals = line.indexOf('=');
    return line.startsWith('#') || equals === -1 ? [] : [[line.slice(0, equals), line.slice(equals + 1)]];
  });
  return [...new Map(entries)].map(([name, value]) => ({ name, value }));
}

interface Reason {
  readonly why: string;
  readonly remedy: string;
  readonly isMeant?: true;
}

const QUOTE = 'put the value in single quotes, or in double ones with `\\` before what Compose would take for its own';

function explain(value: string, read: string | undefined): Reason {
  const [, , inside] = /^(["'])([\s\S]*)\1$/.exec(value) ?? [];
  if (inside !== undefined && inside === read) {
    return { why: 'the quotes around it fall away', remedy: 'nothing to do, if they are no part of it', isMeant: true };
  }
  const reason = REASONS.find(({ holds }) => holds(value));
  return reason ?? { why: 'its quotes or escapes are read', remedy: QUOTE };
}

const REASONS: readonly (Reason & { holds(value: string): boolean })[] = [
  {
    holds: (value) => value.endsWith('\r'),
    why: 'the line ends in a carriage return',
    remedy: 'write the file with line ends of Unix (`dos2unix`) and encrypt it again',
  },
  { holds: (value) => value.includes('$'), why: '`$` begins a variable', remedy: QUOTE },
  { holds: (value) => /(?:^|\s)#/.test(value), why: '` #` begins a comment', remedy: QUOTE },
  { holds: (value) => value !== value.trim(), why: 'blanks at its ends fall away', remedy: QUOTE },
  {
    holds: (value) => value.includes('\\n'),
    why: '`\\n` stays as it is, and is a new line for SOPS',
    remedy: 'put the value in double quotes, in which Compose reads `\\n` as a new line',
  },
];
