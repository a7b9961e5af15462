import { describe, expect, it } from 'vitest';
import { UNKNOWN_VALUE } from '../load/interpolation.ts';
import { lintTogether } from './lint-together.ts';
import type { StackOfEnvironment } from './linted-stack.ts';
import { linesOf, stackOf, target } from './testing/linted.ts';

const staging = { environment: 'staging' };

function db(volume: string, rest = ''): string {
  return `services:\n  db:\n    image: a:1\n    volumes:\n      - "${volume}"\n${rest}`;
}

function told(...stacks: readonly StackOfEnvironment[]): readonly string[] {
  return linesOf('compose/shared-data', lintTogether(stacks));
}

async function toldOfBoth(production: string, copied = production): Promise<readonly string[]> {
  return told(await stackOf(production), await stackOf(copied, staging, 'shop-staging'));
}

const BOTH = '`db` of the stack `shop-staging` (staging) and `db` of the stack `shop` (production)';
const REMEDY = 'mount a folder of its own here, such as `/srv/shop-staging`, and copy the data there if it is needed';

describe('a folder of the host that two environments mount is reported', () => {
  it('if both write there', async () => {
    expect(await toldOfBoth(db('/srv/shop:/data'), db('/srv/./shop/:/data'))).toEqual([
      `5:9 compose/shared-data ${BOTH} mount \`/srv/shop\` of the same host: both write to the same data → ${REMEDY}`,
    ]);
  });

  it('if one writes what the other reads', async () => {
    expect(await toldOfBoth(db('/srv/shop:/data'), db('/srv/shop:/data:ro'))).toEqual([
      `5:9 compose/shared-data ${BOTH} mount \`/srv/shop\` of the same host: one reads what the other writes → ${REMEDY}`,
    ]);
  });

  it('also as a volume with a name', async () => {
    const volume = 'volumes: { data: { driver_opts: { type: none, o: bind, device: /srv/shop } } }\n';
    expect(await toldOfBoth(db('data:/data', volume), db('/srv/shop:/data'))).toHaveLength(1);
  });

  it('once for a stack, at the mount that writes', async () => {
    const reader = '  web:\n    image: a:1\n    volumes: ["/srv/shop:/data"]\n';
    const [finding, ...others] = await toldOfBoth(db('/srv/shop:/data:ro', reader));
    expect(finding).toMatch(/^8:15 .*`web` of the stack `shop-staging`/);
    expect(others).toEqual([]);
  });

  it('even if a stack of its own environment mounts it before', async () => {
    const stacks = [
      await stackOf(db('/srv/a:/a')),
      await stackOf(db('/srv/shop:/data'), staging, 'blog'),
      await stackOf(db('/srv/shop:/data')),
      await stackOf(db('/srv/shop:/data'), staging, 'wiki'),
    ];
    expect(told(...stacks)).toEqual([
      expect.stringContaining('(production) and `db` of the stack `blog` (staging)'),
      expect.stringContaining('`wiki` (staging) and `db` of the stack `shop` (production)'),
    ]);
  });
});

describe('a folder of the host is fine', () => {
  it('on two hosts', async () => {
    const elsewhere = { ...staging, target: { ...target, host: 'other.example.com' } };
    expect(told(await stackOf(db('/srv/shop:/data')), await stackOf(db('/srv/shop:/data'), elsewhere))).toEqual([]);
  });

  it('within an environment, where a library of media is shared on purpose', async () => {
    expect(told(await stackOf(db('/mnt/media:/m')), await stackOf(db('/mnt/media:/m'), {}, 'blog'))).toEqual([]);
  });

  it('in a service that nobody starts', async () => {
    const tool = db('/srv/shop:/data', '    profiles: [tools]\n');
    expect(await toldOfBoth(db('/srv/shop:/data'), tool)).toEqual([]);
  });

  it.each([
    '/srv/shop:/data:ro',
    './data:/data',
    '/etc/localtime:/etc/localtime',
    '/srv/app.sock:/app.sock',
    '/var/run/docker.sock:/var/run/docker.sock',
    ...['/', '/dev/dri', '/proc', '/sys', '/run/udev', '/tmp/x', '/var/tmp/x', '/var/lib/docker/volumes'].map(
      (path) => `${path}:/x`,
    ),
    `/srv/${UNKNOWN_VALUE}:/data`,
  ])('that is not for data, or that both only read, or that is not known: %s', async (volume) => {
    expect(await toldOfBoth(db(volume))).toEqual([]);
  });
});
