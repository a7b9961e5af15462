import { looksRandom } from './scan/literal.ts';
import { tellingName } from './scan/telling-name.ts';

/** One case of letters and digits with what joins them: a host, an address, a path, a version, a name. */
const ORDINARY = /^(?:[a-z0-9._/@:,+-]+|[A-Z0-9._/@:,+-]+|[A-Z][a-z]+(?:\/[A-Z][A-Za-z_]+)*)$/;

/** Names of what nobody keeps secret. */
const HARMLESS =
  /(?:^|_)(?:VERSION|TAG|PORT|HOST|HOSTNAME|USER|USERNAME|NAME|DATABASE|DB|PATH|DIR|FOLDER|LOCATION|TZ|TIMEZONE|UID|GID|PUID|PGID|LEVEL|MODE|LANG|LOCALE|DOMAIN|ENABLED?|DEBUG|REGION)$/i;

/**
 * Whether a value of an encrypted file is to be hidden in all that is shown. Everything is, but a plain word, number, path or version
 * that stands in the files of the stack in clear anyway, or whose name says that it is no secret: to hide `postgres` hides nothing,
 * and takes half of each message away.
 */
export function isWorthHiding(name: string, value: string, inClear: string): boolean {
  if (tellingName(name) !== undefined || !ORDINARY.test(value) || looksRandom(value)) return true;
  return !HARMLESS.test(name) && !inClear.includes(value);
}
