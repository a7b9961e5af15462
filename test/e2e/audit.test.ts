import { chmod, copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runProgram } from '../lab/command-line.ts';
import { type DeploymentLab, startDeploymentLab } from '../lab/deployment-lab.ts';
import { healthyImage, unhealthyImage } from '../lab/image-kinds.ts';
import { removeImages } from '../lab/images.ts';
import { createTemporaryDirectory, type TemporaryDirectory } from '../lab/temporary-directory.ts';

const [one, two, sick] = await Promise.all([healthyImage('one', 'v1'), healthyImage('two', 'v2'), unhealthyImage()]);
const health = '  deadline: 30s\n  stability: 500ms\n  confirmTimeout: 10s\n';

/** Several deployments, one after the other, on a machine that may be busy. */
const SLOW_MS = 600_000;

let folder: TemporaryDirectory;

beforeAll(async () => {
  folder = await createTemporaryDirectory('audit');
  await copyFile(join(import.meta.dirname, '../../dist/gitops.mjs'), join(folder.path, 'gitops.mjs'));
});

afterAll(async () => {
  await folder[Symbol.asyncDispose]();
  await removeImages();
});

/** Runs `gitops audit` on the environment of a lab. */
async function audit(lab: DeploymentLab, command: 'show' | 'verify', ...words: readonly string[]) {
  const identity = join(folder.path, lab.name);
  await writeFile(identity, lab.host.privateKey);
  await chmod(identity, 0o600);
  const args = ['gitops.mjs', 'audit', command, 'lab', '-C', lab.repository.path, '-i', identity, ...words];
  return runProgram(args, { cwd: folder.path, env: { HOME: folder.path } });
}

function compose(image: string, more = ''): string {
  return `services:\n  web:\n    image: ${image}\n    environment: { DB_PASSWORD: "\${DB_PASSWORD}" }\n${more}`;
}

/** The head that the result file of a run names; it stands in the job summary too. */
async function headOf({ outputs, summary }: Awaited<ReturnType<DeploymentLab['deploy']>>): Promise<string> {
  const { targets } = JSON.parse(await readFile(outputs['result'] ?? '', 'utf8'));
  expect(targets).toMatchObject([{ name: 'docker', auditHead: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
  expect(summary).toContain(`Audit head \`${targets[0].auditHead}\``);
  return targets[0].auditHead;
}

interface Story {
  readonly kind: string;
  readonly [name: string]: unknown;
}

async function storyOf(lab: DeploymentLab): Promise<readonly Story[]> {
  const shown = await audit(lab, 'show', '--json');
  expect(shown.code).toBe(0);
  return JSON.parse(shown.stdout).targets[0].records;
}

function lineOf({ kind, event, release, previousRelease, state, why, current, verdict }: Story): string {
  return [kind, event, release, previousRelease, state, why, current, verdict].filter(Boolean).join(' ');
}

test('the audit trail tells which state a host is in and why, whatever happened', { timeout: SLOW_MS }, async () => {
  const files = { 'compose.yaml': compose(one.reference), '.env': 'DB_PASSWORD=correct-horse-1\n' };
  await using lab = await startDeploymentLab({ files, health });
  const heads: string[] = [];

  expect(await audit(lab, 'verify')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^intact, 0 records/) });
  expect((await audit(lab, 'show')).stdout).toBe('nothing is recorded\n');

  heads.push(await headOf(await lab.deploy()));
  const first = await lab.current();
  await lab.commit({ 'compose.yaml': compose(two.reference), '.env': 'DB_PASSWORD=correct-horse-2\n' });
  heads.push(await headOf(await lab.deploy()));
  const second = await lab.current();

  const before = await readFile(join(lab.folder, 'audit.ndjson'), 'utf8');
  const unchanged = await lab.deploy();
  expect(unchanged.outputs['outcome']).toBe('unchanged');
  await headOf(unchanged);
  expect(await readFile(join(lab.folder, 'audit.ndjson'), 'utf8')).toBe(before);

  await lab.commit({ 'compose.yaml': compose(sick.reference) });
  const failed = await lab.deploy();
  expect(failed.outputs['outcome']).toBe('rolled-back');
  heads.push(await headOf(failed));

  await lab.commit({ 'compose.yaml': compose(one.reference) });
  const killed = lab.start();
  await killed.waitForLog(/web ok/);
  killed.kill();
  await killed.done;
  await vi.waitFor(async () => expect(await lab.transactionState()).toBe('reverted'), 90_000);
  expect(await lab.current()).toBe(second);

  const story = await storyOf(lab);
  const third = story.filter(({ kind }) => kind === 'begun').map(({ release }) => release);
  expect(story.map(lineOf)).toEqual([
    'lease taken',
    `begun ${first}`,
    `ended ${first} confirmed ordered ${first} healthy`,
    'lease released',
    'lease taken',
    `begun ${second} ${first}`,
    `ended ${second} confirmed ordered ${second} healthy`,
    'lease released',
    'lease taken',
    `begun ${third[2]} ${second}`,
    expect.stringMatching(new RegExp(`^hold held ${third[2]} web: `)),
    `ended ${third[2]} reverted ordered ${second} unhealthy`,
    'lease released',
    'lease taken',
    `begun ${third[3]} ${second}`,
    'lease released',
    `ended ${third[3]} reverted runner-silent ${second}`,
  ]);
  expect(story[5]).toMatchObject({
    environment: 'lab',
    target: 'docker',
    changes: [
      {
        address: `compose:${lab.project}/web`,
        action: 'recreate',
        cause: expect.stringContaining('environment.DB_PASSWORD'),
      },
    ],
    images: [{ reference: two.reference, id: two.id }],
    planHash: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  expect(story[11]?.['evidence']).toMatchObject([{ subject: 'web', verdict: 'unhealthy' }]);

  const trail = await readFile(join(lab.folder, 'audit.ndjson'), 'utf8');
  expect(trail).not.toContain('correct-horse');
  for (const head of heads) expect(await audit(lab, 'verify', '--head', head)).toMatchObject({ code: 0 });
  expect((await audit(lab, 'verify')).stdout).toMatch(/^intact, 17 records, head [0-9a-f]{64}\n$/);
  const shown = (await audit(lab, 'show', '--limit', '1')).stdout;
  expect(shown).toMatch(/^17 {2}\S+ {2}transaction 4 reverted \(runner-silent\); current is 2-[0-9a-f]{7}\n$/);
});

test('an audit trail that somebody changed is broken, and the line is named', { timeout: SLOW_MS }, async () => {
  await using lab = await startDeploymentLab({
    files: { 'compose.yaml': compose(one.reference), '.env': 'DB_PASSWORD=x\n' },
    health,
  });
  const head = await headOf(await lab.deploy());
  const file = join(lab.folder, 'audit.ndjson');
  const trail = await readFile(file, 'utf8');
  const lines = trail.trimEnd().split('\n');
  const verified = async (changed: readonly string[], ...words: readonly string[]) => {
    await writeFile(file, changed.map((line) => `${line}\n`).join(''));
    const { code, stdout } = await audit(lab, 'verify', ...words);
    return `${code} ${stdout}`;
  };
  expect(await verified(lines.with(1, (lines[1] ?? '').replace('"by":"', '"by":"not ')))).toMatch(
    /^1 broken: line 2 was changed/,
  );
  expect(await verified(lines.toSpliced(1, 1))).toMatch(/^1 broken: line 2 follows a gap: record 2 is missing/);
  expect(await verified(lines.slice(0, 2))).toMatch(/^0 intact, 2 records/);
  expect(await verified(lines.slice(0, 2), '--head', head)).toMatch(/^1 broken: line 3 is missing/);
  const { stdout } = await audit(lab, 'verify', '--head', head, '--json');
  expect(JSON.parse(stdout).targets).toMatchObject([
    { target: 'docker', records: 2, fault: { kind: 'cut-off', line: 3 } },
  ]);
  await writeFile(file, trail.slice(0, -5));
  expect(await audit(lab, 'verify')).toMatchObject({ code: 1, stdout: expect.stringContaining('line 4 is torn') });
  await lab.sh(`rm '${file}' && mkdir '${file}'`);
  expect((await audit(lab, 'verify')).code).toBe(5);
  expect((await audit(lab, 'show')).code).toBe(5);
  expect((await audit(lab, 'verify', '--head', 'short')).code).toBe(2);
  expect((await audit(lab, 'show', '--limit', '0')).code).toBe(2);
});

test('a commit with the same content, and a recovery, are in the audit trail', { timeout: SLOW_MS }, async () => {
  await using lab = await startDeploymentLab({
    files: { 'compose.yaml': compose(one.reference), '.env': 'DB_PASSWORD=x\n' },
    health,
  });
  await lab.deploy();
  const commit = await lab.repository.write({ 'README.md': 'hello\n' }).then(() => lab.repository.commit('say hello'));
  expect((await lab.deploy()).outputs['outcome']).toBe('unchanged');
  expect((await storyOf(lab)).at(-1)).toMatchObject({ kind: 'alias', release: await lab.current(), commit });

  await lab.commit({ 'compose.yaml': compose(two.reference) });
  const run = lab.start();
  await run.waitForLog(/── up/);
  run.kill();
  await lab.sh(`kill -KILL $(cut -d' ' -f2 ${lab.folder}/transactions/2/status)`);
  await run.done;
  expect((await lab.deploy()).outputs['outcome']).toBe('deployed');
  const story = (await storyOf(lab)).slice(5).map(lineOf);
  expect(story.slice(0, 2)).toEqual(['lease taken', expect.stringMatching(/^begun /)]);
  expect(story.filter((line) => line.startsWith('recovered'))).toEqual(['recovered reverted']);
  expect(story.find((line) => line.startsWith('ended'))).toMatch(/^ended \S+ reverted recovered /);
  expect(story.slice(-2)).toEqual([
    expect.stringMatching(/^ended \S+ confirmed ordered \S+ healthy$/),
    'lease released',
  ]);
  expect((await audit(lab, 'verify')).code).toBe(0);
});
