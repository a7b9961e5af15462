import { X509Certificate } from 'node:crypto';
import { posix } from 'node:path';
import { messageOf } from '../errors.ts';
import type { Finding } from '../model.ts';
import type { RepositoryView } from '../repository-view.ts';
import { probeFinding } from './probe-findings.ts';
import type { EnvironmentFile, Read } from './read-configuration.ts';

/** The files that `tls.ca` of the probes name. */
export interface Authorities {
  /** PEM text by the path as it is written. */
  readonly texts: ReadonlyMap<string, string>;
  readonly findings: readonly Finding[];
}

/** Every deployment reads the record of the release, and this goes into it. */
const LARGEST_BYTES = 64 * 1024;

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

type Fault = readonly [message: string, remedy: string];

/** Reads what `tls.ca` names, relative to the environment's folder. Throws only what the view throws (`path-outside`). */
export async function readAuthorities(
  view: RepositoryView,
  folder: string,
  read: Read<EnvironmentFile>,
): Promise<Authorities> {
  const texts = new Map<string, string>();
  const findings: Finding[] = [];
  for (const [index, { tls }] of (read.value?.health.probes ?? []).entries()) {
    if (tls?.ca === undefined) continue;
    const found = await readAuthority(view, folder, tls.ca);
    if (typeof found === 'string') texts.set(tls.ca, found);
    else findings.push(probeFinding(read, [index, 'tls', 'ca'], 'config/authority', ...found));
  }
  return { texts, findings };
}

async function readAuthority(view: RepositoryView, folder: string, written: string): Promise<string | Fault> {
  const path = posix.join(folder, written);
  if (posix.isAbsolute(written) || path.startsWith('../')) {
    return [`\`${written}\` leaves the repository`, 'write a path relative to this file that stays in the repository'];
  }
  if ((await view.stat(path)) !== 'file') return [`there is no file \`${path}\``, 'add it, or correct the path'];
  const content = await view.read(path);
  if (content.length > LARGEST_BYTES) return [`\`${path}\` is larger than 64 KiB`, 'keep the authorities you need'];
  return certificatesOf(path, content.toString('latin1'));
}

/** The certificates of a PEM file, without the words around them. */
function certificatesOf(path: string, text: string): string | Fault {
  if (text.includes('PRIVATE KEY-----')) {
    const remedy = 'keep the certificates alone, and replace the key: it is not secret any more';
    return [`\`${path}\` holds a private key`, remedy];
  }
  const certificates = text.match(CERTIFICATE) ?? [];
  if (certificates.length === 0)
    return [`\`${path}\` holds no certificate`, 'write it in PEM: `-----BEGIN CERTIFICATE-----`'];
  try {
    for (const certificate of certificates) new X509Certificate(certificate);
  } catch (error) {
    return [`\`${path}\` holds a certificate that can't be read: ${messageOf(error)}`, 'export it again, in PEM'];
  }
  return `${certificates.join('\n')}\n`;
}
