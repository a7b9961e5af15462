import { type Connection, PROGRAMS, splitParts } from '@gitops/host';
import { OLDEST_COMPOSE } from './prepare.ts';

const READ_MS = 60_000;

/** One thing a host needs for deployments. */
export interface HostCheck {
  readonly subject: 'tools' | 'docker' | 'compose' | 'state';
  readonly good: boolean;
  readonly seen: string;
  /** What to do, with the command to run on the host; empty if it is good. */
  readonly remedy: string;
}

export interface CheckedHost {
  readonly checks: readonly HostCheck[];
  /** Compose projects that have containers there, sorted. */
  readonly projects: readonly string[];
}

/** Whom and where the checks are for; both occur in the commands to run. */
export interface HostPlace {
  readonly user: string;
  readonly stateDir: string;
}

/** Asks a host whether it is fit for deployments: tools, Docker, Compose and the state folder. Read-only. */
export async function checkHost(connection: Connection, place: HostPlace): Promise<CheckedHost> {
  const { stdout } = await connection.run({
    what: 'look at what the host has',
    script: PROGRAMS.check,
    args: [place.stateDir],
    timeoutMs: READ_MS,
  });
  return judge(splitParts(stdout.toString('utf8')), place);
}

function judge(parts: ReadonlyMap<string, string>, place: HostPlace): CheckedHost {
  const docker = checkDocker(parts.get('docker') ?? '', place);
  return {
    checks: [
      checkTools(parts.get('tools') ?? ''),
      docker,
      checkCompose(parts.get('compose') ?? ''),
      checkState(parts.get('state') ?? '', place),
    ],
    projects: words(parts.get('projects') ?? ''),
  };
}

function checkTools(text: string): HostCheck {
  const missing = words(text);
  const seen = missing.length === 0 ? 'a shell and the usual tools' : `${missing.join(', ')} missing`;
  return check('tools', missing.length === 0, seen, 'install coreutils, findutils, util-linux, awk, sed and tar');
}

function checkDocker(text: string, { user }: HostPlace): HostCheck {
  const { code, said } = answer(text);
  if (code === '0') return check('docker', true, `Docker ${said}`, '');
  if (code === '127')
    return check('docker', false, 'Docker is not installed', 'install it: https://docs.docker.com/engine/install/');
  const denied = /permission denied/i.test(said);
  const remedy = denied
    ? `let ${user} use Docker (which amounts to root): sudo usermod -aG docker ${user}`
    : 'start it: sudo systemctl enable --now docker';
  return check('docker', false, denied ? `${user} may not use Docker` : said, remedy);
}

function checkCompose(text: string): HostCheck {
  const { code, said } = answer(text);
  const [major = 0, minor = 0] = said.replace(/^v/, '').split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_COMPOSE;
  const isNew = major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
  const remedy = `install the Compose plugin ${OLDEST_COMPOSE.join('.')} or newer: sudo apt-get install docker-compose-plugin`;
  if (code !== '0') return check('compose', false, 'the Compose plugin is not installed', remedy);
  return check('compose', isNew, `Compose ${said}${isNew ? '' : ' is too old'}`, remedy);
}

function checkState(text: string, { user, stateDir }: HostPlace): HostCheck {
  const state = text.trim();
  if (state === 'writable') return check('state', true, `${stateDir} is there and writable`, '');
  if (state === 'creatable') return check('state', true, `${stateDir} will be made by the first deployment`, '');
  const remedy = `sudo install -d -m 0700 -o ${user} ${stateDir}`;
  return check('state', false, `${stateDir} is not there or ${user} may not write to it`, remedy);
}

function check(subject: HostCheck['subject'], good: boolean, seen: string, remedy: string): HostCheck {
  return { subject, good, seen, remedy: good ? '' : remedy };
}

/** The program prints what a command said and then its exit code. */
function answer(text: string): { readonly code: string; readonly said: string } {
  const lines = words(text);
  const code = lines.pop() ?? '';
  return { code, said: lines[0] ?? 'no answer' };
}

function words(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
