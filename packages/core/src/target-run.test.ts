import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { GitopsError } from './errors.ts';
import type { Finding, Scope } from './model.ts';
import { type Deployments, deploymentTo, nothingToDo, upgrade } from './testing/deployment.ts';
import { declared, memoryProvider } from './testing/memory-provider.ts';
import type { Call, HostStory } from './testing/memory-session.ts';

const lost = new GitopsError('ssh-lost', { attempted: 'talk to the host', seen: 'it is gone', remedy: 'run again' });

/** Nothing was begun, ordered or recorded anywhere, and every connection is closed. */
function expectUntouched({ sessions }: Deployments): void {
  for (const { begun, orders, aliases, calls } of sessions.values()) {
    expect([begun, orders, aliases]).toEqual([undefined, [], []]);
    expect(calls.at(-1) ?? 'dispose').toBe('dispose');
  }
}

/** Stories by names whose order is that of their numbers. */
function hosts(count: number, story: (index: number) => HostStory): Record<string, HostStory> {
  const indices = Array.from({ length: count }, (_, index) => index);
  return Object.fromEntries(indices.map((index) => [`host-${String(index).padStart(2, '0')}`, story(index)]));
}

describe('one host of several', () => {
  it.each(['a', 'b', 'c'])('that is down changes nothing on the others: %s', async (down) => {
    const story = (name: string) => upgrade(name === down ? { unreachable: lost } : {});
    const deployed = await deploymentTo({ a: story('a'), b: story('b'), c: story('c') });
    expect(deployed.result).toMatchObject({ outcome: 'failed-before-change', error: lost, targets: [] });
    expect([...deployed.sessions.values()].map(({ calls }) => calls)).toEqual(
      ['a', 'b', 'c'].map((name) => (name === down ? [] : ['dispose'])),
    );
  });

  it.each<[call: Call, outcome: string]>([
    ['recall', 'failed-before-change'],
    ['observe', 'failed-before-change'],
    ['claim', 'failed-before-change'],
    ['prepare', 'failed-before-change'],
    ['preview', 'failed-before-change'],
    ['pin', 'failed-before-change'],
  ])('that is lost at "%s" changes nothing on the others: %s', async (call, outcome) => {
    const hosts = { a: upgrade(), b: upgrade({ fails: { [call]: lost } }), c: upgrade() };
    // Without a hash to compare nobody asks for a preview.
    const deployed = await deploymentTo(hosts, call === 'preview' ? { planHash: 'feedbeef' } : {});
    expect(deployed.result).toMatchObject({
      outcome,
      error: lost,
      release: call === 'recall' || call === 'observe' ? '' : '1-aaaaaaa',
    });
    expectUntouched(deployed);
  });

  it('that fails is the error, and what others say is told too', async () => {
    const other = new GitopsError('disk-full', { attempted: 'stage', seen: 'no space', remedy: 'make some' });
    const stories = { a: upgrade({ fails: { prepare: lost } }), b: upgrade({ fails: { prepare: other } }) };
    const { result, reporter } = await deploymentTo(stories);
    expect(result.error).toBe(lost);
    expect(reporter.said).toEqual([`error: ${other.message}`]);
  });

  it('fails for the same reason as another, which is told once', async () => {
    const { result, reporter } = await deploymentTo({
      a: upgrade({ fails: { prepare: lost } }),
      b: upgrade({ fails: { prepare: lost } }),
    });
    expect(result.error).toBe(lost);
    expect(reporter.said).toEqual([]);
  });
});

describe('files with errors', () => {
  const finding = (file: string, severity: Finding['severity']): Finding => ({
    rule: 'x',
    severity,
    file,
    message: 'bad',
    remedy: 'mend',
  });
  const load = async (_: unknown, { target: { name } }: Scope) =>
    name === 'b'
      ? { declared: declared(), secrets: ['of b'], findings: [finding('b.yaml', 'warning')] }
      : { secrets: [`of ${name}`], findings: [finding(`${name}.yaml`, 'error')] };

  it('are told for all targets at once, and nothing is asked of any host', async () => {
    const provider = { ...memoryProvider(), load };
    const deployed = await deploymentTo({ a: upgrade(), b: upgrade(), c: upgrade() }, { provider });
    expect(deployed.result).toMatchObject({ outcome: 'failed-before-change', error: { code: 'configuration' } });
    expect(deployed.result.error?.message).toMatch(/a\.yaml: bad.*\n.*c\.yaml: bad/);
    expect(deployed.log).toEqual(['c dispose', 'b dispose', 'a dispose']);
    expect(deployed.reporter.found.map(({ file }) => file)).toEqual(['b.yaml']);
    expect(deployed.reporter.masked).toEqual(['of a', 'of b', 'of c']);
  });

  it('are told before a host that is down', async () => {
    const provider = { ...memoryProvider(), load };
    const { result } = await deploymentTo({ a: upgrade({ unreachable: lost }), b: upgrade() }, { provider });
    expect(result.error?.code).toBe('configuration');
  });
});

describe('many hosts', () => {
  it('are all deployed to, no more than 20 of them side by side', async () => {
    let [busy, most] = [0, 0];
    const story = upgrade();
    const deployed = await deploymentTo(
      hosts(45, () => story),
      {
        provider: {
          ...memoryProvider(),
          load: async () => {
            busy += 1;
            most = Math.max(most, busy);
            await setImmediate();
            busy -= 1;
            return { declared: declared(), secrets: [], findings: [] };
          },
        },
      },
    );
    expect(most).toBe(20);
    expect(deployed.result).toMatchObject({ outcome: 'deployed', release: '2-bbbbbbb' });
    expect(deployed.result.targets.map(({ release }) => release)).toEqual(Array(45).fill('2-bbbbbbb'));
  });

  it('are all told to go back as soon as one fails, however many there are', async () => {
    const story = (index: number) => upgrade({ applied: index === 44 ? 'reverted' : 'applying' });
    const { result, sessions } = await deploymentTo(hosts(45, story));
    expect(result.outcome).toBe('rolled-back');
    expect(result.targets.map(({ outcome }) => outcome)).toEqual(Array(45).fill('rolled-back'));
    expect([...sessions.values()].filter(({ orders }) => orders.includes('confirm'))).toEqual([]);
  });
});

describe('results', () => {
  it.each([
    [['b'], 'b', 'a'],
    [['a'], 'a', 'b'],
  ])('are in the order of the names, whichever targets move: %j', async (moving) => {
    const story = (name: string) => (moving.includes(name) ? upgrade() : nothingToDo());
    const { result } = await deploymentTo({ c: nothingToDo(), b: story('b'), a: story('a') });
    expect(result.targets.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual(
      ['a', 'b', 'c'].map((name) => `${name} ${moving.includes(name) ? 'deployed' : 'unchanged'}`),
    );
    expect(result).toMatchObject({ outcome: 'deployed', release: '2-bbbbbbb', previousRelease: '1-aaaaaaa' });
  });
});
