import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SHELLS, TrialHost } from '../testing/trial-host.ts';
import { lay, stateOf, step, track } from '../testing/trial-transaction.ts';

const FORWARD = 'step files 60 write_data 2-bbbbbbb 1-aaaaaaa || return 1\n';
const BACK = 'step files 60 write_data 1-aaaaaaa 2-bbbbbbb || return 1\n';

/** The old release's files as its deployment left them, and files of the application's beside them. */
function deployed(host: TrialHost): void {
  track(host, '1-aaaaaaa', 'web/conf/app.conf', 'old\n');
  track(host, '1-aaaaaaa', 'web/conf/gone.conf', 'of the old release\n');
  track(host, '2-bbbbbbb', 'web/conf/app.conf', 'new and longer\n');
  track(host, '2-bbbbbbb', 'web/conf/run me.sh', 'echo new\n', 0o755);
  host.write('data/web/conf/app.conf', 'old\n');
  host.write('data/web/conf/gone.conf', 'of the old release\n');
  host.write('data/web/conf/cache.db', 'of the application\n');
}

function inode(host: TrialHost, path: string): number {
  return statSync(host.path(path)).ino;
}

function modeOf(host: TrialHost, path: string): string {
  return (statSync(host.path(path)).mode & 0o777).toString(8);
}

/** Runs a transaction that is left as it is when its last step is done. */
async function apply(host: TrialHost, scripts: Parameters<typeof lay>[1] & { apply: string }): Promise<void> {
  const stop = step('stop', `echo freeze >${host.path('transactions/2/order')}`);
  lay(host, { ...scripts, apply: scripts.apply + stop });
  await host.supervise(2).ended;
}

describe.each(SHELLS)('the files of a writable folder on a host with %s', (shell) => {
  it('are those of the new release, and the application keeps its own', async () => {
    await using host = new TrialHost(shell);
    deployed(host);
    const before = inode(host, 'data/web/conf/app.conf');
    await apply(host, { apply: FORWARD });
    expect(host.read('data/web/conf/app.conf')).toBe('new and longer\n');
    expect(inode(host, 'data/web/conf/app.conf')).toBe(before);
    expect(readdirSync(host.path('data/web/conf')).sort()).toEqual(['app.conf', 'cache.db', 'run me.sh']);
    expect(host.read('data/web/conf/cache.db')).toBe('of the application\n');
    expect([modeOf(host, 'data/web/conf/run me.sh'), modeOf(host, 'data/web/conf/app.conf')]).toEqual(['755', '644']);
  });

  it('are put back by a revert, what the application wrote into them too', async () => {
    await using host = new TrialHost(shell);
    deployed(host);
    const before = inode(host, 'data/web/conf/app.conf');
    const application = `echo scribbled >>${host.path('data/web/conf/app.conf')}; echo row >>${host.path('data/web/conf/cache.db')}`;
    await apply(host, { apply: FORWARD + step('application', `${application}; false`), revert: BACK });
    expect(stateOf(host)).toBe('reverted application');
    expect(host.read('data/web/conf/app.conf')).toBe('old\n');
    expect(inode(host, 'data/web/conf/app.conf')).toBe(before);
    expect(readdirSync(host.path('data/web/conf')).sort()).toEqual(['app.conf', 'cache.db', 'gone.conf']);
    expect(host.read('data/web/conf/cache.db')).toBe('of the application\nrow\n');
  });

  it('are closed again by a revert where they were closed before we came', async () => {
    await using host = new TrialHost(shell);
    deployed(host);
    host.write('releases/1-aaaaaaa/modes', '600 web/conf/app.conf\n');
    await apply(host, { apply: FORWARD + step('application', 'false'), revert: BACK });
    expect([stateOf(host), modeOf(host, 'data/web/conf/app.conf')]).toEqual(['reverted application', '600']);
  });

  it('lie in folders that other users may enter', async () => {
    await using host = new TrialHost(shell);
    track(host, '2-bbbbbbb', 'web/new/deep/file', 'x');
    host.write('releases/2-bbbbbbb/folders', 'web/empty\n');
    await apply(host, { apply: FORWARD });
    for (const folder of ['web/new/deep', 'web/empty']) expect(modeOf(host, `data/${folder}`)).toBe('755');
  });

  it('of a file that is as it should be are not written', async () => {
    await using host = new TrialHost(shell);
    deployed(host);
    track(host, '2-bbbbbbb', 'web/conf/app.conf', 'old\n');
    const before = statSync(host.path('data/web/conf/app.conf')).ctimeMs;
    await apply(host, { apply: FORWARD });
    expect(statSync(host.path('data/web/conf/app.conf')).ctimeMs).toBe(before);
  });

  it('never reach what the application links to', async () => {
    await using host = new TrialHost(shell);
    deployed(host);
    host.write('elsewhere/app.conf', 'of the host\n');
    execFileSync('rm', [host.path('data/web/conf/app.conf')]);
    symlinkSync(host.path('elsewhere/app.conf'), host.path('data/web/conf/app.conf'));
    await apply(host, { apply: FORWARD });
    expect(host.read('elsewhere/app.conf')).toBe('of the host\n');
    expect(host.read('data/web/conf/app.conf')).toBe('new and longer\n');
  });

  it.each([
    ['written', FORWARD],
    ['removed', 'step files 60 write_data none 1-aaaaaaa || return 1\n'],
  ])('are not %s through a folder that is a link', async (_, files) => {
    await using host = new TrialHost(shell);
    deployed(host);
    execFileSync('rm', ['-r', host.path('data/web/conf')]);
    host.write('elsewhere/app.conf', 'of the host\n');
    symlinkSync(host.path('elsewhere'), host.path('data/web/conf'));
    await apply(host, { apply: files });
    expect(host.read('elsewhere/app.conf')).toBe('of the host\n');
    expect(readdirSync(host.path('elsewhere'))).toEqual(['app.conf']);
  });

  it('replace a pipe instead of waiting for its reader', async () => {
    await using host = new TrialHost(shell);
    deployed(host);
    execFileSync('rm', [host.path('data/web/conf/app.conf')]);
    execFileSync('mkfifo', [host.path('data/web/conf/app.conf')]);
    await apply(host, { apply: FORWARD });
    expect(readFileSync(host.path('data/web/conf/app.conf'), 'utf8')).toBe('new and longer\n');
  });

  it('fail where the application has put a folder, and the revert says so', async () => {
    await using host = new TrialHost(shell);
    deployed(host);
    execFileSync('rm', [host.path('data/web/conf/app.conf')]);
    mkdirSync(host.path('data/web/conf/app.conf'));
    await apply(host, { apply: FORWARD });
    expect(stateOf(host)).toBe('reverted files');
    expect(existsSync(host.path('data/web/conf/cache.db'))).toBe(true);
  });
});
