import type { Candidate, Expectation, Step, Transaction } from '@gitops/core';
import { PROGRAMS } from './programs.generated.ts';
import { quote, type TarEntry } from './ssh/index.ts';

/** The last line of what a supervisor carries out: a file without it lost its end. */
const WHOLE = 'complete=yes';

export interface BeginFiles {
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
    begun: `${candidate.facts}\n`,
    'candidate.json': JSON.stringify(candidate.seenThrough),
    settings: settings(candidate),
    apply: steps(transaction.apply),
    revert: steps(transaction.revert),
    unwedge: steps(transaction.unwedge),
    expect: expectations(transaction),
    sources: joined(files.sources),
    tags: joined(files.tags),
    ...transaction.overlays,
  };
  const entries = Object.entries(texts).map(([name, text]) => entry(`transaction/${name}`, text));
  const adopted = (candidate.adopted?.files ?? []).map((file) => ({ ...file, path: `adopted/${file.path}` }));
  return [...entries, ...adopted, entry('hmac.key', files.hmacKey)];
}

/** A private file. */
export function entry(path: string, text: string): TarEntry {
  return { path, content: Buffer.from(text), mode: 0o600 };
}

function settings({ release, confirmTimeoutSeconds, transaction, adopted }: Candidate): string {
  return `projects=${quote([transaction.stacks.join(' ')])}\nrelease=${quote([release])}\nadopted=${quote([adopted?.release.name ?? ''])}\nconfirm_timeout=${confirmTimeoutSeconds}\n${WHOLE}\n`;
}

function steps(list: readonly Step[]): string {
  const lines = list.map(
    ({ name, argv, timeoutSeconds }) => `step ${quote([name, String(timeoutSeconds), ...argv])} || return 1`,
  );
  return joined([...lines, WHOLE]);
}

function expectations({ stacks, expectAfterRevert, toleratedAfterRevert }: Transaction): string {
  const services = [
    ...expectAfterRevert.map(({ stack, service }) => ({ stack, name: service })),
    ...toleratedAfterRevert,
  ];
  const only = stacks.map((stack) => {
    const names = services.filter((each) => each.stack === stack).map(({ name }) => name);
    return ['expect_only', stack, ...names];
  });
  const lines = [...expectAfterRevert.map(expectation), ...only].map((words) => `${quote(words)} || return 1`);
  return joined([...lines, WHOLE]);
}

function expectation({ stack, service, configHash, imageId, replicas, role }: Expectation): readonly string[] {
  return ['expect', stack, service, configHash, imageId, String(replicas), role];
}

function joined(list: readonly string[]): string {
  return list.map((line) => `${line}\n`).join('');
}
