import { setTimeout as sleep } from 'node:timers/promises';
import {
  GitopsError,
  type Lease,
  type LeaseHolder,
  type LeaseRequest,
  RefusedError,
  SupersededError,
} from '@gitops/core';
import * as v from 'valibot';
import { PROGRAMS } from './programs.generated.ts';
import type { Connection, RemoteProcess } from './ssh/index.ts';

const TRY_EVERY_MS = 1000;
/** It only looks into files; a disk that does not answer must not keep a run. */
const LONGEST_ANSWER_MS = 60_000;
/** A keeper lives as long as its run. */
const LONGEST_RUN_MS = 24 * 60 * 60 * 1000;

const Holder = v.object({ holder: v.string(), reason: v.string(), since: v.string(), commit: v.string() });

/** Reads fence, purpose and holder as the host keeps them. A line that nobody can read still names its fence. */
export function parseHolder(fence: number, purpose: string, json: string): LeaseHolder {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), Holder), json);
  const facts = parsed.success
    ? parsed.output
    : { holder: 'unknown', reason: 'unreadable claim', since: '', commit: '' };
  return { fence, purpose: purpose === 'human' ? 'human' : 'automatic', ...facts };
}

/**
 * Claims the environment, waiting for others up to `waitMs`. Throws `RefusedError` `lease` when it stays taken, and
 * `SupersededError` when a newer commit waits for it too.
 */
export async function acquireLease(connection: Connection, folder: string, request: LeaseRequest): Promise<Lease> {
  const keeper = await connection.open({
    what: 'hold the lease of the environment',
    script: PROGRAMS.keeper,
    args: [folder, request.purpose],
    timeoutMs: LONGEST_RUN_MS,
  });
  try {
    keeper.write(JSON.stringify(request.holder));
    if (request.holder.commit !== '') keeper.write(['from', request.holder.commit, ...request.ancestors].join(' '));
    const answers = keeper.lines[Symbol.asyncIterator]();
    const fence = await claim(keeper, answers, connection.label, folder, request);
    return keep(keeper, answers, fence, connection.label, request.renewalMs);
  } catch (error) {
    keeper.end();
    throw error;
  }
}

type Answers = AsyncIterator<string>;

async function claim(
  keeper: RemoteProcess,
  answers: Answers,
  label: string,
  folder: string,
  request: LeaseRequest,
): Promise<number> {
  const deadline = performance.now() + request.waitMs;
  let told = 0;
  for (;;) {
    keeper.write('try');
    const [word, fence] = (await nextLine(answers, label, folder)).split(' ');
    if (word === 'held') return Number(fence);
    if (word === 'superseded') throw superseded(await nextLine(answers, label, folder), label);
    const holder = parseHolder(Number(fence), ...(await holderLines(answers, label, folder)));
    if (holder.purpose === 'human' || performance.now() >= deadline) throw taken(label, folder, holder, request.waitMs);
    if (holder.fence !== told) request.onBusy(holder);
    told = holder.fence;
    await sleep(TRY_EVERY_MS, undefined, { signal: request.signal });
  }
}

async function holderLines(answers: Answers, label: string, folder: string): Promise<[string, string]> {
  return [await nextLine(answers, label, folder), await nextLine(answers, label, folder)];
}

async function nextLine(answers: Answers, label: string, folder: string): Promise<string> {
  const { value, done } = await within(LONGEST_ANSWER_MS, answers.next(), () => silent(label));
  if (done) throw keeperEnded(label);
  if (value === 'unwritable') throw unwritable(label, folder);
  return value;
}

/** Renews until it is released. Losing it is found out by the host, which carries out no order of an older fence. */
function keep(keeper: RemoteProcess, answers: Answers, fence: number, label: string, renewalMs: number): Lease {
  const timer = setInterval(() => keeper.write('beat'), renewalMs);
  void drain(answers);
  return {
    fence,
    async release() {
      clearInterval(timer);
      keeper.end();
      await within(LONGEST_ANSWER_MS, keeper.done, () => silent(label));
    },
    async keep() {
      clearInterval(timer);
      keeper.write('keep');
      await within(LONGEST_ANSWER_MS, keeper.done, () => silent(label));
    },
  };
}

async function within<T>(ms: number, work: Promise<T>, error: () => Error): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(error()), ms);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function drain(answers: Answers): Promise<void> {
  try {
    while (!(await answers.next()).done);
  } catch {
    // A channel that was lost is told when the lease is released; unheard here, it would end the process.
  }
}

function superseded(holder: string, label: string): SupersededError {
  return new SupersededError(parseHolder(0, 'automatic', holder), label);
}

function taken(label: string, folder: string, holder: LeaseHolder, waitedMs: number): RefusedError {
  const seen = `${holder.holder} holds it (${holder.reason}) since ${holder.since}`;
  const remedy =
    holder.purpose === 'human'
      ? `ask them to release it, or if it is you: \`gitops lock release ${folder.split('/').at(-1)}\``
      : `waited ${Math.round(waitedMs / 1000)} s; wait longer (\`lock-wait\`), or see what that run does`;
  return new RefusedError(
    'lease',
    { attempted: `take the lease of the environment on ${label}`, seen, remedy },
    { holder },
  );
}

function keeperEnded(label: string): GitopsError {
  return new GitopsError('lease-lost', {
    attempted: `take the lease of the environment on ${label}`,
    seen: 'the keeper on the host ended',
    remedy: 'run again; if it stays so, look at the state folder on the host',
  });
}

function silent(label: string): GitopsError {
  return new GitopsError('host-silent', {
    attempted: `take or give back the lease of the environment on ${label}`,
    seen: `the host did not answer for ${LONGEST_ANSWER_MS / 1000} s, though the connection stands`,
    remedy: 'see whether the disk of the state folder answers on the host',
  });
}

/** The host's user can't write where the state belongs. */
export function unwritable(label: string, folder: string): GitopsError {
  const stateDir = folder.split('/').slice(0, -2).join('/');
  const user = label.split('@')[0] ?? 'USER';
  return new GitopsError('state-unwritable', {
    attempted: `write the state folder ${stateDir} on ${label}`,
    seen: 'it does not exist and cannot be made, or is not writable',
    remedy: `run on the host: sudo install -d -m 0700 -o ${user} ${stateDir}`,
  });
}
