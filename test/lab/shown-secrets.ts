import { readFile } from 'node:fs/promises';
import type { ActionOptions, ActionResult } from './action-job.ts';
import { refuseSecrets } from './planted.ts';

const SECRET_INPUTS = ['ssh-private-key', 'ssh-passphrase', 'sops-age-key'];

/**
 * Nothing that an action leaves behind for people and machines may show a secret.
 *
 * @throws SecretShown
 */
export async function refuseShownSecrets(result: ActionResult, options: ActionOptions): Promise<void> {
  const { rawLog, summary, outputs, state, env } = result;
  const { inputs = {}, secrets = [], token = '' } = options;
  const paths = [outputs['result'], outputs['sarif']].filter((path) => path);
  const files = await Promise.all(paths.map(async (path = '') => [path, await readFile(path, 'utf8')] as const));
  const shown = {
    'the log': rawLog.replaceAll(/^::add-mask::.*$/gm, ''),
    'the summary': summary,
    outputs: JSON.stringify(outputs),
    'what steps share': JSON.stringify([state, env]),
    ...Object.fromEntries(files),
  };
  refuseSecrets(shown, [...SECRET_INPUTS.map((name) => inputs[name] ?? ''), ...secrets, token]);
}
