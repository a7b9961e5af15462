import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { splitParts } from '../parts.ts';
import { parseInventory } from '../prune.ts';
import { bootId, SHELLS, type ShellName, TrialHost } from '../testing/trial-host.ts';

/** A Docker whose images and containers are lines of files in the state folder: `REFERENCE ID`, `image ID`, `mount PATH`. */
const DOCKER = `
state=STATE
case "$1 $2" in
  'ps -aq') [ ! -s $state/uses ] || echo container ;;
  'container inspect')
    case $4 in *image*) cat $state/uses ;; *) sed -n 's/^mount //p' $state/uses ;; esac ;;
  'images --no-trunc') grep '^gitops/' $state/images ;;
  'image inspect') awk -v name="$5" '$1 == name { print $2; found = 1 } END { exit !found }' $state/images ;;
  rmi*)
    echo "$2" >>$state/removed
    [ ! -e $state/stuck ] || { echo 'Error response from daemon: conflict' >&2; exit 1; }
    grep -v "^$2 " $state/images >$state/images.new; mv $state/images.new $state/images ;;
esac
`;

const id = (letter: string) => `sha256:${letter.repeat(64)}`;

/** A host at release 3 of lab/production, under lease 7. */
function hostWith(shell: ShellName): TrialHost {
  const host = new TrialHost(shell);
  host.install('docker', DOCKER.replace('STATE', host.path('..', '..')));
  host.write('lease/7', `human\n${bootId()}\n999999999\n{}\n`);
  host.write('current', '3-ccccccc\n');
  for (const [number, letter] of [
    [1, 'a'],
    [2, 'b'],
    [3, 'c'],
  ] as const) {
    const folder = `releases/${number}-${letter.repeat(7)}`;
    const manifest = { name: `${number}`, createdAt: `2026-01-0${number}T00:00:00.000Z`, actor: '"createdAt":"never"' };
    host.write(`${folder}/manifest.json`, JSON.stringify(manifest));
    host.write(`${folder}/rendered.yml`, '{}');
    host.write(`${folder}/env`, 'A=1\n');
    host.write(`${folder}/template/compose.yaml`, '{}');
    host.write(`${folder}/images`, `${id(letter)} app:${number}\n`);
    host.write(`${folder}/objects`, `${letter}0\n`);
    host.write(`objects/${letter}0`, letter);
  }
  host.write('../../uses', '');
  images(host, [
    `app:1 ${id('a')}`,
    `app:2 ${id('b')}`,
    `app:3 ${id('c')}`,
    `gitops/lab-production:a ${id('a')}`,
    `gitops/lab-production:b ${id('b')}`,
    `gitops/lab-production:c ${id('c')}`,
  ]);
  return host;
}

function images(host: TrialHost, lines: readonly string[]): void {
  host.write('../../images', lines.map((line) => `${line}\n`).join(''));
}

const names = (host: TrialHost, folder: string) => readdirSync(host.path(folder)).sort();
const tags = (host: TrialHost) =>
  host
    .read('../../images')
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(' ')[0]);

async function prune(host: TrialHost, ...orders: readonly string[]): Promise<readonly string[]> {
  const { code, stdout, stderr } = await host.run('prune', [host.env, '7'], orders.map((each) => `${each}\n`).join(''));
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return stdout.split('\n').filter(Boolean);
}

describe.each(SHELLS)('pruning on a host with %s', (shell) => {
  it('takes a release with its image and its objects, and nothing else', async () => {
    await using host = hostWith(shell);
    expect(await prune(host, 'remove 1-aaaaaaa')).toEqual([
      'done image app:1',
      'done image gitops/lab-production:a',
      'done object a0',
      'done release 1-aaaaaaa',
    ]);
    expect(names(host, 'releases')).toEqual(['2-bbbbbbb', '3-ccccccc']);
    expect(names(host, 'objects')).toEqual(['b0', 'c0']);
    expect(tags(host)).toEqual(['app:2', 'app:3', 'gitops/lab-production:b', 'gitops/lab-production:c']);
    expect(await prune(host)).toEqual([]);
  });

  it('leaves template and manifest of a release that loses its secrets', async () => {
    await using host = hostWith(shell);
    host.write('releases/1-aaaaaaa/stacks/shop/rendered.yml', '{}');
    host.write('releases/1-aaaaaaa/stacks/shop/env', 'A=1\n');
    expect(await prune(host, 'strip 1-aaaaaaa')).toEqual(['done secrets 1-aaaaaaa']);
    expect(names(host, 'releases/1-aaaaaaa')).toEqual(['images', 'manifest.json', 'objects', 'stacks', 'template']);
    expect(names(host, 'releases/1-aaaaaaa/stacks/shop')).toEqual([]);
    const history = await host.run('history', [host.env]);
    expect(history.stdout).toContain('1-aaaaaaa {');
  });

  it.each(['remove 3-ccccccc', 'strip 3-ccccccc', 'remove ..', 'remove ../../x', 'remove 9-fffffff', 'remove'])(
    'does not do %j',
    async (order) => {
      await using host = hostWith(shell);
      expect(await prune(host, order)).toEqual([]);
      expect(names(host, 'releases')).toEqual(['1-aaaaaaa', '2-bbbbbbb', '3-ccccccc']);
      expect(host.read('releases/3-ccccccc/rendered.yml')).toBe('{}');
    },
  );

  it('keeps an image that another environment protects, and only lets go of it', async () => {
    await using host = hostWith(shell);
    images(host, [`app:1 ${id('a')}`, `gitops/lab-production:a ${id('a')}`, `gitops/lab-staging:a ${id('a')}`]);
    await prune(host, 'remove 1-aaaaaaa');
    expect(tags(host)).toEqual(['app:1', 'gitops/lab-staging:a']);
  });

  it('keeps the image of an environment whose tags have the same name', async () => {
    await using host = hostWith(shell);
    const twin = host.path('..', '..', 'a', 'b-c');
    host.write('../../a/b-c/lease/7', host.read('lease/7'));
    host.write('../../a/b-c/current', '3-ccccccc\n');
    host.write('../../a-b/c/releases/1-aaaaaaa/images', `${id('a')} app:1\n`);
    images(host, [`gitops/a-b-c:a ${id('a')}`, `gitops/a-b-c:b ${id('b')}`]);
    const { code } = await host.run('prune', [twin, '7']);
    expect(code).toBe(0);
    expect(tags(host)).toEqual(['gitops/a-b-c:a']);
  });

  it('keeps what a container uses', async () => {
    await using host = hostWith(shell);
    host.write(
      '../../uses',
      `image ${id('a')}\nmount ${host.path('objects/a0')}\nmount ${host.path('objects/b0/x y')}\n`,
    );
    await prune(host, 'remove 1-aaaaaaa', 'remove 2-bbbbbbb');
    expect(names(host, 'objects')).toEqual(['a0', 'b0', 'c0']);
    expect(tags(host)).toEqual(['app:1', 'app:3', 'gitops/lab-production:a', 'gitops/lab-production:c']);
  });

  it('keeps a name that means another image by now', async () => {
    await using host = hostWith(shell);
    images(host, [`app:1 ${id('f')}`, `gitops/lab-production:a ${id('a')}`]);
    await prune(host, 'remove 1-aaaaaaa');
    expect(tags(host)).toEqual(['app:1']);
  });

  it('touches no image and no object while a release does not say what it needs', async () => {
    await using host = hostWith(shell);
    host.write('releases/0-0000000/manifest.json', '{}');
    expect(await prune(host, 'remove 1-aaaaaaa')).toEqual(['done release 1-aaaaaaa']);
    expect(names(host, 'objects')).toEqual(['a0', 'b0', 'c0']);
    expect(tags(host)).toHaveLength(6);
  });

  it('finishes what a crash left in the middle', async () => {
    await using host = hostWith(shell);
    host.write('releases/.gone.0-eeeeeee/images', `${id('e')} app:0\n`);
    host.write('objects/.gone.d0/file', 'x');
    host.write('transactions/.gone.4/status', 'confirmed');
    images(host, [`app:0 ${id('e')}`, `gitops/lab-production:e ${id('e')}`, `gitops/lab-production:c ${id('c')}`]);
    const history = await host.run('history', [host.env]);
    expect(history.stdout).not.toContain('gone');
    expect(await prune(host)).toEqual([
      'done image app:0',
      'done image gitops/lab-production:e',
      'done release 0-eeeeeee',
      'done object d0',
      'done transaction 4',
    ]);
    expect(names(host, 'releases')).toEqual(['1-aaaaaaa', '2-bbbbbbb', '3-ccccccc']);
    expect(tags(host)).toEqual(['gitops/lab-production:c']);
  });

  it('keeps the newest 20 transactions, by number, and removes what earlier runs left', async () => {
    await using host = hostWith(shell);
    for (let number = 1; number <= 25; number++) host.write(`transactions/${number}/status`, 'confirmed 1 2 b 3 \n');
    host.write('staging/3/tree/x', '');
    host.write('staging/7/tree/x', '');
    host.write('staging/8/tree/x', '');
    host.write('transactions/.incoming.5/x', '');
    const done = await prune(host);
    expect([...done].sort()).toEqual([
      'done leftover staging/3',
      'done leftover staging/7',
      'done leftover transactions/.incoming.5',
      ...[1, 2, 3, 4, 5].map((number) => `done transaction ${number}`),
    ]);
    expect(
      names(host, 'transactions')
        .map(Number)
        .sort((a, b) => a - b)[0],
    ).toBe(6);
    expect(names(host, 'staging')).toEqual(['8']);
  });

  it('removes nothing without the lease', async () => {
    await using host = hostWith(shell);
    host.write('lease/8', host.read('lease/7'));
    const { code } = await host.run('prune', [host.env, '7'], 'remove 1-aaaaaaa\n');
    expect(code).toBe(4);
    expect(names(host, 'releases')).toEqual(['1-aaaaaaa', '2-bbbbbbb', '3-ccccccc']);
    expect(existsSync(host.path('..', '..', 'removed'))).toBe(false);
  });

  it('says what could not be removed, and goes on', async () => {
    await using host = hostWith(shell);
    host.write('../../stuck', '');
    expect(await prune(host, 'remove 1-aaaaaaa')).toEqual([
      'failed image app:1 Error response from daemon: conflict',
      'failed image gitops/lab-production:a Error response from daemon: conflict',
      'done object a0',
      'done release 1-aaaaaaa',
    ]);
  });

  it('begins with a look at what is there', async () => {
    await using host = hostWith(shell);
    host.write('../../uses', `image ${id('a')}\nmount ${host.path('releases/2-bbbbbbb/data/x y')}\nmount /srv\n`);
    host.write('releases/4-ddddddd/rendered.yml', '{}');
    host.write('releases/0-eeeeeee/manifest.json', '{"torn');
    const { stdout, code } = await host.run('inventory', [host.env]);
    expect(code).toBe(0);
    const day = (number: number) => Date.parse(`2026-01-0${number}T00:00:00.000Z`);
    expect(parseInventory(splitParts(stdout))).toEqual({
      current: '3-ccccccc',
      releases: [
        { name: '0-eeeeeee', madeAt: Number.NaN, hasSecrets: false, isMounted: false },
        { name: '1-aaaaaaa', madeAt: day(1), hasSecrets: true, isMounted: false },
        { name: '2-bbbbbbb', madeAt: day(2), hasSecrets: true, isMounted: true },
        { name: '3-ccccccc', madeAt: day(3), hasSecrets: true, isMounted: false },
        { name: '4-ddddddd', hasSecrets: true, isMounted: false },
      ],
    });
  });
});
