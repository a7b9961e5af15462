/** A form of secret that nothing else has. */
interface KnownFormat {
  /** What it is, with its article: `a secret key of age`. */
  readonly what: string;
  readonly rule: 'secret/private-key' | 'secret/token';
  /** Global, bounded, and begun by something rare. */
  readonly pattern: RegExp;
}

/**
 * What is common in the homes and small companies that this is for, and what the preset of secretlint does not know.
 * The forms are those that the makers document.
 */
export const KNOWN_FORMATS: readonly KnownFormat[] = [
  privateKey('a secret key of age', /AGE-SECRET-KEY-(?:PQ-)?1[AC-HJ-NP-Z02-9]{50,2000}/g),
  privateKey(
    'a private key of WireGuard',
    /PrivateKey[^\S\n]{0,20}=[^\S\n]{0,20}[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=/g,
  ),
  privateKey('a private key of PGP', /-----BEGIN PGP PRIVATE KEY BLOCK-----\r?\n[\s\S]{0,500}?[A-Za-z0-9+/]{60}/g),
  privateKey('a private key of PuTTY', /PuTTY-User-Key-File-\d: [\s\S]{0,200}?Encryption: none/g),
  token('a preshared key of WireGuard', /PresharedKey[^\S\n]{0,20}=[^\S\n]{0,20}[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=/g),
  token(
    'a token of Proxmox',
    /(?<![\w.@-])[\w.-]{1,64}@[\w-]{1,32}![\w.-]{1,64}[=:][0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\w-])/g,
  ),
  token(
    'a secret access key of AWS',
    /secret_?access_?key["']?\s{0,20}(?::|=>?)\s{0,20}["']?[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/gi,
  ),
  token(
    'a token of Cloudflare',
    /(?:CF|CLOUDFLARED?)_[A-Z_]{0,30}(?:TOKEN|KEY)["']?[^\S\n]{0,20}[:=][^\S\n]{0,20}["']?(?:[A-Z0-9_-]{40}|[0-9a-f]{37})(?![A-Z0-9_-])/gi,
  ),
  token('a token of Cloudflare', /\bcloudflare[^\S\n]{1,20}[A-Z0-9_-]{40}(?![A-Z0-9_-])/gi),
  token('a token of a Cloudflare tunnel', /eyJhIjoi[A-Za-z0-9+/_-]{100,300}={0,2}/g),
  token('an origin key of Cloudflare', /v1\.0-[0-9a-f]{24}-[0-9a-f]{146}/g),
  token('a join token of Docker Swarm', /SWMTKN-1-[0-9a-z]{50}-[0-9a-z]{25}/g),
  token('a token of a Telegram bot', /(?<!\w)\d{8,10}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])/g),
  token(
    'the address of a Discord webhook',
    /discord(?:app)?\.com\/api\/(?:v\d+\/)?webhooks\/\d{15,22}\/[A-Za-z0-9_-]{60,80}/g,
  ),
  token('a token of DigitalOcean', /do[opr]_v1_[0-9a-f]{64}/g),
  token('a token of PyPI', /pypi-AgE[A-Za-z0-9_-]{50,500}/g),
  token('a token of GitLab', /gl(?:ptt|dt|rt|rtr|cbt|agent|soat|ft|imt)-[A-Za-z0-9_-]{20,64}/g),
  token('an API key of Google', /(?<![A-Za-z0-9_-])AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/g),
  token('a token of Pulumi', /(?<!\w)pul-[0-9a-f]{40}(?!\w)/g),
  token('a token of Terraform Cloud', /(?<!\w)[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{60,70}/g),
];

/** What every match of the above holds, so that most files are looked through once. */
export const KNOWN_ANCHOR = new RegExp(
  [
    ...['AGE-SECRET-KEY-', 'PrivateKey', 'PGP PRIVATE KEY', 'PuTTY-User-Key-File', 'PresharedKey', '[Cc][Ff]_'],
    '[Ss][Ee][Cc][Rr][Ee][Tt]_?[Aa][Cc][Cc][Ee][Ss][Ss]_?[Kk][Ee][Yy]',
    ...['@[\\w-]{1,32}![\\w.-]{1,64}[=:][0-9a-f]{8}-', '[Cc][Ll][Oo][Uu][Dd][Ff][Ll][Aa][Rr][Ee]', 'eyJhIjoi'],
    ...['v1\\.0-[0-9a-f]', 'SWMTKN-1-', ':AA[\\w-]{33}', '/webhooks/\\d', 'do[opr]_v1_', 'pypi-AgE'],
    ...['gl(?:ptt|dt|rt|rtr|cbt|agent|soat|ft|imt)-', 'AIza', 'pul-[0-9a-f]{40}', '\\.atlasv1\\.'],
  ].join('|'),
);

function privateKey(what: string, pattern: RegExp): KnownFormat {
  return { what, rule: 'secret/private-key', pattern };
}

function token(what: string, pattern: RegExp): KnownFormat {
  return { what, rule: 'secret/token', pattern };
}
