import { chmodSync } from 'node:fs';
import { PROGRAMS } from '../programs.generated.ts';
import { bootId, type TrialHost, until } from './trial-host.ts';

/** The shell texts of a transaction; each but `expect` is made of lines by `step`. */
export interface Scripts {
  readonly apply?: string;
  readonly revert?: string;
  readonly unwedge?: string;
  readonly expect?: string;
  readonly confirmTimeoutSeconds?: number;
  /** `lab` if nothing is said. */
  readonly projects?: string;
}

export interface JournalLine {
  readonly at: string;
  readonly fence: number;
  readonly transaction: number;
  readonly release: string;
  readonly phase: string;
  readonly step: string;
  readonly event: string;
  readonly code: number;
}

/** Lays down transaction 2, from release `1-aaaaaaa` to `2-bbbbbbb`, under a lease that never grows silent. */
export function lay(host: TrialHost, scripts: Scripts = {}): void {
  const confirmTimeout = scripts.confirmTimeoutSeconds ?? 60;
  host.write('current', '1-aaaaaaa\n');
  host.write('releases/1-aaaaaaa/manifest.json', '{}');
  host.write('releases/2-bbbbbbb/rendered.yml', '{}');
  host.write('lease/2', `human\n${bootId()}\n999999999\n{}\n`);
  host.write('transactions/2/program', PROGRAMS.supervise);
  host.write(
    'transactions/2/settings',
    `projects='${scripts.projects ?? 'lab'}'\nrelease=2-bbbbbbb\nconfirm_timeout=${confirmTimeout}\ncomplete=yes\n`,
  );
  for (const name of ['apply', 'revert', 'unwedge', 'expect'] as const) {
    host.write(`transactions/2/${name}`, `${scripts[name] ?? ''}\ncomplete=yes\n`);
  }
}

/** A step that runs a command of the shell, which holds no single quote. */
export function step(name: string, command: string): string {
  return `step ${name} 60 sh -c '${command}' || return 1\n`;
}

/** A command that says that it is there and waits until it is let through. */
export function gate(host: TrialHost, name: string): string {
  return `echo $$ >${host.path(`${name}.pid`)}; until [ -e ${host.path(name)} ]; do sleep 0.02; done`;
}

/** Waits until something stands at the gate, and tells its process. */
export async function arrivalAt(host: TrialHost, name: string): Promise<number> {
  await until(`${name} is reached`, () => host.read(`${name}.pid`).endsWith('\n'));
  return Number(host.read(`${name}.pid`));
}

/** `STATE DETAIL` */
export function stateOf(host: TrialHost): string {
  const [word = '', , , , , ...detail] = host.read('transactions/2/status').trim().split(' ');
  return [word, ...detail].join(' ').trim();
}

export function reach(host: TrialHost, word: string): Promise<void> {
  return until(`the transaction is ${word}`, () => stateOf(host).split(' ')[0] === word);
}

/** Every line of the journal. Throws when one of them is torn. */
export function journalOf(host: TrialHost): readonly JournalLine[] {
  const lines = host.read('journal.ndjson').split('\n');
  if (lines.pop() !== '') throw new Error('the last line of the journal is torn');
  return lines.map((line) => JSON.parse(line));
}

/** `PHASE STEP EVENT CODE` of every line of the journal. */
export function eventsOf(host: TrialHost): readonly string[] {
  return journalOf(host).map(({ phase, step, event, code }) => `${phase} ${step} ${event} ${code}`);
}

/** A tracked file of a writable folder, as a release brings it. */
export function track(host: TrialHost, release: string, path: string, content: string, mode = 0o644): void {
  host.write(`releases/${release}/data/${path}`, content);
  chmodSync(host.path('releases', release, 'data', path), mode);
}
