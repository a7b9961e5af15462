/**
 * How much the name of a value says. `secret`: whatever stands there is one. `key`: it may be one, or the name of one,
 * or something public; the value has to look like a secret too.
 */
type Telling = 'secret' | 'key';

const SECRET = new Set([
  ...['pass', 'passwd', 'password', 'passphrase', 'passcode', 'pwd', 'pw', 'psk'],
  ...['secret', 'token', 'credential', 'credentials', 'apikey', 'authkey', 'pat', 'pin'],
]);
const KEY = new Set(['key', 'keys', 'salt', 'pepper', 'dsn', 'auth', 'authorization', 'cookie', 'seed']);
/** Words that run into the one before: `MYSQLPASSWORD`, `requirepass`. */
const FUSED = /(?:password|passwd|passphrase|secret|token|apikey)$|(?:require|db|root|user|admin|sql|redis)pass$/;
/** Written behind a telling word, they say that it is not the secret which stands there. */
const ABOUT = new Set([
  ...['file', 'path', 'dir', 'folder', 'url', 'uri', 'urls', 'endpoint', 'host', 'port', 'server', 'domain', 'issuer'],
  ...[
    'id',
    'ids',
    'name',
    'names',
    'type',
    'kind',
    'label',
    'title',
    'description',
    'hint',
    'prompt',
    'field',
    'header',
  ],
  ...['length', 'len', 'size', 'min', 'max', 'count', 'limit', 'policy', 'strength', 'complexity', 'rounds', 'cost'],
  ...['ttl', 'expiry', 'expire', 'expires', 'expiration', 'lifetime', 'lifespan', 'validity', 'duration', 'timeout'],
  ...['age', 'days', 'hours', 'minutes', 'seconds', 'interval', 'rotation', 'refresh', 'grace'],
  ...['algorithm', 'alg', 'algo', 'format', 'encoding', 'version', 'mode', 'method', 'scheme', 'provider', 'backend'],
  ...[
    'enabled',
    'enable',
    'disabled',
    'required',
    'optional',
    'allowed',
    'ref',
    'mount',
    'store',
    'group',
    'user',
    'users',
  ],
  ...['reset', 'login', 'form', 'page', 'placeholder', 'template', 'prefix', 'suffix', 'scope', 'scopes', 'audience'],
  ...['fingerprint', 'thumbprint', 'map', 'pair', 'ring', 'board', 'space', 'cloak', 'command', 'cmd', 'env', 'var'],
  ...['usages', 'usage', 'bits', 'curve', 'origin', 'origins', 'manager', 'service', 'class', 'selector', 'checksum'],
]);
/** Written before it, they say that there is none, or how it is treated. */
const TREATED = new Set(['no', 'empty', 'allow', 'show', 'hide', 'disable', 'forgot', 'existing', 'max', 'min', 'num']);
/** A key of these is none to lock something with. */
const OPEN = new Set([
  ...['public', 'pub', 'site', 'publishable', 'primary', 'foreign', 'sort', 'partition', 'cache', 'group', 'host'],
  ...['hot', 'object', 'idempotency', 'routing', 'translation', 'config', 'label', 'tag', 'map', 'index'],
]);

/** A part that every telling name has; most names have none. */
const CLUE = /pass|pwd|pw|psk|secret|token|credential|key|pat|pin|salt|pepper|dsn|auth|cookie|seed/i;

/** Written behind a key, they change nothing. */
const NEUTRAL = new Set([
  ...['base', 'value', 'default', 'main', 'current', 'old', 'new', 'next', 'primary', 'secondary', 'hex', 'raw'],
  ...['prod', 'production', 'stage', 'staging', 'dev', 'development', 'test', 'live', 'sandbox'],
]);

/** What the name of a variable, a field or an option tells of its value; undefined if nothing. */
export function tellingName(name: string): Telling | undefined {
  if (!CLUE.test(name) || /[/@:]/.test(name)) return undefined;
  // `traefik.http.routers.auth.rule` is about a rule.
  const words = wordsOf(name.slice(name.lastIndexOf('.') + 1));
  const at = words.findLastIndex((word) => kindOf(word) !== undefined);
  const kind = kindOf(words[at] ?? '');
  if (kind === undefined || words.slice(0, at).some((word) => TREATED.has(word))) return undefined;
  const after = words.slice(at + 1);
  if (kind === 'secret') return after.some((word) => ABOUT.has(word)) ? undefined : kind;
  if (OPEN.has(words[at - 1] ?? '') || !after.every((word) => NEUTRAL.has(word))) return undefined;
  // An entry called nothing but `key` or `auth` is a part of a structure far more often.
  return words.length === 1 && words[0] !== 'dsn' ? undefined : kind;
}

/** `dbPassword2`, `DB_PASSWORD_2` and `--db-password` have the same words. */
function wordsOf(name: string): readonly string[] {
  const parted = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/([A-Z])([A-Z][a-z])/g, '$1 $2');
  return parted
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
}

function kindOf(word: string): Telling | undefined {
  if (SECRET.has(word) || FUSED.test(word)) return 'secret';
  return KEY.has(word) ? 'key' : undefined;
}
