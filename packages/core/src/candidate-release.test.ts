import { expect, it } from 'vitest';
import {
  deployment,
  deploymentTo,
  EMPTY_VIEW,
  FIRST,
  firstDeployment,
  nothingToDo,
  upgrade,
} from './testing/deployment.ts';
import { release } from './testing/desired-state.ts';
import { live } from './testing/live-state.ts';

const at = (number: number) => ({ release: release({ name: `${number}-aaaaaaa`, number, desired: FIRST }) });

it('all hosts get one number, higher than that of any release on any of them', async () => {
  const stories = { a: upgrade({ recorded: at(3) }), b: upgrade({ recorded: at(7) }), c: firstDeployment() };
  const { result, sessions } = await deploymentTo(stories);
  expect(result).toMatchObject({ outcome: 'deployed', release: '8-bbbbbbb', previousRelease: '7-aaaaaaa' });
  expect(result.targets).toEqual(
    [
      ['a', '3-aaaaaaa'],
      ['b', '7-aaaaaaa'],
      ['c', ''],
    ].map(([name, previousRelease]) => ({
      name,
      host: `${name}.example.com`,
      outcome: 'deployed',
      release: '8-bbbbbbb',
      previousRelease,
      auditHead: expect.any(String),
    })),
  );
  expect([...sessions.values()].map(({ recorded }) => recorded.release?.number)).toEqual([8, 8, 8]);
});

it('a host that does not change counts too, and keeps its release', async () => {
  const resting = release({ ...nothingToDo().recorded?.release, name: '9-aaaaaaa', number: 9 });
  const { result } = await deploymentTo({ a: upgrade(), b: nothingToDo({ recorded: { release: resting } }) });
  expect(result.targets.map(({ release: name }) => name)).toEqual(['10-bbbbbbb', '9-aaaaaaa']);
});

it('a host that is healed keeps its number beside one that gets a new release', async () => {
  const { result, sessions } = await deploymentTo({ a: nothingToDo({ before: live() }), b: upgrade() });
  expect(result.targets.map(({ outcome, release: name }) => `${outcome} ${name}`)).toEqual([
    'deployed 1-aaaaaaa',
    'deployed 2-bbbbbbb',
  ]);
  expect([...sessions.values()].map(({ begun }) => begun?.isNew)).toEqual([false, true]);
});

it.each([
  ['of the environment', 'environments/production/environment.yml', true],
  ['of another environment', 'environments/staging/environment.yml', undefined],
])('a release says that a file %s was in no commit', async (_, path, dirty) => {
  const { session } = await deployment(upgrade(), { view: { ...EMPTY_VIEW, uncommitted: [path] } });
  expect(session.recorded.release?.dirty).toBe(dirty);
});
