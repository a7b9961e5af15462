import { renameSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bootId, isAtWork, SHELLS, TrialHost, until, uptimeSeconds } from '../testing/trial-host.ts';
import { arrivalAt, eventsOf, gate, journalOf, lay, reach, stateOf, step } from '../testing/trial-transaction.ts';

/** Renews the lease as its keeper does, whole or not at all. */
function beat(host: TrialHost, uptime: number): void {
  host.write('lease/2.new', String(uptime));
  renameSync(host.path('lease/2.new'), host.path('lease/2.beat'));
}

describe.each(SHELLS)('a transaction on a host with %s', (shell) => {
  it('that is confirmed makes its release current, with a line before and after each step', async () => {
    await using host = new TrialHost(shell);
    lay(host, { apply: step('one', 'true') + step('two', 'echo done') });
    const run = host.supervise(2);
    await reach(host, 'awaiting');
    expect(host.read('current')).toBe('1-aaaaaaa\n');
    await host.run('order', [host.env, '2', '2', 'confirm', '2-bbbbbbb'], '{"name":"2-bbbbbbb"}\n');
    await run.ended;
    expect(stateOf(host)).toBe('confirmed');
    expect(host.read('current')).toBe('2-bbbbbbb\n');
    expect(host.read('releases/2-bbbbbbb/manifest.json')).toBe('{"name":"2-bbbbbbb"}\n');
    expect(host.read('transactions/2/log')).toBe('── one\n── two\ndone\n');
    expect(eventsOf(host)).toEqual([
      'apply one begin 0',
      'apply one end 0',
      'apply two begin 0',
      'apply two end 0',
      'confirm current begin 0',
      'confirm current end 0',
    ]);
    expect(journalOf(host)[0]).toEqual({
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      fence: 2,
      transaction: 2,
      release: '2-bbbbbbb',
      phase: 'apply',
      step: 'one',
      event: 'begin',
      code: 0,
    });
  });

  it('whose second step fails goes back as a whole, and says which', async () => {
    await using host = new TrialHost(shell);
    const apply = step('one', 'true') + step('two', 'exit 7') + step('three', `touch ${host.path('ran')}`);
    lay(host, { apply, revert: step('back', 'true') });
    await host.supervise(2).ended;
    expect(stateOf(host)).toBe('reverted two');
    expect(host.read('current')).toBe('1-aaaaaaa\n');
    expect(host.read('releases/2-bbbbbbb/rendered.yml')).toBe('');
    expect(eventsOf(host)).toEqual([
      'apply one begin 0',
      'apply one end 0',
      'apply two begin 0',
      'apply two end 7',
      'revert because-two begin 0',
      'revert back begin 0',
      'revert back end 0',
      'revert verify end 0',
    ]);
  });

  it('that is ordered back while it applies stops before the next step', async () => {
    await using host = new TrialHost(shell);
    lay(host, { apply: step('one', gate(host, 'go')) + step('two', 'true'), revert: step('back', 'true') });
    const run = host.supervise(2);
    await arrivalAt(host, 'go');
    await host.run('order', [host.env, '2', '2', 'revert', '']);
    host.write('go', '');
    await run.ended;
    expect(stateOf(host)).toBe('reverted ordered');
    expect(journalOf(host).map((line) => line.step)).not.toContain('two');
  });

  it('that is ordered back in the middle of a step ends it, and all that it has started', async () => {
    await using host = new TrialHost(shell);
    const apart = `setsid sh -c "${gate(host, 'go').split('$$').join('\\$\\$')}"`;
    lay(host, { apply: step('one', apart), revert: step('back', 'true') });
    const run = host.supervise(2);
    const gatekeeper = await arrivalAt(host, 'go');
    await host.run('order', [host.env, '2', '2', 'revert', '']);
    await run.ended;
    expect(stateOf(host)).toBe('reverted ordered');
    const [, end, ...rest] = eventsOf(host);
    expect(end).toMatch(/^apply one end 1(?:37|43)$/);
    expect(rest).toEqual([
      'revert because-ordered begin 0',
      'revert back begin 0',
      'revert back end 0',
      'revert verify end 0',
    ]);
    expect(isAtWork(gatekeeper)).toBe(false);
  });

  it('carries out the first of two orders', async () => {
    await using host = new TrialHost(shell);
    lay(host, { apply: step('one', gate(host, 'go')) });
    const run = host.supervise(2);
    await arrivalAt(host, 'go');
    const order = (word: string) => host.run('order', [host.env, '2', '2', word, '2-bbbbbbb'], '{}\n');
    expect((await order('confirm')).stdout).toBe('confirm\n');
    expect((await order('revert')).stdout).toBe('confirm\n');
    host.write('go', '');
    await run.ended;
    expect(stateOf(host)).toBe('confirmed');
  });

  it.each([
    ['its manifest', [], '{"name":"2-bbbb'],
    ['nothing of it', [], ''],
    ['its verdict', ['judged'], '{"verdict":"heal'],
    ['its hold', ['held'], '{"event":"lifted"}\n{"holds":['],
  ])('does not carry out an order that was cut on its way, in the middle of %s', async (_, flags, cut) => {
    await using host = new TrialHost(shell);
    lay(host);
    host.write('releases/2-bbbbbbb/manifest.json', 'as before');
    const order = [host.env, '2', '2', 'confirm', '2-bbbbbbb', ...flags];
    expect(await host.run('order', order, cut)).toMatchObject({ code: 6 });
    expect(host.read('releases/2-bbbbbbb/manifest.json')).toBe('as before');
    expect(host.read('transactions/2/order')).toBe('');
    expect(host.read('held.json')).toBe('');
  });

  it('holds no commit for an order that comes too late', async () => {
    await using host = new TrialHost(shell);
    lay(host, { confirmTimeoutSeconds: 1 });
    beat(host, uptimeSeconds());
    await host.supervise(2).ended;
    expect(stateOf(host)).toBe('reverted runner-silent');
    const order = [host.env, '2', '2', 'revert', '', 'held'];
    expect((await host.run('order', order, '{"event":"held"}\n{"holds":[]}\n')).stdout).toBe('revert\n');
    expect(host.read('held.json')).toBe('');
  });

  it.each(['revert', 'expect'])('is not called brought back by a %s that lost its end', async (file) => {
    await using host = new TrialHost(shell);
    lay(host, { apply: step('one', 'false') });
    host.write(`transactions/2/${file}`, '');
    const run = host.supervise(2);
    await run.ended;
    expect(stateOf(host)).toMatch(/^revert-failed /);
    expect(host.read('current')).toBe('1-aaaaaaa\n');
  });

  it('takes no order of an older fence', async () => {
    await using host = new TrialHost(shell);
    lay(host);
    expect(await host.run('order', [host.env, '1', '2', 'confirm', '2-bbbbbbb'], '{}\n')).toMatchObject({
      code: 4,
      stdout: 'lost\n',
    });
    expect(host.read('transactions/2/order')).toBe('');
  });

  it('goes back by itself when the runner is silent after the last step', async () => {
    await using host = new TrialHost(shell);
    lay(host, { confirmTimeoutSeconds: 1, revert: step('back', 'true') });
    beat(host, uptimeSeconds());
    await host.supervise(2).ended;
    expect(stateOf(host)).toBe('reverted runner-silent');
    expect(host.read('current')).toBe('1-aaaaaaa\n');
  });

  it('waits as long as the lease is renewed', async () => {
    await using host = new TrialHost(shell);
    lay(host, { confirmTimeoutSeconds: 2 });
    beat(host, uptimeSeconds());
    const run = host.supervise(2);
    await reach(host, 'awaiting');
    const enough = uptimeSeconds() + 4;
    await until('twice the time has passed', () => {
      beat(host, uptimeSeconds());
      return uptimeSeconds() >= enough;
    });
    expect(stateOf(host)).toBe('awaiting');
    beat(host, 0);
    await run.ended;
    expect(stateOf(host)).toBe('reverted runner-silent');
  });

  it('may be frozen', async () => {
    await using host = new TrialHost(shell);
    lay(host);
    const run = host.supervise(2);
    await reach(host, 'awaiting');
    await host.run('order', [host.env, '2', '2', 'freeze', '']);
    await run.ended;
    expect(stateOf(host)).toBe('frozen ordered');
    expect(host.read('current')).toBe('1-aaaaaaa\n');
    expect(eventsOf(host)).toEqual(['freeze hold end 0']);
  });

  it('whose way back is wedged is unwedged, and goes back then', async () => {
    await using host = new TrialHost(shell);
    const revert = step('back', `test -e ${host.path('open')}`);
    lay(host, { apply: step('one', 'false'), revert, unwedge: step('down', `touch ${host.path('open')}`) });
    await host.supervise(2).ended;
    expect(stateOf(host)).toBe('reverted one');
    expect(eventsOf(host).slice(3)).toEqual([
      'revert back begin 0',
      'revert back end 1',
      'revert down begin 0',
      'revert down end 0',
      'revert back begin 0',
      'revert back end 0',
      'revert verify end 0',
    ]);
  });

  it.each([
    ['fails again', { revert: step('back', 'false') }, 'revert-failed one back'],
    ['cannot be unwedged', { revert: step('back', 'false'), unwedge: step('down', 'false') }, 'revert-failed one down'],
    ['cannot be verified', { expect: 'expect lab web hash image 1 service || return 1' }, 'revert-failed one verify'],
  ])('whose way back %s says so and touches nothing more', async (_, scripts, end) => {
    await using host = new TrialHost(shell);
    lay(host, { apply: step('one', 'false'), ...scripts });
    await host.supervise(2).ended;
    expect(stateOf(host)).toBe(end);
    expect(host.read('current')).toBe('1-aaaaaaa\n');
    expect(eventsOf(host).at(-1)).toBe('revert verify end 1');
  });

  it('whose way back to what was taken over fails keeps the record of that', async () => {
    await using host = new TrialHost(shell);
    lay(host, { apply: step('one', 'false'), revert: step('back', 'false') });
    host.write(
      'transactions/2/settings',
      'projects=lab\nrelease=2-bbbbbbb\nadopted=0-0000000\nconfirm_timeout=60\ncomplete=yes\n',
    );
    host.write('releases/0-0000000/manifest.json', '{}');
    await host.supervise(2).ended;
    expect(stateOf(host)).toBe('revert-failed one back');
    expect(host.read('current')).toBe('0-0000000\n');
    expect(host.read('releases/0-0000000/manifest.json')).toBe('{}');
  });

  it('that is ordered to go back before it began goes back, and whoever waits for that is told', async () => {
    await using host = new TrialHost(shell);
    lay(host, { apply: step('one', `touch ${host.path('ran')}; echo >${host.path('ran')}`) });
    host.write('transactions/2/order', 'revert\n');
    const settled = host.run('settle', [host.env, '2']);
    await host.supervise(2).ended;
    expect((await settled).stdout).toMatch(/^reverted /);
    expect(stateOf(host)).toBe('reverted ordered');
    expect(host.read('ran')).toBe('');
  });

  it.each<readonly [string, () => readonly [string, string]]>([
    ['it has a status', () => ['transactions/2/status', `reverted 1 1 ${bootId()} 1 recovered\n`]],
    ['the lease went to another', () => ['lease/3', `human\n${bootId()}\n999999999\n{}\n`]],
  ])('is not applied when somebody else took care of it: %s', async (_, trace) => {
    await using host = new TrialHost(shell);
    lay(host, { apply: step('one', `touch ${host.path('ran')}; echo >${host.path('ran')}`) });
    const [path, content] = trace();
    host.write(path, content);
    await host.supervise(2).ended;
    expect(host.read('ran')).toBe('');
    expect(host.read('journal.ndjson')).toBe('');
  });
});

/** A Docker that lists the containers of the file `containers`, one line each: `ID PROJECT SERVICE ONEOFF HASH IMAGE STATE`. */
const LISTING_DOCKER = `
cd "$(dirname "$0")/../state/lab/production" || exit 1
[ -e containers ] || { echo 'Cannot connect to the Docker daemon' >&2; exit 1; }
case "$*" in
  "ps "*) awk '{ print $1, $2, $4 }' containers ;;
  "container inspect"*) for id do awk -v id="$id" -v OFS='|' '$1 == id { print $2, $3, $5, $6, $7 }' containers; done ;;
esac
`;

describe.each(SHELLS)('the former state, verified on a host with %s,', (shell) => {
  const web = 'a lab web False hash image running\n';
  const expectations = 'expect lab web hash image 1 service || return 1\nexpect_only lab web || return 1\n';

  it.each([
    ['is right', web, 'reverted one'],
    ['may restart', 'a lab web False hash image restarting\n', 'reverted one'],
    ['is right beside a one-off container', `${web}b lab web True other other exited\n`, 'reverted one'],
    ['has no container', 'b lab db True other other exited\n', 'revert-failed one verify'],
    ['has one too many', `${web}b lab web False hash image running\n`, 'revert-failed one verify'],
    ['runs another image', 'a lab web False hash other running\n', 'revert-failed one verify'],
    ['was configured otherwise', 'a lab web False other image running\n', 'revert-failed one verify'],
    ['does not run', 'a lab web False hash image exited\n', 'revert-failed one verify'],
    ['has a service too many', `${web}b lab db False hash image running\n`, 'revert-failed one verify'],
  ])('%s', async (_, containers, end) => {
    await using host = new TrialHost(shell);
    host.install('docker', LISTING_DOCKER);
    lay(host, { apply: step('one', 'false'), expect: expectations });
    host.write('containers', containers);
    await host.supervise(2).ended;
    expect(stateOf(host)).toBe(end);
  });

  it.each([
    [
      'is right beside a service of the same name in another one',
      `${web}b blog web False other other exited\n`,
      'reverted one',
    ],
    [
      'is not right while the other one holds what it did not have',
      `${web}b blog db False hash image running\n`,
      'revert-failed one verify',
    ],
    ['is not right in the other one alone', 'a blog web False hash image running\n', 'revert-failed one verify'],
  ])('of two projects %s', async (_, containers, end) => {
    await using host = new TrialHost(shell);
    host.install('docker', LISTING_DOCKER);
    const other = 'expect_only blog web || return 1\n';
    lay(host, { apply: step('one', 'false'), expect: `${expectations}${other}`, projects: 'lab blog' });
    host.write('containers', containers);
    await host.supervise(2).ended;
    expect(stateOf(host)).toBe(end);
  });

  it('has nothing of a project that was only just added', async () => {
    await using host = new TrialHost(shell);
    host.install('docker', LISTING_DOCKER);
    const none = 'expect_only blog || return 1\n';
    lay(host, { apply: step('one', 'false'), expect: `${expectations}${none}`, projects: 'lab blog' });
    host.write('containers', `${web}b blog web False hash image running\n`);
    await host.supervise(2).ended;
    expect(stateOf(host)).toBe('revert-failed one verify');
  });

  it('is not called verified when Docker does not answer, even if nothing is expected', async () => {
    await using host = new TrialHost(shell);
    host.install('docker', LISTING_DOCKER);
    lay(host, { apply: step('one', 'false'), expect: 'expect_only lab || return 1\n' });
    await host.supervise(2).ended;
    expect(stateOf(host)).toBe('revert-failed one verify');
  });
});
