import { parseDotenv } from '@gitops/compose';
import type { Finding, GitopsFile, RepositoryView } from '@gitops/core';
import type { WorkTree } from '@gitops/repository';
import {
  type DecryptedDotenv,
  decryptedFindings,
  envFileOf,
  openSopsConfigs,
  type ScannedFile,
  scanFiles,
  sniffSops,
  sopsFindings,
} from '@gitops/secrets';
import type { CheckedEnvironment } from './check-environment.ts';

export interface SecretScan {
  /** All that git tracks. */
  readonly files: readonly ScannedFile[];
  readonly base: RepositoryView | undefined;
  readonly environments: readonly CheckedEnvironment[];
  /** What `gitops.yml` says of secrets. */
  readonly rules: GitopsFile['secrets'];
  readonly today: Date;
}

/** Looks for secrets in clear through all that git tracks, and at what is encrypted. No finding shows a value. */
export async function secretFindings(scan: SecretScan): Promise<readonly Finding[]> {
  const { files, environments } = scan;
  const [clear, encrypted, opened] = await Promise.all([
    scanFiles(withParsed(files, environments)),
    encryptedFindings(scan),
    openedFindings(scan),
  ]);
  return [...clear, ...encrypted, ...opened];
}

/** Larger files were made by a program, and several of them would not fit into memory. */
const LARGEST_BYTES = 16 * 1024 * 1024;

/** All that git tracks, and what is too large to be looked at. A link has no content of its own. */
export async function trackedFiles(
  view: WorkTree,
): Promise<{ readonly files: readonly ScannedFile[]; readonly findings: readonly Finding[] }> {
  const all = await view.regularFiles(LARGEST_BYTES);
  const files = all.flatMap(({ path, content }) => (content ? [{ path, content }] : []));
  return { files, findings: all.flatMap(({ path, content }) => (content ? [] : [tooLarge(path)])) };
}

function tooLarge(file: string): Finding {
  const message = `not searched for secrets, being larger than ${LARGEST_BYTES / 1024 / 1024} MB`;
  const remedy = 'nothing to do, if no secret can be in there';
  return { rule: 'secret/not-searched', severity: 'info', file, message, remedy };
}

/** What was parsed as a Compose file need not be parsed again. */
function withParsed(
  files: readonly ScannedFile[],
  environments: readonly CheckedEnvironment[],
): readonly ScannedFile[] {
  const parsed = new Map(environments.flatMap((each) => each.parsed.map((yaml) => [yaml.file, yaml] as const)));
  return files.map((file) => {
    const yaml = parsed.get(file.path);
    return yaml ? { ...file, yaml } : file;
  });
}

async function encryptedFindings({ files, base, environments, rules, today }: SecretScan): Promise<readonly Finding[]> {
  const sealed = files.filter(({ content }) => sniffSops(content.toString('utf8')) !== undefined);
  if (sealed.length === 0) return [];
  const { configs, findings } = openSopsConfigs(files);
  const before = base && (await textsIn(base, sealed));
  const found = sopsFindings(sealed, {
    environments: environments.map(({ name }) => name),
    sharedRecipients: rules.sharedRecipients,
    rotateAfterMs: rules.rotateAfter,
    now: today,
    configs,
    ...(before && { baseText: (path) => before.get(path) }),
  });
  return [...findings, ...found];
}

/** What files said at another commit, as far as they were there. */
async function textsIn(view: RepositoryView, files: readonly ScannedFile[]): Promise<ReadonlyMap<string, string>> {
  const texts = await Promise.all(
    files.map(async ({ path }) => {
      const isThere = (await view.stat(path)) === 'file';
      return isThere ? [[path, (await view.read(path)).toString('utf8')] as const] : [];
    }),
  );
  return new Map(texts.flat());
}

async function openedFindings({ files, environments }: SecretScan): Promise<readonly Finding[]> {
  const values = environments.flatMap(({ secrets }) => secrets);
  if (values.length === 0) return [];
  const dotenvs = await Promise.all(environments.map((each) => openedDotenvs(each, files)));
  return decryptedFindings(files, { values, dotenvs: dotenvs.flat(), readAsCompose: parseDotenv });
}

async function openedDotenvs(
  { view, stacks, secrets }: CheckedEnvironment,
  files: readonly ScannedFile[],
): Promise<readonly DecryptedDotenv[]> {
  const opened = new Set(secrets.map(({ file }) => file));
  const dotenvs = stacks.map(async ({ spec }): Promise<readonly DecryptedDotenv[]> => {
    const encrypted = files.find(({ path }) => path === spec.secrets)?.content.toString('utf8');
    if (spec.secrets === undefined || !opened.has(spec.secrets) || encrypted === undefined) return [];
    if (sniffSops(encrypted) !== 'dotenv') return [];
    return [{ file: spec.secrets, encrypted, decrypted: (await view.read(envFileOf(spec))).toString('utf8') }];
  });
  return (await Promise.all(dotenvs)).flat();
}
