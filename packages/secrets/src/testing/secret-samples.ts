/*
 * Made-up secrets of known formats. They are put together when they are asked for, so that no scanner finds one here.
 */

/** A text of so many letters of an alphabet. */
export type Draw = (length: number, alphabet?: string) => string;

const SMALL = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';
const HEX = `${DIGITS}abcdef`;
const ALNUM = `${SMALL}${SMALL.toUpperCase()}${DIGITS}`;
const BECH32 = 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L';

/** Draws the same texts for the same seed. The generator is Knuth's linear one (MMIX). */
export function drawFrom(seed: number): Draw {
  let state = BigInt(seed);
  const next = () => {
    state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n);
    return Number(state >> 33n);
  };
  return (length, alphabet = ALNUM) => Array.from({ length }, () => alphabet[next() % alphabet.length] ?? '').join('');
}

/** A sample of each rule of secretlint's preset that is in use, by its name; some are found in files of one name alone. */
export const PRESET_SAMPLES: Readonly<Record<string, readonly ((draw: Draw) => Sample)[]>> = {
  privatekey: ['RSA ', 'EC ', 'OPENSSH ', ''].map((kind) => (draw) => ({ text: pem(kind, draw) })),
  gcp: [(draw) => ({ ...googleKey(draw), path: 'account.json' })],
  npm: [
    (draw) => named('npm', '_', draw(36)),
    (draw) => ({ ...named('//registry/:_auth', 'Token=', draw(20)), path: '.npmrc' }),
    (draw) => ({ ...named('https://', draw(40), ':x-oauth', '-basic@github.com/a/b'), path: 'package.json' }),
  ],
  slack: [
    ...['xoxb', 'xoxp', 'xapp', 'xoxa', 'xoxo', 'xoxr'].map(
      (kind) => (draw: Draw) => named(kind, '-', draw(11, DIGITS), '-', draw(24)),
    ),
    (draw) => named('https://hooks.sl', 'ack.com/services/T', draw(8), '/B', draw(8), '/', draw(24)),
    (draw) => named('HTTPS://HOOKS.SL', 'ACK.COM/services/T', draw(8), '/B', draw(8), '/', draw(24)),
  ],
  sendgrid: [(draw) => named('SG', '.', draw(22), '.', draw(43))],
  shopify: ['pa', 'ca', 'at', 'ss'].map((kind) => (draw) => named(`shp${kind}`, '_', draw(32))),
  stripe: ['sk_live', 'sk_test', 'rk_live', 'rk_test'].map((kind) => (draw) => named(kind, '_', draw(24))),
  github: [
    ...['ghp', 'gho', 'ghu', 'ghs', 'ghr'].map((kind) => (draw: Draw) => named(kind, '_', draw(36))),
    (draw) => named('github', '_pat_', draw(82)),
    (draw) => named('ghs', '_', draw(6, DIGITS), '_', draw(30), '.', draw(60), '.', draw(43)),
    (draw) => named('ghs', '_', draw(1, DIGITS), '_', draw(1), '.', draw(1), '.', draw(1)),
  ],
  gitlab: [(draw) => named('glpat', '-', draw(20))],
  grafana: [
    (draw) => named('glc', '_', draw(32), '=='),
    (draw) => named('glc', '_', draw(32, `${ALNUM}+/`)),
    (draw) => named('glsa', '_', draw(32), '_', draw(8, HEX)),
  ],
  openai: [
    (draw) => named('sk-', draw(20), 'T3Blbk', 'FJ', draw(20)),
    (draw) => named('sk-proj-', draw(74), 'T3Blbk', 'FJ', draw(74)),
  ],
  anthropic: [(draw) => named('sk-ant', '-api03-', draw(93), 'AA')],
  groq: [(draw) => named('gsk', '_', draw(52))],
  huggingface: [(draw) => named('hf', '_', draw(34, SMALL))],
  linear: [(draw) => named('lin', '_api_', draw(40))],
  notion: [(draw) => named('ntn', '_', draw(11, DIGITS), draw(35))],
  '1password': [(draw) => ({ text: `ops${'_'}${onePassword(draw)}` })],
  'hashicorp-vault': [
    (draw) => named('hvs', '.', draw(95)),
    (draw) => named('hvb', '.', draw(150)),
    (draw) => named('hvr', '.', draw(95)),
  ],
  vercel: ['vcp', 'vci', 'vca', 'vcr', 'vck'].map((kind) => (draw) => named(kind, '_', draw(24))),
  databricks: [(draw) => named('da', 'pi', draw(32, HEX))],
  docker: [(draw) => named('dckr', '_pat_', draw(27))],
  figma: [(draw) => named('figd', '_', draw(40))],
  cloudflare: ['cfk', 'cfut', 'cfat'].map((kind) => (draw) => named(kind, '_', draw(40), draw(8, HEX))),
  tailscale: [
    (draw) => named('tskey', '-auth-', draw(12), '-', draw(32)),
    (draw) => named('tskey', '-ab-', draw(8), '-', draw(16)),
  ],
};

/** Samples of our own formats, by what they are called. */
export const OWN_SAMPLES: Readonly<Record<string, readonly ((draw: Draw) => Sample)[]>> = {
  'a secret key of age': [
    (draw) => named('AGE-SECRET', '-KEY-1', draw(58, BECH32)),
    (draw) => named('AGE-SECRET', '-KEY-PQ-1', draw(58, BECH32)),
  ],
  'a private key of WireGuard': [(draw) => named('Private', 'Key = ', draw(42), 'A=')],
  'a preshared key of WireGuard': [(draw) => named('Preshared', 'Key=', draw(42), 'o=')],
  'a private key of PGP': [
    (draw) => named('-----BEGIN PGP PRIV', 'ATE KEY BLOCK-----\nVersion: 1\n\n', draw(64), '\n'),
  ],
  'a private key of PuTTY': [(draw) => named('PuTTY-User', '-Key-File-3: ssh-ed25519\nEncryption: none\n', draw(20))],
  'a token of Proxmox': [
    (draw) => named('PVEAPI', 'Token=gitops@pve!deploy=', uuid(draw)),
    (draw) => named('root@p', 'am!backup:', uuid(draw)),
  ],
  'a secret access key of AWS': [
    (draw) => named('AWS_SECRET_ACCESS', '_KEY=', draw(40)),
    (draw) => named('aws_secret_access', '_key: "', `${draw(39)}/`, '"'),
    (draw) => named('secretAccess', 'Key = ', draw(40)),
  ],
  'a token of Cloudflare': [
    (draw) => named('CF_API', '_TOKEN=', draw(40)),
    (draw) => named('CLOUDFLARE_DNS_API', '_TOKEN: "', draw(40), '"'),
    (draw) => named('CLOUDFLARE_API', '_KEY=', draw(37, HEX)),
    (draw) => named('dns cloud', 'flare ', draw(40)),
  ],
  'a token of a Cloudflare tunnel': [(draw) => named('--token eyJh', 'Ijoi', draw(160))],
  'an origin key of Cloudflare': [(draw) => named('v1', '.0-', draw(24, HEX), '-', draw(146, HEX))],
  'a join token of Docker Swarm': [
    (draw) => named('SWMT', 'KN-1-', draw(50, SMALL + DIGITS), '-', draw(25, SMALL + DIGITS)),
  ],
  'a token of a Telegram bot': [(draw) => named(draw(10, '123456789'), ':A', 'A', draw(33))],
  'the address of a Discord webhook': [
    (draw) => named('https://disc', 'ord.com/api/webhooks/', draw(19, DIGITS), '/', draw(68)),
  ],
  'a token of DigitalOcean': [(draw) => named('dop', '_v1_', draw(64, HEX))],
  'a token of PyPI': [(draw) => named('pypi', '-AgE', draw(160))],
  'a token of GitLab': [(draw) => named('gldt', '-', draw(20))],
  'an API key of Google': [(draw) => named('AI', 'za', draw(35))],
  'a token of Pulumi': [(draw) => named('pul', '-', draw(40, HEX))],
  'a token of Terraform Cloud': [(draw) => named(draw(14), '.atlas', 'v1.', draw(67))],
};

/** A secret in a text, and where it is only found there, the path of the file. */
export interface Sample {
  readonly text: string;
  readonly path?: string;
}

function named(...parts: readonly string[]): Sample {
  return { text: parts.join('') };
}

/** The text of a private key in PEM. */
export function pem(kind: string, draw: Draw): string {
  const start = kind === 'OPENSSH ' ? 'b3BlbnNzaC1rZXktdjE' : 'MI';
  const lines = `${start}${draw(400)}`.match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${kind}PRIV`, `ATE KEY-----\n${lines.join('\n')}\n-----END ${kind}PRIV`, 'ATE KEY-----\n'].join(
    '',
  );
}

function googleKey(draw: Draw): Sample {
  const key = pem('', draw).replace('MI', '..');
  return { text: JSON.stringify({ private_key_id: draw(8), private_key: key }) };
}

function onePassword(draw: Draw): string {
  // The form ends in `fQ`, which is what `}` at the end of a JSON text becomes.
  const json = JSON.stringify({ email: draw(20), secretKey: draw(90) });
  const padded = json.padEnd(Math.ceil(json.length / 3) * 3 + 1, ' ');
  return Buffer.from(`${padded.slice(0, json.length - 1)}${' '.repeat(padded.length - json.length)}}`).toString(
    'base64',
  );
}

function uuid(draw: Draw): string {
  return [8, 4, 4, 4, 12].map((length) => draw(length, HEX)).join('-');
}
