import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutMarkdown } from './cut-markdown.ts';

const POINTER = '*more*';

function cut(text: string, limit: number): string {
  return cutMarkdown(text, limit, POINTER);
}

describe('a text that is too long', () => {
  it('ends with whole lines and a pointer to the rest', () => {
    expect(cut('one\ntwo\nthree\nfour\nfive', 20)).toBe('one\ntwo\n\n*more*');
  });

  it('stays as it is when it just fits', () => {
    expect(cut('one\ntwo', 7)).toBe('one\ntwo');
  });

  it('is measured in bytes where those count', () => {
    const text = 'ä\nöö\nüüü\n';
    expect(cutMarkdown(text, 15, POINTER, Buffer.byteLength)).toBe(text);
    expect(cutMarkdown(text, 14, POINTER, Buffer.byteLength)).toBe('ä\n\n*more*');
  });

  it.each([
    ['a block of code', 'head\n```\na\nb\nc\nd\ne\nf\n```\ntail\n'],
    ['a block of code in a longer fence', 'head\n````yaml\n```\na\n```\nb\n````\ntail\n'],
    ['a block of code with waves', 'head\n~~~\n```\n~~~~x\na\n~~~\ntail\n'],
    ['details', 'head\n<details><summary>x</summary>\n\na\nb\n\n</details>\ntail\n'],
    ['details in details', 'head\n<details>\n<DETAILS open>\na\n</details>\nb\n</details>\ntail\n'],
    ['details that a block of code only speaks of', 'head\n```\n</details>\n<details>\n```\ntail text is long\n'],
  ])('is not cut within %s', (_, text) => {
    for (let limit = 12; limit < text.length; limit++) {
      const [shown = ''] = cut(text, limit).split('\n\n*more*');
      expect(['', 'head', text.slice(0, text.lastIndexOf('\ntail')).trimEnd()]).toContain(shown);
    }
  });

  it('is cut after code within a line, which opens no block', () => {
    expect(cut('```x``` is code\nlong long long long\n', 26)).toBe('```x``` is code\n\n*more*');
  });

  it('never is longer than the limit, begins as the text does, and leaves nothing open', () => {
    const line = fc.constantFrom(
      'text',
      '```',
      '~~~',
      '```yaml',
      '````',
      '<details>',
      '</details>',
      '',
      '    ```',
      '| a |',
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), fc.integer({ min: 8, max: 120 }), (lines, limit) => {
        const text = lines.join('\n');
        const shown = cut(text, limit);
        expect(shown.length).toBeLessThanOrEqual(Math.max(limit, 8));
        if (shown === text) return;
        const kept = shown.slice(0, -`\n\n${POINTER}`.length);
        expect(text.startsWith(kept)).toBe(true);
        // What is closed stays closed whatever comes: a cut with room for everything finds its end.
        expect(cut(`${kept}\nx\n${'y'.repeat(200)}`, kept.length + 3 + 8)).toBe(
          `${kept === '' ? '\nx' : `${kept}\nx`}\n\n${POINTER}`,
        );
      }),
    );
  });
});
