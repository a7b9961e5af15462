import { isPlaceholder } from './literal.ts';

/** `://user:password@host`; without a user for what has none, as Redis. Bounded, so that no text takes long. */
const URL = /:\/\/([^\s:/]{0,100}):([^\s@/]{1,200})@([^\s/?]{1,100})/g;
const SCHEME = /[a-z][a-z0-9+.-]{0,30}$/i;
/** What looks like it and is none: a tag and a digest behind the name of an image. */
const NO_PASSWORD = /^(?:sha256|sha512):/;
/** What guides write in the place of a password. */
const GUIDE = /^(?:password|passwd|pass|pwd|pw|secret|token|mypassword|mysecretpassword)$/i;
const SHORTEST = 4;

interface UrlPassword {
  /** Where the address begins. */
  readonly offset: number;
  /** `postgres` */
  readonly scheme: string;
}

/** Where a text has addresses with a password in clear. */
export function urlPasswords(text: string): readonly UrlPassword[] {
  return [...text.matchAll(URL)].flatMap(({ index, 1: user = '', 2: password = '', 3: host = '' }) => {
    if (!isPassword(user, password) || NO_PASSWORD.test(host)) return [];
    const scheme = SCHEME.exec(text.slice(Math.max(0, index - 31), index))?.[0] ?? '';
    return [{ offset: index - scheme.length, scheme: scheme.toLowerCase() }];
  });
}

/** An example repeats the user, one letter, or a word of guides. */
function isPassword(user: string, password: string): boolean {
  if (password.length < SHORTEST || password === user || /^(.)\1+$/.test(password)) return false;
  return !GUIDE.test(password) && !isPlaceholder(password) && !/[{}<>]|^%|%[sd]$/.test(password);
}
