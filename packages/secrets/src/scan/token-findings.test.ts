import { rules } from '@secretlint/secretlint-rule-preset-recommend';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Draw, drawFrom, OWN_SAMPLES, PRESET_SAMPLES, pem, type Sample } from '../testing/secret-samples.ts';
import { KNOWN_ANCHOR, KNOWN_FORMATS } from './known-format.ts';
import { textFile } from './scanned-file.ts';
import { LEFT_OUT, PRESET_ANCHOR, runSecretlint } from './secretlint.ts';
import { tokenFindings } from './token-findings.ts';

type Make = (draw: Draw) => Sample;

const presetSamples = each(PRESET_SAMPLES);
const ownSamples = each(OWN_SAMPLES);
const seeds = fc.integer({ min: 0, max: 2 ** 31 });

function each(samples: Readonly<Record<string, readonly Make[]>>): [string, number, Make][] {
  return Object.entries(samples).flatMap(([name, makes]) =>
    makes.map((make, n): [string, number, Make] => [name, n, make]),
  );
}

function inContext({ text, path }: Sample) {
  const around = path === undefined ? `# before\n\n  x: ${text}\n` : text;
  return textFile({ path: path ?? 'notes.txt', content: Buffer.from(around) });
}

test('there is a sample of every rule of the preset that is in use', () => {
  const names = rules.map(({ meta }) => meta.id.replace('@secretlint/secretlint-rule-', ''));
  expect(Object.keys(PRESET_SAMPLES).sort()).toEqual(names.filter((name) => !LEFT_OUT.includes(name)).sort());
});

test('there is a sample of every format of our own', () => {
  expect(Object.keys(OWN_SAMPLES).sort()).toEqual([...new Set(KNOWN_FORMATS.map(({ what }) => what))].sort());
});

test.each(presetSamples)(
  'the first look hides nothing that the rule %s of the preset would find (%i)',
  async (rule, _, make) => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const file = inContext(make(drawFrom(seed)));
        expect((await runSecretlint(file.path, file.text)).map((hit) => hit.rule)).toContain(rule);
        expect(PRESET_ANCHOR.test(file.text)).toBe(true);
      }),
      { numRuns: 20 },
    );
  },
);

test.each(ownSamples)('the first look lets %s through (%i)', (what, _, make) => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const { text } = inContext(make(drawFrom(seed)));
      expect(KNOWN_FORMATS.some((format) => format.what === what && text.match(format.pattern))).toBe(true);
      expect(KNOWN_ANCHOR.test(text)).toBe(true);
    }),
    { numRuns: 20 },
  );
});

test.each([...presetSamples, ...ownSamples])(
  '%s is found once (%i), at its place, and not repeated',
  async (_, __, make) => {
    const sample = make(drawFrom(7));
    const findings = await tokenFindings(inContext(sample));
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ severity: 'error', line: sample.path === undefined ? 3 : 1 });
    const longest = sample.text.match(/[A-Za-z0-9+/]{12,}/g) ?? [];
    for (const part of longest) expect(JSON.stringify(findings)).not.toContain(part);
  },
);

test.each(['secret/private-key', 'secret/token'] as const)('some findings are %s', async (rule) => {
  const text = rule === 'secret/token' ? `ghp${'_'}${drawFrom(1)(36)}` : pem('', drawFrom(1));
  const [finding] = await tokenFindings(textFile({ path: 'a', content: Buffer.from(text) }));
  expect(finding?.rule).toBe(rule);
});

test.each([
  ['a public key of age', () => `age1${'q'.repeat(58)}`],
  ['a sealed value', () => `ENC[AES256_GCM,data:AIza${drawFrom(2)(35)},iv:x,tag:y,type:str]`],
  ['an example', () => `ghp${'_'}${'x'.repeat(36)}`],
  ['an example of AWS', () => `AWS_SECRET_ACCESS${'_KEY='}wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY`],
  ['the alphabet', () => `ghp${'_'}1234567890abcdefghijklmnopqrstuvwxyz`],
  ['a key without its content', () => `-----BEGIN PRIV${'ATE KEY-----'}\n...\n-----END PRIV${'ATE KEY-----'}`],
  ['a variable', () => `CF_API${'_TOKEN='}\${CF_API_TOKEN}`],
  ['a certificate', () => `-----BEGIN CERTIFICATE-----\n${drawFrom(3)(400)}\n-----END CERTIFICATE-----`],
])('%s is no secret', async (_, make) => {
  expect(await tokenFindings(textFile({ path: 'a.txt', content: Buffer.from(make()) }))).toEqual([]);
});
