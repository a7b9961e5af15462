import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const DAY_MS = 24 * 3_600_000;
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** What a server needs to speak TLS. */
export interface Credentials {
  readonly key: string;
  readonly cert: string;
}

export interface Wanted {
  /** `DNS:docs.example.com`, `IP:127.0.0.1` */
  readonly names?: string;
  readonly fromDays?: number;
  readonly untilDays?: number;
}

/** A certificate authority of our own, made for a test and gone with it. */
export class TrialAuthority implements AsyncDisposable {
  readonly certificate: string;
  readonly #folder: string;
  #issued = 0;

  static async create(): Promise<TrialAuthority> {
    const folder = await mkdtemp(join(tmpdir(), 'gitops-authority-'));
    const made = await selfSigned(folder, 'authority', 'Trial Authority', []);
    await writeFile(join(folder, 'index.txt'), '');
    return new TrialAuthority(folder, made.cert);
  }

  private constructor(folder: string, certificate: string) {
    this.#folder = folder;
    this.certificate = certificate;
  }

  async issue({ names = 'DNS:docs.example.com', fromDays = -100, untilDays = 100 }: Wanted = {}): Promise<Credentials> {
    const name = `server-${this.#issued++}`;
    const file = (ending: string) => join(this.#folder, `${name}.${ending}`);
    await writeFile(file('cnf'), configuration(this.#folder, names));
    const request = ['-subj', '/CN=Trial', '-keyout', file('key'), '-out', file('csr')];
    await run('openssl', ['req', '-new', ...NEW_KEY, ...request]);
    const files = ['-config', file('cnf'), '-in', file('csr'), '-out', file('pem')];
    const life = ['-startdate', daysFromNow(fromDays), '-enddate', daysFromNow(untilDays)];
    await run('openssl', ['ca', '-batch', '-notext', ...files, ...life]);
    return credentials(file('key'), file('pem'));
  }

  /** A certificate that nobody but its own key has signed. */
  selfSigned(names: string): Promise<Credentials> {
    return selfSigned(this.#folder, `self-${this.#issued++}`, 'Trial', ['-addext', `subjectAltName=${names}`]);
  }

  /** A path for another file that goes away with the authority. */
  path(name: string): string {
    return join(this.#folder, name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function selfSigned(folder: string, name: string, subject: string, more: readonly string[]) {
  const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)];
  const output = ['-subj', `/CN=${subject}`, '-days', '100', '-keyout', key, '-out', cert];
  await run('openssl', ['req', '-x509', ...NEW_KEY, ...output, ...more]);
  return credentials(key, cert);
}

async function credentials(key: string, cert: string): Promise<Credentials> {
  return { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') };
}

function configuration(folder: string, names: string): string {
  return `[ca]
default_ca = trial
[trial]
database = ${folder}/index.txt
new_certs_dir = ${folder}
rand_serial = yes
unique_subject = no
default_md = sha256
certificate = ${folder}/authority.pem
private_key = ${folder}/authority.key
policy = any
x509_extensions = server
[any]
commonName = supplied
[server]
basicConstraints = CA:FALSE
subjectAltName = ${names}
`;
}

/** `YYYYMMDDHHMMSSZ` */
function daysFromNow(days: number): string {
  return `${new Date(Date.now() + days * DAY_MS).toISOString().replace(/\D/g, '').slice(0, 14)}Z`;
}
