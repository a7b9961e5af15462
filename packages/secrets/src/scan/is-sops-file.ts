import { posix } from 'node:path';
import { sniffSops } from '../sops/sops-format.ts';

/** `.env.encrypted`, `secrets.enc.yaml`, `app.sops.json`. */
const SAYS_ENCRYPTED =
  /^\.env\.(?:encrypted|enc|sops)$|\.(?:encrypted|enc|sops)\.(?:env|ya?ml|json|txt)$|\.env\.(?:encrypted|enc)$/i;
/** Documents and programs show what SOPS writes without being it. */
const DATA = /^\.env|^[^.]+$|\.(?:ya?ml|json|env|enc|encrypted|sops)$/i;
/** Other programs have a part called `sops` in their configuration. */
const WRITTEN_BY_SOPS = /ENC\[AES256_GCM,|^[^\S\n]*"?(?:sops_)?(?:lastmodified|mac)"?[^\S\n]*[:=]/m;
/** What other programs have encrypted, as text. */
const OTHERWISE_ENCRYPTED =
  /^(?:-----BEGIN (?:AGE ENCRYPTED FILE|PGP MESSAGE)|age-encryption\.org\/|\$ANSIBLE_VAULT|U2FsdGVkX1)/;

/** Whether SOPS wrote a file, however damaged it is by now. */
export function isSopsFile(path: string, text: string): boolean {
  return DATA.test(posix.basename(path)) && sniffSops(text) !== undefined && WRITTEN_BY_SOPS.test(text);
}

/** Whether a file has the name of one that SOPS has encrypted, and no other program has. */
export function isMeantForSops(path: string, text: string): boolean {
  return SAYS_ENCRYPTED.test(posix.basename(path)) && text.trim() !== '' && !OTHERWISE_ENCRYPTED.test(text);
}
