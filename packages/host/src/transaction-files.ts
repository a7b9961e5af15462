import type { Candidate, Expectation, Step } from '@gitops/core';
import { PROGRAMS } from './programs.generated.ts';
import { quote, type TarEntry } from './ssh/index.ts';

export interface BeginFiles {
  readonly project: string;
  /** Entries below `release/`. */
  readonly release: readonly TarEntry[];
  /** `DIGEST MODE SOURCE` of every mounted object. */
  readonly sources: readonly string[];
  /** `IMAGE_ID TAG` of every image to protect. */
  readonly tags: readonly string[];
  readonly hmacKey: string;
}

/** The files of a transaction as they lie on the host: words quoted here, executed there. */
export function transactionFiles(candidate: Candidate, files: BeginFiles): readonly TarEntry[] {
  const { transaction } = candidate;
  const texts: Record<string, string> = {
    program: PROGRAMS.supervise,
    settings: settings(candidate, files.project),
    apply: steps(transaction.apply),
    revert: steps(transaction.revert),
    unwedge: steps(transaction.unwedge),
    expect: expectations(transaction.expectAfterRevert, transaction.toleratedAfterRevert),
    sources: joined(files.sources),
    tags: joined(files.tags),
    ...transaction.overlays,
  };
  const entries = Object.entries(texts).map(([name, text]) => entry(`transaction/${name}`, text));
  return [...entries, entry('hmac.key', files.hmacKey)];
}

/** A private file. */
export function entry(path: string, text: string): TarEntry {
  return { path, content: Buffer.from(text), mode: 0o600 };
}

function settings({ release, confirmTimeoutSeconds }: Candidate, project: string): string {
  return `project=${quote([project])}\nrelease=${quote([release])}\nconfirm_timeout=${confirmTimeoutSeconds}\n`;
}

function steps(list: readonly Step[]): string {
  const lines = list.map(
    ({ name, argv, timeoutSeconds }) => `step ${quote([name, String(timeoutSeconds), ...argv])} || return 1`,
  );
  return joined([...lines, 'return 0']);
}

function expectations(list: readonly Expectation[], tolerated: readonly string[]): string {
  const lines = list.map((each) => {
    const words = [each.service, each.configHash, each.imageId, String(each.replicas), each.role];
    return `expect ${quote(words)} || return 1`;
  });
  const services = [...list.map(({ service }) => service), ...tolerated];
  return joined([...lines, ['expect_only', quote(services)].join(' ').trim()]);
}

function joined(list: readonly string[]): string {
  return list.map((line) => `${line}\n`).join('');
}
