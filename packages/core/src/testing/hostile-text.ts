/** Texts that would break out of a table, a quotation, a fence or a log line if nobody escaped them. */
export const HOSTILE_TEXTS: readonly string[] = [
  'a | b || c',
  'a \\| b \\\\| c \\',
  '`code` ``more`` ```\nfence\n```',
  '````````````````',
  '<script>alert(1)</script> </details></summary> <!-- ',
  'one\ntwo\r\nthree\rfour\n\nfive',
  '::error::not from us',
  '\n::stop-commands::x\n',
  '![x](https://example.com/x.png) [link](https://example.com)',
  '# title\n> quotation\n- item',
  '\u001b[2K\u001b[31mred\u0007\u0000',
  '*bold* **bold** __bold__ ~~gone~~ $x^2$ $$x$$',
  '@octocat (@org/team) #1 owner/repo#12 GH-3 :+1: :tada:',
  'https://example.com www.example.com mailto:a@example.com <https://example.com> ftp://example.com',
  'a\u202Ebackwards\u2066\u200F',
  '& &amp; &#124;',
];
