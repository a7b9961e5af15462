import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawFrom, OWN_SAMPLES, PRESET_SAMPLES } from '../testing/secret-samples.ts';
import { isPlaceholder } from './literal.ts';
import { scanFiles } from './scan-files.ts';
import { runSecretlint } from './secretlint.ts';

const scan = (path: string, text: string) => scanFiles([{ path, content: Buffer.from(text) }]);

const names = fc.constantFrom('DB_PASSWORD', 'API_TOKEN', 'CLIENT_SECRET', 'password');
const values = fc.stringMatching(/^[A-Za-z0-9!#%&()*+,./:;=?@^_~-]{6,40}$/);
const shapes = fc.constantFrom<readonly [string, (name: string, value: string) => string]>(
  ['a.yaml', (name, value) => `${name}: ${JSON.stringify(value)}\n`],
  ['a.yaml', (name, value) => `- ${JSON.stringify(`${name}=${value}`)}\n`],
  ['.env', (name, value) => `${name}=${value}\n`],
  ['.env', (name, value) => `${name}='${value}'\n`],
  ['a.sh', (name, value) => `\${${name}:-${value}}`],
  ['a.md', (_, value) => `postgres://app:${value}@db/x`],
);

test('no finding repeats a value', async () => {
  await fc.assert(
    fc.asyncProperty(names, values, shapes, async (name, value, [path, write]) => {
      const findings = await scan(path, write(name, value));
      expect(JSON.stringify(findings)).not.toContain(JSON.stringify(value).slice(1, -1));
    }),
    { numRuns: 500 },
  );
});

const words = fc.stringMatching(/^[A-Za-z0-9_-]{8,30}$/).filter((text) => !isPlaceholder(text));

test('every address with a password, and every key of AWS, that the preset would find is found', async () => {
  const addresses = fc.constantFrom('https://', 'ftp://', 'mongodb+srv://', 'jdbc:mysql://', 'postgresql://');
  await fc.assert(
    fc.asyncProperty(addresses, words, words, async (scheme, user, password) => {
      const text = `x ${scheme}${user}:${password}@db.example.com/x`;
      if ((await runSecretlint('a', text, ['filter-comments'])).length > 0)
        expect(await scan('a', text)).toHaveLength(1);
    }),
  );
  const draw = drawFrom(5);
  for (const make of OWN_SAMPLES['a secret access key of AWS'] ?? [])
    expect(await scan('a', make(draw).text)).toHaveLength(1);
});

const MEGABYTE = 1024 * 1024;

test.each([
  ...[
    'a',
    ' ',
    '://',
    'a:',
    'ENC[',
    '${A:-',
    '--a ',
    '# gitops-ignore a/b ',
    'password: ',
    '"',
    '" ',
    "'",
    'x-',
    'SG.a',
  ],
  ...['eyJhIjoi', '-----BEGIN PRIV'.concat('ATE KEY-----\n'), 'xoxb-a-', 'ghs_1_', 'a@b!c=', 'PASSWORD=a '],
  ...Object.values(PRESET_SAMPLES).map(([make]) => make?.(drawFrom(1)).text.slice(0, -1) ?? ''),
])('a line of a megabyte of %j is searched to its end', async (part) => {
  const text = part.repeat(Math.ceil(MEGABYTE / part.length));
  for (const path of ['.env', 'a.yaml']) await scan(path, text);
});
