import { describe, expect, it } from 'vitest';
import { HOSTILE_TEXTS } from '../../../core/src/testing/hostile-text.ts';
import { byAge, marked, readMarked } from './marker.ts';

const STAMP = { run: 1658821493, attempt: 2 };

describe('a marker', () => {
  it.each(['', 'one line', 'two\nlines\n', ...HOSTILE_TEXTS])(
    'is read from what it was put in front of: %j',
    (text) => {
      expect(readMarked('plan/production', marked('plan/production', STAMP, text))).toEqual({ stamp: STAMP, text });
    },
  );

  it('is read after somebody has edited the comment on the page, which ends lines otherwise', () => {
    const body = marked('plan/production', STAMP, 'a\nb').replaceAll('\n', '\r\n');
    expect(readMarked('plan/production', body)).toEqual({ stamp: STAMP, text: 'a\r\nb' });
  });

  it.each([
    ['of another name', marked('plan/staging', STAMP, 'x')],
    ['of a name that begins alike', marked('plan/production.old', STAMP, 'x')],
    ['further down', `> hello\n${marked('plan/production', STAMP, 'x')}`],
    ['behind a blank', ` ${marked('plan/production', STAMP, 'x')}`],
    ['that is no whole line', marked('plan/production', STAMP, '').trimEnd()],
    ['whose run is no number', '<!-- gitops-coordinator plan/production run=9e9 attempt=1 -->\n'],
    ['whose run no number can hold', `<!-- gitops-coordinator plan/production run=${'9'.repeat(30)} attempt=1 -->\n`],
    ['that is none', ''],
  ])('%s is not that one', (_, body) => {
    expect(readMarked('plan/production', body)).toBeUndefined();
  });

  it.each(['', 'a b', 'a-->', 'a\nb', '*'])('can not be called %j', (name) => {
    expect(() => marked(name, STAMP, 'x')).toThrow(RangeError);
  });

  it('tells which run is newer', () => {
    const stamps = [
      { run: 10, attempt: 1 },
      { run: 9, attempt: 3 },
      { run: 9, attempt: 1 },
    ];
    expect(stamps.toSorted(byAge).map(({ run, attempt }) => `${run}.${attempt}`)).toEqual(['9.1', '9.3', '10.1']);
  });
});
