import { posix } from 'node:path';

const LOCK =
  /\.lock$|^(?:package-lock|npm-shrinkwrap|packages\.lock)\.json$|^pnpm-lock\.yaml$|^go\.sum$|^\.terraform\.lock\.hcl$|^bun\.lockb$|^gradle\.lockfile$/;
const ENV = /^\.env(?:\..+)?$|\.env$|^\.envrc$/i;
const SAMPLE = /(?:^|[._-])(?:example|sample|template|tmpl|dist|defaults?|schema)(?:[._-]|$)/i;

/** Lists of versions and checksums, full of what looks random and is no secret. */
export function isLockFile(path: string): boolean {
  return LOCK.test(posix.basename(path));
}

/** A file of `NAME=value` lines that Compose would read. */
export function isEnvFile(path: string): boolean {
  return ENV.test(posix.basename(path)) && !isSample(path);
}

/** Meant to be copied and filled in: `.env.example`. */
export function isSample(path: string): boolean {
  return SAMPLE.test(posix.basename(path));
}

export function isYamlFile(path: string): boolean {
  return /\.ya?ml$/i.test(path);
}
