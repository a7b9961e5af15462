import type { Finding } from '@gitops/core';
import { secretFinding } from '../rules.ts';
import { shortRecipient } from '../sops/age/short-recipient.ts';
import { type CreationRule, ruleFor, type SopsConfig } from '../sops/sops-config.ts';
import { SopsError } from '../sops/sops-error.ts';
import type { OpenedFile } from './opened-file.ts';
import { badSopsConfig } from './sops-configs.ts';

/** Whether a file can be opened by the keys that `.sops.yaml` names for it, and by no other. */
export function recipientFindings(file: OpenedFile, config: SopsConfig): readonly Finding[] {
  try {
    return compared(file, config);
  } catch (error) {
    if (!(error instanceof SopsError)) throw error;
    return [badSopsConfig(config.file, error)];
  }
}

function compared(file: OpenedFile, config: SopsConfig): readonly Finding[] {
  const rule = ruleFor(config, file.path);
  if (!rule) return [noCreationRule(file, config)];
  // The keys of groups are none of the file's own, and are not compared.
  if (rule.otherKeys?.includes('key groups') || file.sops.needsBinary === 'key groups') return [];
  return [...missing(file, rule, config), ...extra(file, rule, config)];
}

function missing({ path, sops }: OpenedFile, rule: CreationRule, config: SopsConfig): readonly Finding[] {
  const actual = sops.recipients.map(({ recipient }) => recipient);
  const absent = rule.recipients.filter((recipient) => !actual.includes(recipient));
  return absent.map((recipient) => {
    const message = `${shortRecipient(recipient)} of ${config.file}, line ${rule.line}, cannot open this file`;
    const place = { file: path, line: sops.recipients[0]?.line ?? 1 };
    return secretFinding('secret/missing-recipient', place, message, `encrypt the file's key to it: ${UPDATE}`);
  });
}

function extra({ path, sops }: OpenedFile, rule: CreationRule, config: SopsConfig): readonly Finding[] {
  const strangers = sops.recipients.filter(({ recipient }) => !rule.recipients.includes(recipient));
  return strangers.map(({ recipient, line }) => {
    const message = `${shortRecipient(recipient)} can open this file, and ${config.file}, line ${rule.line}, does not name it`;
    return secretFinding('secret/extra-recipient', { file: path, line }, message, TAKE_AWAY);
  });
}

const UPDATE = '`sops updatekeys FILE`';
const TAKE_AWAY = `take it out (${UPDATE}), give the file a new data key (\`sops rotate -i FILE\`), and change the secrets themselves, since the history of git keeps copies that it opens; or name it in the rule`;

/** The trap of `.env.encrypted`: rules are mostly written for the name without the end. */
function noCreationRule({ path }: OpenedFile, config: SopsConfig): Finding {
  const near = ruleFor(config, path.replace(/\.(?:encrypted|enc|sops)$/, ''));
  const hint = near ? `; the one of line ${near.line} fits the name without its end` : '';
  const message = `no rule of ${config.file} is about this file${hint}`;
  const remedy =
    'add a rule with a `path_regex` that fits the whole path, such as `\\.env(\\.encrypted)?$`, or `sops updatekeys` will refuse the file';
  return secretFinding('secret/no-creation-rule', { file: path }, message, remedy);
}
