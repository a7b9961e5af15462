import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { packTar } from '../ssh/index.ts';
import { bootId, type Ended, SHELLS, TrialHost } from '../testing/trial-host.ts';
import { entry } from '../transaction-files.ts';

const CLAIM = `human\n${bootId()}\n999999999\n{}\n`;

/** Begins transaction 2, which takes over what becomes release 0; `tag` is what `docker tag` does. */
async function begin(host: TrialHost, tag: string, more: Readonly<Record<string, string>> = {}): Promise<Ended> {
  host.write('lease/2', CLAIM);
  host.install('docker', `[ "$1" = tag ] || exit 0\n${tag}\n`);
  const files = {
    'transaction/settings': '',
    'transaction/sources': '',
    'transaction/tags': 'sha256:a gitops/lab-production:a\n',
    'release/manifest.json': '{}',
    'adopted/copies': '',
    'adopted/rendered.yml': '{}',
    'hmac.key': 'key',
    ...more,
    end: '',
  };
  const entries = Object.entries(files).map(([path, content]) => entry(path, content));
  const args = [host.env, '2', host.path('staging', '2'), '1-aaaaaaa', '0-0000000'];
  return host.run('begin', args, await text(packTar(entries)));
}

describe.each(SHELLS)('what is taken over on a host with %s', (shell) => {
  it('keeps the files that are going to be written over, and who may read them', async () => {
    await using host = new TrialHost(shell);
    const folder = host.path('by hand');
    mkdirSync(folder);
    writeFileSync(join(folder, 'app.conf'), 'own', { mode: 0o600 });
    const more = { [`release/data/@${folder}/app.conf`]: 'new', [`release/data/@${folder}/more.conf`]: 'new' };
    await begin(host, '', more);
    const zero = host.path('releases/0-0000000');
    expect(readFileSync(join(zero, 'data/@', folder, 'app.conf'), 'utf8')).toBe('own');
    expect(readFileSync(join(zero, 'modes'), 'utf8')).toBe(`600 @/.${folder}/app.conf\n`);
  });
});

describe.each(SHELLS)('an archive that was cut on its way to a host with %s', (shell) => {
  it('between two files is no transaction', async () => {
    await using host = new TrialHost(shell);
    host.write('lease/2', CLAIM);
    host.install('docker', '');
    const files = ['settings', 'sources', 'tags'].map((name) => entry(`transaction/${name}`, ''));
    const args = [host.env, '2', host.path('staging', '2'), '1-aaaaaaa'];
    expect(await host.run('begin', args, await text(packTar(files)))).toMatchObject({
      code: 5,
      stdout: 'not-written\n',
    });
    expect(existsSync(host.path('transactions/2'))).toBe(false);
  });
});

describe.each(SHELLS)('a transaction that begins on a host with %s', (shell) => {
  it('removes what runs before it were uploading when they were killed', async () => {
    await using host = new TrialHost(shell);
    for (const name of ['staging/1', 'transactions/.incoming.1', 'staging/3', 'transactions/.incoming.3']) {
      host.write(`${name}/x`, '');
    }
    expect((await begin(host, '')).code).toBe(0);
    const left = ['staging/1', 'transactions/.incoming.1', 'staging/3', 'transactions/.incoming.3'];
    expect(left.filter((name) => existsSync(host.path(name)))).toEqual(['staging/3', 'transactions/.incoming.3']);
  });
});

describe.each(SHELLS)('a transaction that does not begin on a host with %s', (shell) => {
  it('leaves nothing that the next run would recover', async () => {
    await using host = new TrialHost(shell);
    expect((await begin(host, 'exit 1')).code).toBe(6);
    expect(existsSync(host.path('releases/0-0000000'))).toBe(false);
    expect(await host.run('recover', [host.env, '2'])).toMatchObject({
      code: 1,
      stderr: 'no transaction was ever begun\n',
    });
  });

  it('leaves the way back to whoever holds the lease by then', async () => {
    await using host = new TrialHost(shell);
    host.write('claim', CLAIM);
    expect((await begin(host, `cp ${host.path('claim')} ${host.path('lease/3')}; exit 1`)).code).toBe(6);
    expect(host.read('releases/0-0000000/rendered.yml')).toBe('{}');
    expect(existsSync(host.path('transactions/2/settings'))).toBe(true);
  });
});
