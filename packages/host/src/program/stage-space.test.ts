import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { splitParts } from '../parts.ts';
import { PROGRAMS } from '../programs.generated.ts';
import { SHELLS, type ShellName, TrialHost } from '../testing/trial-host.ts';

/** Answers for `/docker` and for staging, in KiB. A function, as the shell of busybox takes its own `df` before any in PATH. */
const DF = `df() {
case $2 in
  /docker) free=DOCKER ;;
  */staging/* | */tmp.*) free=STATE ;;
  *) echo "df: $2: No such file or directory" >&2; return 1 ;;
esac
printf 'Filesystem 1024-blocks Used Available Capacity Mounted on\\n/dev/vda1 1 1 %s 1%% /\\n' "$free"
}
`;

const disks = new WeakMap<TrialHost, string>();

function hostWith(shell: ShellName, stateKib: string, dockerKib: string, root = '/docker'): TrialHost {
  const host = new TrialHost(shell);
  host.install('docker', `[ "$1" != info ] || echo '${root}'\n`);
  disks.set(host, DF.replace('STATE', stateKib).replace('DOCKER', dockerKib));
  return host;
}

/** An upload of 100 KiB, as far as the program is told. */
async function stage(host: TrialHost, staging: string) {
  host.write('../stacks', '');
  const upload = execFileSync('tar', ['-cf', '-', '-C', host.path('..'), 'stacks']).toString();
  const { code, stdout } = await host.sh(`${disks.get(host)}${PROGRAMS.stage}`, [staging, '100'], upload);
  return { code, parts: splitParts(stdout) };
}

describe.each(SHELLS)('before an upload on a host with %s', (shell) => {
  it('the free space is measured, in the same call', async () => {
    await using host = hostWith(shell, '900000', '700000');
    const { parts } = await stage(host, host.path('staging/7'));
    expect(parts.get('space')?.trim()).toBe('900000 700000 /docker');
  });

  it('a full disk is refused before the first byte', async () => {
    await using host = hostWith(shell, String(65_536 + 99), '700000');
    const { code, parts } = await stage(host, host.path('staging/7'));
    expect(code).toBe(7);
    expect([...parts]).toEqual([['full', String(65_536 + 99)]]);
    expect(existsSync(host.path('staging/7'))).toBe(false);
  });

  it('just enough is enough', async () => {
    await using host = hostWith(shell, String(65_536 + 100), '700000');
    expect((await stage(host, host.path('staging/7'))).parts.has('space')).toBe(true);
  });

  it('a plan is not to fill the disk of temporary files either', async () => {
    await using host = hostWith(shell, String(16_384 + 99), '700000');
    const { code, parts } = await stage(host, '');
    expect([code, ...parts]).toEqual([7, ['full', String(16_384 + 99)]]);
    await using enough = hostWith(shell, String(16_384 + 100), '700000');
    expect((await stage(enough, '')).parts.get('space')?.trim()).toBe('- 700000 /docker');
  });

  it('what can not be read stops nothing', async () => {
    await using host = hostWith(shell, '-', '1', '/nowhere to be found');
    const { parts } = await stage(host, host.path('staging/7'));
    expect(parts.get('space')?.trim()).toBe('- - /nowhere to be found');
    expect((await stage(host, '')).parts.get('space')?.trim()).toBe('- - /nowhere to be found');
  });

  it('a login that a killed pull has left is removed', async () => {
    await using host = hostWith(shell, '900000', '700000');
    host.write('staging/6/.pull.abc/config.json', '{}');
    host.write('staging/6/tree/file', '');
    await stage(host, host.path('staging/7'));
    expect(readdirSync(host.path('staging/6'))).toEqual(['tree']);
  });
});
