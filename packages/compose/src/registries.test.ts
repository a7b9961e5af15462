import type { RegistrySpec, UploadedFile } from '@gitops/core';
import { describe, expect, it } from 'vitest';
import { resolveRegistries, withoutPasswords } from './registries.ts';

const file = 'environments/lab/environment.yml';

function spec(said: Partial<RegistrySpec> = {}): RegistrySpec {
  return {
    host: 'ghcr.io',
    username: 'robot',
    password: '$TOKEN',
    key: 'registries[0]',
    usernameAt: { file, line: 8, column: 15 },
    passwordAt: { file, line: 9, column: 15 },
    ...said,
  };
}

const stack = (name: string, variables: Record<string, string>) => ({ name, variables });

describe('a registry', () => {
  it('gets its values from the `.env` of any stack, and both are kept from sight', () => {
    const { logins, findings, secrets } = resolveRegistries(
      [spec({ host: 'GHCR.io', username: 'robot$$$WHO' })],
      [stack('web', { WHO: 'x' }), stack('db', { TOKEN: 'pa:ss' })],
    );
    expect(findings).toEqual([]);
    expect(logins).toEqual([
      { host: 'ghcr.io', username: 'robot$x', password: 'pa:ss', source: `${file}:9:15 (registries[0])` },
    ]);
    expect(secrets).toEqual(['pa:ss', Buffer.from('robot$x:pa:ss').toString('base64')]);
  });

  it.each<[what: string, sources: Record<string, string>[], rule: string, message: string]>([
    ['that is not set', [{}], 'config/unset-variable', 'variable `TOKEN` is not set'],
    ['that is empty', [{ TOKEN: '' }], 'config/empty-value', '`registries[0].password` comes out empty'],
    [
      'that two stacks set differently',
      [{ TOKEN: 'a' }, { TOKEN: 'b' }],
      'config/contradicting-variable',
      'variable `TOKEN` has different values in the `.env` files of the stacks `s0`, `s1`',
    ],
  ])('is refused at its place with a variable %s', (_, sources, rule, message) => {
    const { findings } = resolveRegistries(
      [spec()],
      sources.map((variables, index) => stack(`s${index}`, variables)),
    );
    expect(findings).toEqual([
      expect.objectContaining({ rule, message, severity: 'error', file, line: 9, column: 15 }),
    ]);
  });

  it('takes nothing from the environment of the runner', () => {
    expect(process.env['PATH']).toBeTruthy();
    const { findings } = resolveRegistries([spec({ password: '$PATH' })], [stack('web', {})]);
    expect(findings).toHaveLength(1);
  });
});

describe('the password of a registry', () => {
  const upload = (env: string, compose = 'services: {}'): readonly UploadedFile[] => [
    { path: 'shop/.env', executable: false, content: Buffer.from(env) },
    { path: 'shop/compose.yaml', executable: false, content: Buffer.from(compose) },
    { path: file, executable: false, content: Buffer.from('registries: [{ password: $TOKEN }]') },
  ];
  const envOf = (files: readonly UploadedFile[]) => files[0]?.content.toString('utf8');

  it('does not go to the host with the other variables', () => {
    const env = '# logins\nA=1\nTOKEN="two\nlines"\nTOKENS=2\n';
    expect(envOf(withoutPasswords(upload(env), ['shop/.env'], [spec()]))).toBe('# logins\nA=1\n\nTOKENS=2\n');
  });

  it.each([
    ['a Compose file', 'TOKEN=1\n', 'services: {web: {environment: [TOKEN]}}'],
    ['another variable', 'TOKEN=1\nAUTH=x-${TOKEN}\n', 'services: {}'],
  ])('stays where %s uses it too', (_, env, compose) => {
    expect(envOf(withoutPasswords(upload(env, compose), ['shop/.env'], [spec()]))).toBe(env);
  });
});
