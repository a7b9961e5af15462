import { extname } from 'node:path';
import type {
  SecretLintRuleContext,
  SecretLintRuleCreator,
  SecretLintSourceCode,
  SecretLintSourceNodeRange,
} from '@secretlint/types';

/** Where a rule of secretlint found something. */
interface SecretlintHit {
  /** Without what all have in common: `github`. */
  readonly rule: string;
  readonly start: number;
  readonly end: number;
}

/**
 * What every match of the preset holds, so that a repository without a secret never loads it. A test proves for each
 * of its rules that nothing it finds is missed here.
 */
export const PRESET_ANCHOR = new RegExp(
  [
    ...['PRIVATE KEY', ':x-oauth-basic@', '_authToken=', 'xox[abopr]-', 'xapp-', String.raw`SG\.\w`, 'T3BlbkFJ'],
    ...['[Hh][Oo][Oo][Kk][Ss][.][Ss][Ll][Aa][Cc][Kk][.]', String.raw`ghs_\d`],
    `(?:${[
      ...['npm_', 'sk-ant-api0', 'gsk_', 'hf_', 'lin_api_', 'ntn_', 'shp(?:pa|ca|at|ss)_', '[rs]k_(?:live|test)_'],
      ...['gh[opsru]_', 'github_pat_', 'glpat-', 'gl(?:c|sa)_', 'ops_ey', String.raw`hv[brs]\.`, 'vc[aikpr]_', 'dapi'],
      ...['dckr_pat_', 'figd_', 'cf(?:k|ut|at)_', 'tskey-'],
    ].join('|')})[A-Za-z0-9_+/.=-]{20}`,
  ].join('|'),
);

/**
 * Passwords in addresses are ours to find, in every scheme, and keys of AWS, which it overlooks where a quote follows
 * a slash; and there is one way to switch a rule off on a line.
 */
export const LEFT_OUT = ['basicauth', 'database-connection-string', 'aws', 'filter-comments'];
const PREFIX = '@secretlint/secretlint-rule-';

/** Runs the preset of secretlint over a text. Its core would set all rules up anew in a slower way, and is not needed. */
export async function runSecretlint(
  path: string,
  text: string,
  leftOut: readonly string[] = LEFT_OUT,
): Promise<readonly SecretlintHit[]> {
  const { rules } = await import(/* webpackMode: "eager" */ '@secretlint/secretlint-rule-preset-recommend');
  const source = sourceOf(path, text);
  const hits: SecretlintHit[] = [];
  for (const rule of rules) {
    const name = rule.meta.id.replace(PREFIX, '');
    if (leftOut.includes(name)) continue;
    await runRule(rule, source, ([start, end]) => hits.push({ rule: name, start, end }));
  }
  return hits;
}

type Report = (range: SecretLintSourceNodeRange) => void;

async function runRule(
  rule: SecretLintRuleCreator<object>,
  source: SecretLintSourceCode,
  report: Report,
): Promise<void> {
  const context: SecretLintRuleContext = {
    sharedOptions: {},
    // Its messages repeat the secret.
    createTranslator: () => (id) => ({ message: '', messageId: String(id), data: undefined }),
    report: ({ range }) => report(range),
    ignore: () => {},
  };
  await rule.create(context, {}).file?.(source);
}

/** What the rules ask of a file: its text, and by its name whether it is JSON, of npm, or a key store. */
function sourceOf(path: string, content: string): SecretLintSourceCode {
  const nowhere = { line: 1, column: 0 };
  return {
    hasBOM: false,
    content,
    filePath: path,
    physicalFilePath: undefined,
    contentType: 'text',
    // A rule would read a `.p12` from the disk by itself.
    ext: extname(path) === '.json' ? '.json' : '',
    getFilePath: () => path,
    getPhysicalFilePath: () => undefined,
    locationToRange: () => [0, 0],
    rangeToLocation: () => ({ start: nowhere, end: nowhere }),
    positionToIndex: () => 0,
    indexToPosition: () => nowhere,
  };
}
