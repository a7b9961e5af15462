import type { Finding } from '@gitops/core';
import { type SecretRule, secretFinding } from '../rules.ts';
import { KNOWN_ANCHOR, KNOWN_FORMATS } from './known-format.ts';
import type { TextFile } from './scanned-file.ts';
import { PRESET_ANCHOR, runSecretlint } from './secretlint.ts';

interface Hit {
  readonly rule: 'secret/private-key' | 'secret/token';
  readonly what: string;
  readonly start: number;
}

/** Private keys and tokens of known formats in a text, in the order in which they stand there. */
export async function tokenFindings(file: TextFile): Promise<readonly Finding[]> {
  const own = KNOWN_ANCHOR.test(file.text) ? knownHits(file.text) : [];
  const preset = PRESET_ANCHOR.test(file.text) ? await presetHits(file) : [];
  const hits = [...own, ...preset].sort((a, b) => a.start - b.start);
  return hits.map(({ rule, what, start }) => {
    const place = { file: file.path, ...file.positionAt(start) };
    return secretFinding(rule, place, `${what} is written here in clear`, REMEDIES[rule]);
  });
}

const REMEDIES: Readonly<Record<Hit['rule'] & SecretRule, string>> = {
  'secret/private-key':
    'make a new pair, take the public half of this one out of wherever it is trusted, and keep the new private key out of git or encrypted by SOPS; the history of git keeps this one',
  'secret/token':
    'revoke it where it was issued, put the new one into the encrypted secrets and name it here as a variable; the history of git keeps this one',
};

function knownHits(text: string): readonly Hit[] {
  return KNOWN_FORMATS.flatMap(({ what, rule, pattern }) =>
    [...text.matchAll(pattern)]
      .filter(([match]) => !isMadeUp(match))
      .map(({ index: start }) => ({ rule, what, start })),
  );
}

async function presetHits({ path, text }: TextFile): Promise<readonly Hit[]> {
  const hits = await runSecretlint(path, text);
  const hasPem = hits.some(({ rule }) => rule === 'privatekey');
  return hits.flatMap(({ rule, start, end }): readonly Hit[] => {
    if (rule === 'privatekey') return [{ rule: 'secret/private-key', what: 'a private key', start }];
    if (rule === 'gcp') {
      return hasPem ? [] : [{ rule: 'secret/private-key', what: 'a private key of Google Cloud', start }];
    }
    const what = ISSUERS[rule] ?? `a secret of the format \`${rule}\``;
    return isMadeUp(text.slice(start, end)) ? [] : [{ rule: 'secret/token', what, start }];
  });
}

const ISSUERS: Readonly<Record<string, string>> = {
  npm: 'a token of npm',
  slack: 'a token or webhook of Slack',
  sendgrid: 'an API key of SendGrid',
  shopify: 'an API key of Shopify',
  stripe: 'an API key of Stripe',
  github: 'a token of GitHub',
  gitlab: 'a token of GitLab',
  grafana: 'a token of Grafana',
  openai: 'an API key of OpenAI',
  anthropic: 'an API key of Anthropic',
  groq: 'an API key of Groq',
  huggingface: 'a token of Hugging Face',
  linear: 'an API key of Linear',
  notion: 'a token of Notion',
  '1password': 'a token of 1Password',
  'hashicorp-vault': 'a token of HashiCorp Vault',
  vercel: 'a token of Vercel',
  databricks: 'a token of Databricks',
  docker: 'a token of Docker Hub',
  figma: 'a token of Figma',
  cloudflare: 'a token of Cloudflare',
  tailscale: 'a key of Tailscale',
};

/** In examples a token is one letter repeated, the alphabet, or says what it is; no issuer draws such a one. */
function isMadeUp(match: string): boolean {
  return /example|change-?me|placeholder|your[-_]|(.)\1{7}|1234567890|0123456789|abcdefgh/i.test(match);
}
