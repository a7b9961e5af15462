import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type CheckedStack, checkStack } from '@gitops/compose';
import { openFolder } from '@gitops/repository';
import { describe, expect, test } from 'vitest';
import { type Case, together } from './case.ts';
import { comparable, likeOurs } from './comparable.ts';
import { askCompose, layOut, PROJECT } from './compose-oracle.ts';
import { ENV_FILES } from './env-files.ts';
import { MERGING } from './merging.ts';
import { RESOURCES } from './resources.ts';
import { SCALARS } from './scalars.ts';
import { SERVICE_KEYS } from './service-keys.ts';
import { STACKS } from './stacks/index.ts';

const STACK = 'stack';

interface Outcome {
  readonly case: Case;
  /** What we refuse it for. */
  readonly refusals: readonly string[];
  readonly compose: { readonly accepts: boolean; readonly said: string };
  readonly models?: readonly [ours: unknown, theirs: unknown];
}

/**
 * Compose starts anew for each project: as many at a time as there are processors, and the services that we accept all
 * in one, unless it is to be found out which of them is the odd one.
 */
async function judgeAll(cases: readonly Case[]): Promise<readonly Outcome[]> {
  const services = cases.filter(({ lines, differs }) => lines !== undefined && differs === undefined);
  const accepted = new Set((await inParallel(services, accepts)).flat());
  const others = await inParallel(
    cases.filter((one) => !accepted.has(one)),
    judge,
  );
  if (accepted.size === 0) return others;
  const whole = await judge(together([...accepted]));
  return isPlain(whole) ? [...others, whole] : [...others, ...(await inParallel([...accepted], judge))];
}

async function inParallel<T>(cases: readonly Case[], work: (one: Case) => Promise<T>): Promise<readonly T[]> {
  const outcomes: T[] = [];
  const queue = cases[Symbol.iterator]();
  const worker = async () => {
    for (const one of queue) outcomes.push(await work(one));
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return outcomes;
}

async function accepts(one: Case): Promise<readonly Case[]> {
  const { findings } = await inFolder(one, (root) => check(root));
  return findings.every(({ severity }) => severity !== 'error') && !hasProfiles(one) ? [one] : [];
}

function isPlain({ refusals, compose, models }: Outcome): boolean {
  return compose.accepts && refusals.length === 0 && isDeepStrictEqual(models?.[0], models?.[1]);
}

async function check(root: string): Promise<CheckedStack> {
  return checkStack(await openFolder(root), PROJECT, STACK);
}

async function inFolder<T>({ files }: Case, use: (root: string) => Promise<T>): Promise<T> {
  const root = await mkdtemp(join(tmpdir(), 'gitops-conformity-'));
  try {
    await layOut(join(root, STACK), files);
    return await use(root);
  } finally {
    await rm(root, { recursive: true });
  }
}

function judge(one: Case): Promise<Outcome> {
  return inFolder(one, async (root) => {
    const folder = join(root, STACK);
    const [compose, { findings, project }] = await Promise.all([askCompose(folder), check(root)]);
    const errors = findings.filter(({ severity }) => severity === 'error');
    const refusals = errors.map(({ file, line, rule, message }) => `${file}:${line} ${rule} ${message}`);
    if (!compose.accepts || errors.length > 0) return { case: one, refusals, compose };
    const whole = hasProfiles(one) ? await askCompose(folder, '--profile', '*') : compose;
    if (!whole.accepts) return { case: one, refusals, compose };
    return { case: one, refusals, compose, models: comparable(project?.model, likeOurs(whole.model, root)) };
  });
}

function hasProfiles({ files }: Case): boolean {
  return Object.values(files).some((text) => text.includes('profiles'));
}

/** Cases of one kind that do not come out as the corpus says, in words. */
function surprises(outcomes: readonly Outcome[]): readonly string[] {
  return outcomes.flatMap(({ case: { title, differs }, refusals, compose }) => {
    const agrees = compose.accepts === (refusals.length === 0);
    if (agrees === (differs === undefined)) return [];
    return [
      `${title}: ${differs ?? 'no difference is known'}; Compose: ${compose.said || 'fine'}; we: ${refusals.join(', ')}`,
    ];
  });
}

describe.each([
  ['scalars and YAML', SCALARS],
  ['keys of services', SERVICE_KEYS],
  ['networks, volumes, secrets, configs and how they fit together', RESOURCES],
  ['overrides, extensions, inclusions and variables', MERGING],
  ['files of variables', ENV_FILES],
  ['stacks as people run them at home', STACKS],
])('%s', async (_, cases) => {
  const outcomes = await judgeAll(cases);

  test(`${cases.length} projects are refused exactly where Compose refuses them, but for known differences`, () => {
    expect(surprises(outcomes)).toEqual([]);
  });

  test('what both accept is merged to the same model', () => {
    for (const { case: one, models } of outcomes) {
      if (models) expect({ title: one.title, model: models[0] }).toEqual({ title: one.title, model: models[1] });
    }
  });
});

test('every known difference is in the table of docs/rules/conformity.md', async () => {
  const page = await readFile(join(import.meta.dirname, '../../docs/rules/conformity.md'), 'utf8');
  const all = [SCALARS, SERVICE_KEYS, RESOURCES, MERGING, ENV_FILES, STACKS].flat();
  const reasons = new Set(all.flatMap(({ differs }) => differs ?? []));
  expect([...reasons].filter((reason) => !page.includes(`| ${reason} |`))).toEqual([]);
});
