import { describe, expect, it } from 'vitest';
import { withoutCommands } from './without-commands.ts';

describe('a text without commands', () => {
  it.each([
    ['::error file=x::FORGED', '\\::error file=x::FORGED'],
    [' \t\u00a0\u0085::add-mask::deploy', ' \t\u00a0\u0085\\::add-mask::deploy'],
    ['progress\r::stop-commands::token', 'progress\r\\::stop-commands::token'],
    ['one\n::error::two\r\n  ::error::three', 'one\n\\::error::two\r\n  \\::error::three'],
    ['\u200b:\u00ad:error::not seen', '\u200b\\:\u00ad:error::not seen'],
    ['\u2028::error::trimmed too', '\u2028\\::error::trimmed too'],
    ['said ##[add-mask]deploy', 'said #\\#[add-mask]deploy'],
    ['###[error]one ##[error]two', '##\\#[error]one #\\#[error]two'],
    ['#\u200d#\u0000[error]x', '#\u200d\\#\u0000[error]x'],
    ['::error::##[error]both', '\\::error::#\\#[error]both'],
  ])('has a backslash where %j would be one', (text, harmless) => {
    expect(withoutCommands(text)).toBe(harmless);
    expect(withoutCommands(harmless)).toBe(harmless);
  });

  it.each([
    'web | std::string::npos',
    'listening on [::]:80 and ::1',
    'a: ::b',
    ': : spaced',
    '## title [link]',
    '# [one] ## two',
    '',
    '\n\n',
    'C:\\path\r\n\tindented\u001b[31m red',
  ])('is %j as it is', (text) => {
    expect(withoutCommands(text)).toBe(text);
  });

  it.each(['\r', '\n ', ' ', '\u2028', '\u200b', ':', '#', '#\u200b'])(
    'takes a million of %j without hanging',
    (each) => {
      const text = `x${each.repeat(1_000_000)}`;
      expect(withoutCommands(text)).toBe(text);
    },
  );
});
