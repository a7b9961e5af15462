import type { Narrator } from './narrator.ts';
import { exitCode, id, image, running, type Sight, same, states } from './sight.ts';
import type { Stage } from './stage.ts';
import { underTraffic } from './traffic.ts';
import { leavesNoProcess, newestSteps, reached } from './transaction.ts';

/** One deployment: what is tried, and a play that ends with what was found on the host. */
export interface Scene {
  readonly title: string;
  readonly story: string;
  /** Returns the outcome. */
  play(stage: Stage): Promise<string>;
}

const PAGE = { first: 'Welcome to version 1', second: 'Welcome to version 2', third: 'Welcome to version 3' };

/** In order: each begins with what the one before has left. */
export const scenes: readonly Scene[] = [
  {
    title: 'A first deployment',
    story:
      'A commit describes a web service with a mounted page, a worker and a one-shot migration; the host is empty.',
    play: first,
  },
  {
    title: 'A changed page',
    story: 'A commit changes the mounted page. Only the service that mounts it may restart.',
    play: changedPage,
  },
  { title: 'The same commit again', story: 'Nothing has changed, so nothing may be touched.', play: nothingToDo },
  {
    title: 'An image that does not exist',
    story: 'A commit asks for an image that nobody can pull. Visitors keep coming.',
    play: brokenImage,
  },
  {
    title: 'A worker that crashes',
    story: 'The new worker pulls and starts, and crashes each time. Visitors keep coming.',
    play: crashLoop,
  },
  {
    title: 'A runner that dies',
    story: 'A new page is live but not yet proven healthy, and the runner is killed (SIGKILL). The host is on its own.',
    play: deadRunner,
  },
];

async function first({ narrator, ...stage }: Stage): Promise<string> {
  await stage.commit({ page: PAGE.first });
  const { outputs } = await stage.deploy();
  const sight = await stage.look();
  narrator.check(
    'deployed, and the verdict is healthy',
    outputs['outcome'] === 'deployed' && outputs['verdict'] === 'healthy',
  );
  narrator.check(
    `release ${sight.current} is current on the host`,
    sight.current !== '' && sight.current === outputs['release'],
  );
  narrator.check('web and worker run', running(sight, 'web') && running(sight, 'worker'), states(sight));
  narrator.check('the migration ran and exited 0', (await exitCode(sight, 'migrate')) === '0');
  checkPage(narrator, sight, PAGE.first);
  return outputs['outcome'] ?? '';
}

async function changedPage({ narrator, ...stage }: Stage): Promise<string> {
  const before = await stage.look();
  await stage.commit({ page: PAGE.second });
  const { outputs } = await stage.deploy();
  const after = await stage.look();
  narrator.check(
    `release ${after.current} is current, ${outputs['previous-release']} was`,
    after.current === outputs['release'] && outputs['previous-release'] === before.current,
  );
  narrator.check('web has a new container', id(after, 'web') !== id(before, 'web'));
  narrator.check(
    'worker and migration kept theirs: not restarted, not run again',
    same(before, after, ['worker', 'migrate']),
  );
  checkPage(narrator, after, PAGE.second);
  return outputs['outcome'] ?? '';
}

async function nothingToDo({ narrator, ...stage }: Stage): Promise<string> {
  const before = await stage.look();
  const { outputs, durationMs } = await stage.deploy();
  const after = await stage.look();
  narrator.check(
    `unchanged and healthy, ${(durationMs / 1000).toFixed(1)} s from start to end`,
    outputs['outcome'] === 'unchanged' && outputs['verdict'] === 'healthy',
  );
  checkUntouched(narrator, before, after);
  return outputs['outcome'] ?? '';
}

async function brokenImage({ narrator, ...stage }: Stage): Promise<string> {
  const before = await stage.look();
  await stage.commit({ page: PAGE.third, web: '127.0.0.1:1/shop/web:3' });
  const { value, traffic } = await underTraffic(stage.url, stage.deploy);
  const after = await stage.look();
  narrator.check(
    'the step fails, and says that nothing was changed',
    value.exitCode !== 0 && value.outputs['outcome'] === 'failed-before-change',
  );
  checkUntouched(narrator, before, after);
  narrator.check(
    `${traffic.answered} requests meanwhile, all answered`,
    traffic.failed === 0,
    `${traffic.failed} failed`,
  );
  return value.outputs['outcome'] ?? '';
}

async function crashLoop({ narrator, ...stage }: Stage): Promise<string> {
  const before = await stage.look();
  await stage.commit({ page: PAGE.second, worker: stage.images.brokenWorker });
  const { value, traffic } = await underTraffic(stage.url, stage.deploy);
  const after = await stage.look();
  narrator.check(
    'the step fails, and the host went back',
    value.exitCode !== 0 && value.outputs['outcome'] === 'rolled-back',
  );
  narrator.check(`release ${after.current} is current, as before`, after.current === before.current);
  narrator.check(
    'the old worker runs again',
    running(after, 'worker') && image(after, 'worker') === image(before, 'worker'),
    states(after),
  );
  narrator.check('web and migration were never touched', same(before, after, ['web', 'migrate']));
  narrator.check(
    `${traffic.answered} requests meanwhile, all answered`,
    traffic.failed === 0,
    `${traffic.failed} failed`,
  );
  return value.outputs['outcome'] ?? '';
}

async function deadRunner({ narrator, ...stage }: Stage): Promise<string> {
  const before = await stage.look();
  await stage.commit({ page: PAGE.third });
  const run = stage.lab.start();
  await reached(stage.lab, ['awaiting']);
  narrator.check('the new page is live, the host waits for a word', (await stage.look()).page.endsWith(PAGE.third));
  run.kill();
  await run.done;
  await reached(stage.lab, ['reverted', 'revert-failed', 'confirmed']);
  const after = await stage.look();
  narrator.quote(await newestSteps(stage.lab));
  narrator.check(
    'the host gave the runner 4 s, and then went back by itself',
    (await stage.lab.transactionState()) === 'reverted',
  );
  narrator.check(`release ${after.current} is current, as before`, after.current === before.current);
  narrator.check('web and worker run', running(after, 'web') && running(after, 'worker'), states(after));
  checkPage(narrator, after, PAGE.second);
  narrator.check('nothing of ours runs on the host any more', await leavesNoProcess(stage.lab));
  return 'reverted by the host';
}

function checkPage(narrator: Narrator, { page }: Sight, wanted: string): void {
  narrator.check(`GET / answers 200 "${wanted}"`, page === `200 ${wanted}`, page);
}

function checkUntouched(narrator: Narrator, before: Sight, after: Sight): void {
  narrator.check(`release ${after.current} is current, as before`, after.current === before.current);
  narrator.check(
    'every container is the one that was there, and runs',
    same(before, after, ['web', 'worker', 'migrate']),
    states(after),
  );
  narrator.check(
    `GET / answers ${after.page.replace(/ (.*)/, ' "$1"')}, as before`,
    after.page === before.page,
    after.page,
  );
}
