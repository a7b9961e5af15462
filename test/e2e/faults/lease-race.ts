import { renameSync } from 'node:fs';
import { type Conversation, type TrialHost, uptimeSeconds } from '../../../packages/host/src/testing/trial-host.ts';

/** How a racer goes that has held the lease, or tries to. */
export const departures = ['releases', 'is killed', 'closes its channel', 'is killed as it tries'] as const;
export type Departure = (typeof departures)[number];

/** Past what a lease outlives its last renewal. */
const SILENCE_SECONDS = 31;

/** Runners that race for the lease of one environment; each is a keeper in a shell of its own. */
export class LeaseRace {
  readonly #host: TrialHost;
  /** `enter FENCE` and `leave FENCE`, as they come and go. */
  readonly #notes: string[] = [];
  /** Nobody renews what these hold. */
  readonly #dead = new Set<string>();
  /** Kept when somebody goes, for those who were refused meanwhile. */
  #departure = Promise.withResolvers<void>();

  constructor(host: TrialHost) {
    this.#host = host;
  }

  /** Tries until it has held the lease, notes it, and goes as it is told to. */
  async run(name: string, departure: Departure): Promise<void> {
    await using keeper = this.#keeper(name);
    if (departure === 'is killed as it tries') return await this.#dieTrying(keeper, name);
    const fence = await this.#held(keeper);
    this.#notes.push(`enter ${fence}`);
    keeper.say('beat');
    const renewed = await keeper.next();
    this.#notes.push(renewed === 'ok' ? `leave ${fence}` : `${fence} is told ${renewed}`);
    await this.#depart(keeper, name, departure);
  }

  /** One who comes when everybody else has gone: the fence that it gets. */
  async lastFence(): Promise<number> {
    await using keeper = this.#keeper('last');
    return await this.#held(keeper);
  }

  /** What is wrong with the notes: two inside at once, a fence that does not rise, one that lost what it held. */
  wrongNotes(): readonly string[] {
    let newest = 0;
    let inside = 0;
    return this.#notes.flatMap((note) => {
      const [word, number] = note.split(' ');
      const fence = Number(number);
      const isGood = word === 'enter' ? inside === 0 && fence > newest : word === 'leave' && fence === inside;
      inside = word === 'enter' ? fence : 0;
      newest = Math.max(newest, inside);
      return isGood ? [] : [note];
    });
  }

  /** How many have held the lease and left it. */
  get visits(): number {
    return this.#notes.filter((note) => note.startsWith('leave ')).length;
  }

  #keeper(name: string): Conversation {
    const keeper = this.#host.talk('keeper', [this.#host.env, 'automatic']);
    keeper.say(JSON.stringify({ holder: name, reason: 'deploy', since: '2026-01-01T00:00:00Z', commit: 'abc' }));
    return keeper;
  }

  async #held(keeper: Conversation): Promise<number> {
    for (;;) {
      const departure = this.#departure.promise;
      keeper.say('try');
      const [word, fence] = ((await keeper.next()) ?? 'ended').split(' ');
      if (word === 'held') return Number(fence);
      if (word !== 'busy') throw new Error(`A racer is told ${word}`);
      await keeper.next();
      if (!this.#letExpire(Number(fence), (await keeper.next()) ?? '')) await departure;
    }
  }

  async #depart(keeper: Conversation, name: string, departure: Departure): Promise<void> {
    if (departure === 'releases') keeper.hangUp();
    if (departure === 'closes its channel') keeper.deafen();
    if (departure === 'closes its channel') keeper.say('beat');
    if (departure === 'is killed') process.kill(keeper.pid, 'SIGKILL');
    await keeper.ended;
    this.#gone(name, departure === 'is killed');
  }

  /** Whether it got the lease before it died, only the host knows. */
  async #dieTrying(keeper: Conversation, name: string): Promise<void> {
    keeper.say('try');
    const answered = keeper.next();
    process.kill(keeper.pid, 'SIGKILL');
    await keeper.ended;
    await answered;
    this.#gone(name, true);
  }

  #gone(name: string, isDead: boolean): void {
    if (isDead) this.#dead.add(name);
    this.#departure.resolve();
    this.#departure = Promise.withResolvers();
  }

  /** What half a minute does to the claim of one who is dead: its last renewal lies in the past. */
  #letExpire(fence: number, holder: string): boolean {
    const { holder: name = '' }: { readonly holder?: string } = holder === '' ? {} : JSON.parse(holder);
    if (!this.#dead.has(name)) return false;
    const [purpose = '', boot = '', , ...rest] = this.#host.read(`lease/${fence}`).split('\n');
    const past = String(uptimeSeconds() - SILENCE_SECONDS);
    this.#replace(`lease/${fence}`, [purpose, boot, past, ...rest].join('\n'));
    if (this.#host.read(`lease/${fence}.beat`) !== '') this.#replace(`lease/${fence}.beat`, past);
    return true;
  }

  /** Whole, as others read it meanwhile. */
  #replace(path: string, content: string): void {
    this.#host.write('aged', content);
    renameSync(this.#host.path('aged'), this.#host.path(path));
  }
}
