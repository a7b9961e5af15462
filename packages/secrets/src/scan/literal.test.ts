import { expect, test } from 'vitest';
import { secretDefaults } from './default-value.ts';
import { isSecretLiteral, looksRandom } from './literal.ts';
import { tellingName } from './telling-name.ts';
import { urlPasswords } from './url-password.ts';

const HEX = '9f86d081884c7d65'.concat('2feaa0c55ad015a3');

test.each([
  ...['PASSWORD', 'POSTGRES_PASSWORD', 'MYSQL_ROOT_PASSWORD', 'DB_PASS', 'dbPassword', 'db.password', 'MYSQLPASSWORD'],
  ...['requirepass', 'SECRET', 'CLIENT_SECRET', 'JWT_SECRET', 'API_TOKEN', 'TOKEN_GITHUB', 'authToken'],
  ...['DB_PASSWORD_2', 'PASSWORD2', 'KEYCLOAK_ADMIN_PASSWORD', 'WG_PSK', 'AWS_CREDENTIALS', 'apikey', 'smtp-password'],
])('%s is the name of a secret', (name) => {
  expect(tellingName(name)).toBe('secret');
});

test.each([
  'API_KEY',
  'SECRET_KEY_BASE',
  'secretKey',
  'N8N_ENCRYPTION_KEY',
  'APP_KEY',
  'apiKey',
  'PASSWORD_SALT',
  'SENTRY_DSN',
  'DSN',
  'BASIC_AUTH',
])('%s is the name of a key, or of something about one', (name) => {
  expect(tellingName(name)).toBe('key');
});

test.each([
  ...['POSTGRES_PASSWORD_FILE', 'PASSWORD_MIN_LENGTH', 'TOKEN_TTL', 'TOKEN_EXPIRES_IN', 'secretName', 'KEYCLOAK_URL'],
  ...['PUBLIC_KEY', 'SSH_PUBLIC_KEY', 'KEY_ID', 'primaryKey', 'ALLOW_EMPTY_PASSWORD', 'existingSecret', 'HOST_KEY'],
  ...['key', 'auth', 'keys', 'keyboard', 'monkey', 'bypass', 'compass', 'passthrough', 'author', 'tokens_per_second'],
  ...[
    'traefik.http.routers.auth.rule',
    'traefik.http.middlewares.a.basicauth.users',
    '@scope/auth-token',
    'authMechanism',
  ],
  ...['TOKEN_URL', 'OAUTH_TOKEN_ENDPOINT', 'PASSWORD_RESET_URL', 'secretKeyRef', 'image', 'USER', ''],
])('%s tells nothing', (name) => {
  expect(tellingName(name)).toBeUndefined();
});

test.each([
  ['POSTGRES_PASSWORD', 'postgres'],
  ['POSTGRES_PASSWORD', '12345'],
  ['DB_PASS', 'pa$$word-of-mine'],
  ['TOKEN', 'short-but-real'],
  ['PASSPHRASE', 'correct horse battery staple'],
  ['N8N_ENCRYPTION_KEY', HEX],
  ['API_KEY', 'Kd83-hq2L'],
])('%s with a value of its own is a secret', (name, value) => {
  expect(isSecretLiteral(name, value)).toBe(true);
});

test.each([
  ...['', '${DB_PASSWORD}', '$DB_PASSWORD', '${{ secrets.TOKEN }}', '{{ vault.token }}', '{$CF_TOKEN}', '{env.TOKEN}'],
  ...[
    '<your token>',
    'changeme',
    'change-me-please',
    'example-password',
    'xxxxxxxx',
    '__token__',
    'me:$$apr1$$x$$y',
    '$2y$05$abc',
    'your-token',
    '********',
    '...',
  ],
  ...[
    'ENC[AES256_GCM,data:x,iv:y,tag:z,type:str]',
    '/run/secrets/db_password',
    './secrets/token',
    '~/.ssh/key',
    'true',
  ],
  ...['write', 'required', 'https://auth.example.com/token', 'op://vault/item/field', 'Enter the password of the user'],
  ...['age1'.concat('q'.repeat(58)), 'tls/private.key', 'ab'],
])('%s is no secret, whatever it is called', (value) => {
  expect(isSecretLiteral('PASSWORD', value)).toBe(false);
});

test.each(['id', 'default', 'my-app', 'one, two', 'RS256x'])(
  'a key called %s is taken for the name of one',
  (value) => {
    expect(isSecretLiteral('SIGNING_KEY', value)).toBe(false);
  },
);

test.each([HEX, 'q8Zk3vN1xW7tB5mR9pL2', 'aB3+dE5/gH7=jK9LmN0pQ'])('%s looks random', (value) => {
  expect(looksRandom(value)).toBe(true);
});

test.each([
  'ghcr.io/linuxserver/sonarr-4.0.1',
  'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  'production',
  '2026-01-01',
  'postgresql-16-alpine3.20',
])('%s does not look random', (value) => {
  expect(looksRandom(value)).toBe(false);
});

test.each([
  ['postgres://app:', 'hunter22', '@db:5432/app', 'postgres'],
  ['redis://:', 'hunter22', '@cache:6379', 'redis'],
  ['see https://me:', 'hunter22', '@git.example.com/x.git', 'https'],
  ['mongodb+srv://me:', 'p%40ss-word', '@cluster.example.com', 'mongodb+srv'],
])('the password in %s…%s is found', (before, password, after, scheme) => {
  const [found] = urlPasswords(`${before}${password}${after}`);
  expect(found).toEqual({ offset: before.indexOf(scheme), scheme });
});

test.each([
  'https://example.com:8443/path@2x.png',
  'postgres://app:${DB_PASSWORD}@db/app',
  'postgres://app:{{ password }}@db/app',
  'postgres://user:password@db/app',
  'postgres://app:app@db/app',
  'docker://alpine:3.20@sha256:abcdef',
  'http://a:xxxx@b',
  'ssh://git@example.com:22/x',
])('%s has no password in clear', (text) => {
  expect(urlPasswords(text)).toEqual([]);
});

test('defaults that are secrets are found, by their name or their look', () => {
  const text = 'a: ${DB_PASSWORD:-hunter22}\nb: ${TAG:-1.25}\nc: ${SEED-'.concat('q8Zk3vN1xW7tB5mR9pL2}\n');
  expect(secretDefaults(text)).toEqual([
    { name: 'DB_PASSWORD', offset: 3 },
    { name: 'SEED', offset: text.indexOf('${SEED') },
  ]);
});

test.each(['${DB_PASSWORD:-}', '${DB_PASSWORD:?set it}', '${DB_PASSWORD:-changeme}', '$${DB_PASSWORD:-hunter22}'])(
  '%s has no secret as its default',
  (text) => {
    expect(secretDefaults(text)).toEqual([]);
  },
);
