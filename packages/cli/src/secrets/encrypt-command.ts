import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { GitopsError } from '@gitops/core';
import { encryptSops, SopsError, type SopsFormat, type SopsTarget, sniffSops } from '@gitops/secrets';
import { EXIT_DONE } from '../exit-code.ts';
import type { Screen } from '../terminal-reporter.ts';
import { creationRule } from './creation-rule.ts';
import { gitFate } from './git-fate.ts';
import { naming, readSecretsFile, replaceFile } from './secrets-file.ts';

export interface EncryptOptions {
  readonly output?: string;
  readonly recipient?: readonly string[];
  readonly format?: SopsFormat;
  /** Writes over another file that is encrypted already. */
  readonly force?: boolean;
  readonly json?: boolean;
}

/** `gitops secrets encrypt`: to the recipients that are named, else to those of the first rule of `.sops.yaml` that fits. */
export async function encryptCommand(file: string, options: EncryptOptions, screen: Screen): Promise<number> {
  const content = await readSecretsFile(file);
  if (sniffSops(content.toString())) throw alreadyEncrypted(file);
  const output = options.output ?? file;
  if (!options.force) await refuseOverwriting(output);
  const format = options.format ?? formatOfName(basename(file));
  const target = await naming(output, () => targetOf(output, format, options));
  const encrypted = await naming(file, () => encryptSops(content, target));
  const wasTracked = output === file && (await gitFate(file)) === 'tracked';
  await replaceFile(output, encrypted);
  const { recipients } = target;
  if (options.json) screen.write(`${JSON.stringify({ file: output, format, recipients, wasTracked }, undefined, 2)}\n`);
  else screen.write(told(output, target, wasTracked));
  return EXIT_DONE;
}

/** In clear there may be nothing left of what is in it. */
async function refuseOverwriting(output: string): Promise<void> {
  const former = await readFile(output, 'utf8').catch(() => '');
  if (!sniffSops(former)) return;
  throw new GitopsError('input', {
    attempted: `write ${output}`,
    seen: 'an encrypted file is there already',
    remedy: 'name another output, change that file by `gitops secrets edit`, or write over it: `--force`',
  });
}

/** As `sops` goes by names, except that it does not know `.env.encrypted` and `.env.production`. */
export function formatOfName(name: string): SopsFormat {
  if (/^\.env(?:\.|$)|\.env$/.test(name)) return 'dotenv';
  if (/\.ya?ml$/.test(name)) return 'yaml';
  return name.endsWith('.json') ? 'json' : 'binary';
}

async function targetOf(output: string, format: SopsFormat, { recipient = [] }: EncryptOptions): Promise<SopsTarget> {
  const rule = await creationRule(output);
  const encryption = rule && { rule: rule.rule };
  if (recipient.length > 0) return { format, recipients: recipient, ...encryption };
  if (rule?.otherKeys) throw needsProgram(rule.otherKeys);
  return { format, recipients: rule?.recipients ?? [], ...encryption };
}

function told(output: string, { format, recipients }: SopsTarget, wasTracked: boolean): string {
  const count = recipients.length === 1 ? '1 recipient' : `${recipients.length} recipients`;
  const warning =
    'git already has this file: if it was committed in clear, change its secrets, since the history keeps them\n';
  return `${output}: encrypted as ${format} to ${count}\n${wasTracked ? warning : ''}`;
}

function alreadyEncrypted(file: string): SopsError {
  const remedy = 'change it by `gitops secrets edit`, its recipients by `sops updatekeys`';
  return new SopsError('sops-unsupported', { attempted: 'encrypt', seen: 'it is encrypted already', remedy }, file);
}

/** Leaving out a key that the rule names would lock somebody out. */
function needsProgram(kind: string): SopsError {
  return new SopsError('sops-unsupported', {
    attempted: 'encrypt',
    seen: `its rule in .sops.yaml names ${kind}, which only the program \`sops\` can encrypt to`,
    remedy: 'run `sops --encrypt --in-place` on it, or name recipients of age alone: `--recipient age1…`',
  });
}
