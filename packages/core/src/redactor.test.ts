import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formsOf, Redactor, secretValues } from './redactor.ts';
import { bold, cell, code, prose } from './report/markdown.ts';

const secret = fc
  .oneof(
    fc.string({ minLength: 4 }),
    fc.string({ unit: 'grapheme', minLength: 4 }),
    fc.string({ unit: 'binary', minLength: 4 }),
    fc.string({ unit: fc.constantFrom(...'aZ9"\\\'\n\r\t &%+=/|<>`[]é☃𝄞'), minLength: 4 }),
    fc.array(fc.base64String({ minLength: 4 }), { minLength: 2, maxLength: 4 }).map((lines) => lines.join('\n')),
  )
  .filter((value) => value.trim().length >= 4 && !value.includes('*'));

/** Ways in which a value gets into a log. */
const WAYS: Readonly<Record<string, (value: string) => string>> = {
  raw: (value) => value,
  'without its outer blanks': (value) => value.trim(),
  base64: (value) => Buffer.from(value).toString('base64'),
  'base64 without padding': (value) => Buffer.from(value).toString('base64').replace(/=+$/, ''),
  'URL-encoded': (value) => encodeURIComponent(value.toWellFormed()),
  'JSON-escaped': (value) => JSON.stringify(value).slice(1, -1),
  'a cell of a table': cell,
  'JSON in a cell of a table': (value) => cell(JSON.stringify(value).slice(1, -1)),
};

function redactorOf(...values: readonly string[]): Redactor {
  const redactor = new Redactor();
  redactor.add(values);
  return redactor;
}

describe('a secret', () => {
  it.each(Object.entries(WAYS))('that is %s does not survive in a text', (_, encode) => {
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (value, before, after) => {
        const text = redactorOf(value).redact(`${before}${encode(value)}${after}`);
        expect(text).not.toContain(encode(value));
        expect(text).toContain('***');
      }),
    );
  });

  it.each(Object.entries(WAYS))('of many lines, each of them %s, does not survive line by line', (_, encode) => {
    const line = fc.stringMatching(/^[A-Za-z0-9+/="'&é]{4,40}$/);
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 5 }), (lines) => {
        const redactor = redactorOf(lines.map((each) => `  ${each}`).join('\r\n'));
        for (const each of lines) expect(redactor.redact(`log: ${encode(each)}`)).not.toContain(encode(each));
      }),
    );
  });

  it('that holds another one is taken out whole', () => {
    expect(redactorOf('hunter', 'hunter2-and-more').redact('is hunter2-and-more or hunter')).toBe('is *** or ***');
  });

  it('does not survive in JSON, whatever is in it', () => {
    fc.assert(
      fc.property(secret, fc.constantFrom(...Object.values(WAYS)), (value, encode) => {
        const json: unknown = JSON.parse(redactorOf(value).json({ log: [`says ${encode(value)}`], count: 1 }));
        expect(JSON.stringify(json)).not.toContain(JSON.stringify(encode(value)).slice(1, -1));
        expect(json).toMatchObject({ count: 1 });
      }),
    );
  });

  it.each(['two  blanks here', 'pa\tb secret', 'a ` b  c d', 'mail@example.com  #1'])(
    'that Markdown shows otherwise does not survive: %j',
    (value) => {
      const shown = [code(value), prose(`says \`${value}\``), bold(value), cell(value)].join('\n');
      const text = redactorOf(value).redact(shown);
      expect(text.match(/\*\*\*/g)?.length ?? 0, text).toBeGreaterThanOrEqual(value.includes('`') ? 3 : 4);
    },
  );

  it('of fewer than four characters is left alone, as are blank lines', () => {
    expect(redactorOf('abc', '', '\n\n', 'a\nb\nc').redact('abc a b c\n\n')).toBe('abc a b c\n\n');
    expect(formsOf('abc')).toEqual([]);
  });
});

it('a text without secrets stays as it is', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(redactorOf('correct horse battery staple').redact(text)).toBe(text);
    }),
  );
});

it.each<[variables: Record<string, string>, values: string[]]>([
  [{ DB_PASSWORD: 'hunter2' }, ['hunter2']],
  [{ api_token: 'abcdef', APP_KEY: 'ghijkl' }, ['abcdef', 'ghijkl']],
  [{ PASSWORD: 'short' }, []],
  [{ TAG: '1.27.3-alpine', DOMAIN: 'example.com' }, []],
])('of the variables %j the secret values are %j', (variables, values) => {
  expect(secretValues(variables)).toEqual(values);
});
