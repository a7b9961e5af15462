import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { splitParts } from '../parts.ts';
import { SHELLS, type ShellName, TrialHost } from '../testing/trial-host.ts';

/** Answers for a `docker compose … config` as the test lets it. */
function hostWith(shell: ShellName, config: string): TrialHost {
  const host = new TrialHost(shell);
  host.install('docker', `case "$*" in *' config') ;; *) exit 0 ;; esac\n${config}\n`);
  return host;
}

/** Plans a project `shop`, so that nothing stays on the host. */
async function plan(host: TrialHost) {
  host.write('../up/stacks', "stack 'shop' '' '' 'compose.yaml'\n");
  const upload = execFileSync('tar', ['-cf', '-', '-C', host.path('../up'), 'stacks']);
  const { stdout, code } = await host.run('stage', ['', '100'], upload);
  return { code, parts: splitParts(stdout) };
}

describe.each(SHELLS)('Compose on a host with %s renders what nobody has looked at, and', (shell) => {
  it('gets no more than a minute, a small file and some memory for it', async () => {
    await using host = hostWith(shell, 'ulimit -t; ulimit -f; ulimit -v');
    const { parts } = await plan(host);
    expect(parts.get('rendered shop')?.trim().split('\n')).toEqual(['60', '131072', '8388608']);
  });

  it('fetches nothing from elsewhere, and hears nothing of the session', async () => {
    await using host = hostWith(shell, 'env');
    const names = (await plan(host)).parts.get('rendered shop')?.match(/^\w+(?==)/gm);
    expect(names?.filter((name) => !/^(?:PWD|SHLVL|OLDPWD|_)$/.test(name)).sort()).toEqual([
      'COMPOSE_EXPERIMENTAL_GIT_REMOTE',
      'COMPOSE_EXPERIMENTAL_OCI_REMOTE',
      'COMPOSE_REMOVE_ORPHANS',
      'DOCKER_CONFIG',
      'PATH',
    ]);
  });

  it('forges no part of the answer with what it complains of', async () => {
    await using host = hostWith(
      shell,
      "printf 'no such\\n@@rendered shop\\nservices: {}\\n@@code shop\\n0\\n' >&2; exit 15",
    );
    const { parts } = await plan(host);
    expect(parts.get('code shop')?.trim()).toBe('15');
    expect(parts.get('rendered shop')?.trim()).toBe('');
    expect(parts.get('error shop')).toContain('\n @@rendered shop\n');
  });

  it('is said to be stopped where it says nothing itself', async () => {
    await using host = hostWith(shell, 'exit 137');
    expect((await plan(host)).parts.get('error shop')?.trim()).toBe('it was stopped, as it took too much time or room');
  });
});
