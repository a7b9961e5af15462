import { afterAll, describe, expect, test, vi } from 'vitest';
import { hostKind } from '../../lab/host.ts';
import { sleeperImage } from '../../lab/image-kinds.ts';
import { removeImages } from '../../lab/images.ts';
import { BesideLab, PATIENCE, project, service } from './beside-compose-lab.ts';
import type { PlainProject } from './beside-compose-plain-project.ts';

const [one, two] = await Promise.all([sleeperImage('one'), sleeperImage('two')]);

afterAll(removeImages);

/** Asked to stop, they note it and go on until they are let go, so that there is time for things to happen. */
const HELD =
  'rm -f /tmp/asked /tmp/go; trap "touch /tmp/asked" TERM; until [ -e /tmp/asked ] && [ -e /tmp/go ]; do sleep 0.1; done';
// What goes back has to be sure that the Engine is through with the stops it was asked for, and waits this long.
const held = [`command: [sh, -c, '${HELD}']`, 'stop_grace_period: 15s'];
const old = project([service('db', one.reference, ...held), service('web', one.reference, ...held)]);
const next = project([service('db', two.reference), service('web', two.reference)]);
const running = ['db-1 running', 'web-1 running'];
const halfway = ['<id12>_db-1 created', '<id12>_web-1 created', ...running];
const down = ['<id12>_db-1 created', '<id12>_web-1 created', 'db-1 exited', 'web-1 exited'];

const health = '  deadline: 60s\n  stability: 500ms\n  confirmTimeout: 15s\n';

type Side = Pick<PlainProject, 'exec' | 'containers'>;

/** The new containers of a project are there, and the old ones were asked to stop. */
async function untilStopping(side: Side): Promise<void> {
  await vi.waitFor(async () => {
    expect(await side.containers()).toEqual(halfway);
    for (const name of ['db', 'web']) await side.exec(name, 'test', '-e', '/tmp/asked');
  }, PATIENCE);
}

async function letGo(side: Side): Promise<void> {
  for (const name of ['db', 'web']) await side.exec(name, 'touch', '/tmp/go');
}

async function expectImage(beside: BesideLab, image: string): Promise<void> {
  expect(await beside.containers()).toEqual(running);
  for (const name of ['db', 'web']) expect(await beside.inspect(name, '{{.Image}}')).toBe(image);
}

describe('a job that is cancelled while the old containers stop', () => {
  test.each(['TERM', 'KILL'] as const)(
    'leaves everything down with plain Compose, and the old state with us (%s)',
    async (signal) => {
      await using beside = await BesideLab.start(old, health);
      const { lab, plain } = beside;
      const release = await lab.current();
      await beside.change(next);

      const up = await plain.begin(`docker compose -p ${plain.name} up -d`);
      await untilStopping(plain);
      await up.signalAll(signal);
      // Nobody waits for them to stop any more, and the Engine stops them all the same.
      await letGo(plain);
      await vi.waitFor(async () => expect(await plain.containers()).toEqual(down), PATIENCE);
      expect((await plain.up()).code).toBe(0);
      expect(await plain.containers()).toEqual(['<id12>_db-1 running', '<id12>_web-1 running']);

      const run = lab.start();
      await untilStopping(beside);
      if (signal === 'TERM') run.cancel();
      else run.kill();
      await letGo(beside);
      const { outputs } = await run.done;
      if (signal === 'TERM') expect(outputs).toMatchObject({ outcome: 'unknown' });
      await vi.waitFor(async () => expect(await lab.transactionState()).toBe('reverted'), PATIENCE);
      expect(await lab.current()).toBe(release);
      await expectImage(beside, one.id);
    },
  );
});

test("two at once get into each other's way with plain Compose, and wait for each other with us", async () => {
  await using beside = await BesideLab.start(old, health);
  const { lab, plain } = beside;
  await beside.change(next);

  const first = await plain.begin(`docker compose -p ${plain.name} up -d`);
  await untilStopping(plain);
  const second = await plain.begin(`docker compose -p ${plain.name} up -d`);
  await vi.waitFor(async () => expect(await second.printed()).not.toBe(''), PATIENCE);
  await letGo(plain);
  const codes = () => Promise.all([first.exitCode(), second.exitCode()]);
  await vi.waitFor(async () => expect(await codes()).not.toContain(undefined), PATIENCE);
  expect(await codes()).toContain(1);

  const runs = [lab.start()];
  await untilStopping(beside);
  const waiting = lab.start();
  await waiting.waitForLog(/Waiting for/);
  await letGo(beside);
  const results = await Promise.all([...runs, waiting].map(({ done }) => done));
  expect(results.map(({ outputs }) => outputs['outcome'])).toEqual(['deployed', 'unchanged']);
  await expectImage(beside, two.id);
});

test('a killed script goes on changing things with plain Compose, and its children are ended first with us', async () => {
  await using beside = await BesideLab.start(old, health);
  const { lab, plain } = beside;
  const release = await lab.current();
  await beside.change(next);

  const script = await plain.begin(`docker compose -p ${plain.name} up -d`);
  await untilStopping(plain);
  await script.signal('KILL');
  await letGo(plain);
  await vi.waitFor(async () => expect(await plain.containers()).toEqual(running), PATIENCE);
  expect(await plain.inspect('web', '{{.Image}}')).toBe(two.id);
  expect(await script.exitCode()).toBeUndefined();

  const run = lab.start();
  await untilStopping(beside);
  run.kill();
  await lab.sh(`kill -KILL $(cut -d' ' -f2 ${lab.folder}/transactions/2/status)`);
  await run.done;
  await lab.commit(old);
  // The Engine is still about to stop those that the killed one has asked it to stop: they end under the recovery's eyes.
  const recovered = await lab.deploy();
  expect(recovered.log).toContain('recovering');
  expect(recovered.outputs, recovered.log).toMatchObject({ outcome: 'unchanged', release });
  await expectImage(beside, one.id);
  await vi.waitFor(async () => expect(await lab.host.processes()).toEqual([]), PATIENCE);
  expect((await lab.deploy()).outputs).toMatchObject({ outcome: 'unchanged', verdict: 'healthy' });
  await expectImage(beside, one.id);
});

/** A disk of its own for what is recorded, which only who is root may mount. */
async function mountStateDir({ lab }: BesideLab): Promise<AsyncDisposable> {
  const { stateDir } = lab.host;
  await lab.sh(`mkdir -m 0700 ${stateDir} && mount -t tmpfs -o size=80m,mode=0700 tmpfs ${stateDir}`);
  return { [Symbol.asyncDispose]: async () => void (await lab.sh(`umount -l ${stateDir}`)) };
}

if (hostKind !== 'container-user')
  describe('a disk that becomes full', () => {
    test('tears what a script notes down, and neither the journal nor the end of a deployment', async () => {
      await using beside = await BesideLab.create(old, health);
      const { lab, plain } = beside;
      await using _disk = await mountStateDir(beside);
      expect((await lab.deploy()).outputs).toMatchObject({ outcome: 'deployed' });
      const notes = `${lab.host.stateDir}/notes.ndjson`;
      const note = JSON.stringify({ step: 'up', event: 'begin' });
      await plain.sh(`echo '${note}' >>${notes}`);
      const fill = `cat /dev/zero >>${lab.host.stateDir}/ballast`;

      await lab.commit(next);
      const run = lab.start();
      await untilStopping(beside);
      expect((await plain.sh(fill)).code).not.toBe(0);
      await letGo(beside);
      const { outputs, log } = await run.done;
      // What was held back for this moment is enough for the rest.
      expect(outputs, log).toMatchObject({ outcome: 'deployed', release: await lab.current() });
      await expectImage(beside, two.id);

      expect((await plain.sh(`${fill}; while echo '${note}'; do :; done >>${notes}`)).code).toBe(0);
      const lastNote = await lab.sh(`tail -n 1 ${notes}`);
      expect(note.startsWith(lastNote)).toBe(true);
      expect(lastNote).not.toBe(note);
      for (const line of (await lab.sh(`cat ${lab.folder}/journal.ndjson`)).split('\n')) JSON.parse(line);

      await lab.commit(old);
      expect((await lab.deploy()).outputs['outcome']).toBe('failed-before-change');
      await expectImage(beside, two.id);
      await lab.sh(`rm ${lab.host.stateDir}/ballast`);
      expect((await lab.deploy()).outputs['outcome']).toBe('deployed');
    });
  });
