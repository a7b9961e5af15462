import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bootId, type Conversation, SHELLS, TrialHost, uptimeSeconds } from '../testing/trial-host.ts';

const HOLDER = '{"holder":"ada","reason":"deploy","since":"2026-01-01T00:00:00Z","commit":"abc"}';

/** A keeper that has said who it is. */
function keeperOn(host: TrialHost, purpose = 'automatic', holder = HOLDER): Conversation {
  const keeper = host.talk('keeper', [host.env, purpose]);
  keeper.say(holder);
  return keeper;
}

async function tries(keeper: Conversation): Promise<string | undefined> {
  keeper.say('try');
  return keeper.next();
}

async function beats(keeper: Conversation): Promise<string | undefined> {
  keeper.say('beat');
  return keeper.next();
}

/** As a claim lies on the host. */
function claimText({ purpose = 'automatic', boot = bootId(), uptime = uptimeSeconds(), holder = HOLDER } = {}): string {
  return `${purpose}\n${boot}\n${uptime}\n${holder}\n`;
}

/** A keeper that was killed at work: nobody renews its claim. */
async function deadKeeper(host: TrialHost, purpose = 'automatic'): Promise<void> {
  const keeper = keeperOn(host, purpose);
  expect(await tries(keeper)).toBe('held 1');
  process.kill(keeper.pid, 'SIGKILL');
  await keeper.ended;
}

/** Moves the last renewal of a claim back in time, as if it had been silent. */
function age(host: TrialHost, fence: number, seconds: number): void {
  const [purpose = '', boot = '', uptime, ...rest] = host.read(`lease/${fence}`).split('\n');
  host.write(`lease/${fence}`, [purpose, boot, Number(uptime) - seconds, ...rest].join('\n'));
  const beat = host.read(`lease/${fence}.beat`);
  if (beat !== '') host.write(`lease/${fence}.beat`, String(Number(beat) - seconds));
}

async function isFree(host: TrialHost): Promise<boolean> {
  await using keeper = keeperOn(host);
  return (await tries(keeper))?.startsWith('held ') ?? false;
}

describe.each(SHELLS)('the keeper of a lease, with %s', (shell) => {
  it('holds fence 1 first', async () => {
    await using host = new TrialHost(shell);
    await using keeper = keeperOn(host);
    expect(await tries(keeper)).toBe('held 1');
    expect(host.read('lease/1')).toBe(claimText({ uptime: Number(host.read('lease/1').split('\n')[2]) }));
  });

  it('tells a second one who holds it', async () => {
    await using host = new TrialHost(shell);
    await using first = keeperOn(host);
    await using second = keeperOn(host, 'automatic', '{"holder":"bob \\"b\\\\n\\" $HOME %s"}');
    expect(await tries(first)).toBe('held 1');
    expect([await tries(second), await second.next(), await second.next()]).toEqual(['busy 1', 'automatic', HOLDER]);
    first.hangUp();
    await first.ended;
    expect(await tries(second)).toBe('held 2');
    expect(host.read('lease/2')).toContain('\n{"holder":"bob \\"b\\\\n\\" $HOME %s"}\n');
  });

  it('renews it with a beat', async () => {
    await using host = new TrialHost(shell);
    await using keeper = keeperOn(host);
    await tries(keeper);
    age(host, 1, 25);
    expect(await beats(keeper)).toBe('ok');
    age(host, 1, 25);
    expect(await isFree(host)).toBe(false);
    expect(Number(host.read('lease/1.beat')) + 25).toBeGreaterThanOrEqual(uptimeSeconds() - 5);
  });

  it('has nothing to renew before it holds', async () => {
    await using host = new TrialHost(shell);
    await using keeper = keeperOn(host);
    expect(await beats(keeper)).toBe('lost');
  });

  it.each(['end of input', 'SIGTERM', 'SIGHUP'] as const)('frees it at once on %s', async (event) => {
    await using host = new TrialHost(shell);
    const keeper = keeperOn(host);
    await tries(keeper);
    if (event === 'end of input') keeper.hangUp();
    else process.kill(keeper.pid, event);
    await keeper.ended;
    await using next = keeperOn(host);
    expect(await tries(next)).toBe('held 2');
  });

  it('frees it when nobody reads its answers any more', async () => {
    await using host = new TrialHost(shell);
    const keeper = keeperOn(host);
    await tries(keeper);
    keeper.deafen();
    keeper.say('beat');
    await keeper.ended;
    expect(await isFree(host)).toBe(true);
  });

  it('that is dead leaves a claim that is free after the expiry, not before', async () => {
    await using host = new TrialHost(shell);
    await deadKeeper(host);
    age(host, 1, 25);
    expect(await isFree(host)).toBe(false);
    age(host, 1, 10);
    expect(await isFree(host)).toBe(true);
  });

  it('that renewed last before the expiry leaves a free claim too', async () => {
    await using host = new TrialHost(shell);
    host.write('lease/7', claimText());
    host.write('lease/7.beat', String(uptimeSeconds() - 31));
    await using keeper = keeperOn(host);
    expect(await tries(keeper)).toBe('held 8');
  });

  it('of an earlier start of a container, whose boot id stays, holds nothing', async () => {
    await using host = new TrialHost(shell);
    host.write('lease/3', claimText({ uptime: uptimeSeconds() + 86_400 }));
    await using keeper = keeperOn(host);
    expect(await tries(keeper)).toBe('held 4');
  });

  it('of an earlier boot of the host holds nothing', async () => {
    await using host = new TrialHost(shell);
    host.write('lease/3', claimText({ boot: '00000000-0000-0000-0000-000000000000' }));
    await using keeper = keeperOn(host);
    expect(await tries(keeper)).toBe('held 4');
  });

  it.each([
    ['has been silent for long', { uptime: 0 }],
    ['was taken before the host was booted', { boot: 'other' }],
  ])("never takes a person's claim that %s", async (_, facts) => {
    await using host = new TrialHost(shell);
    host.write('lease/3', claimText({ purpose: 'human', ...facts }));
    await using keeper = keeperOn(host);
    expect([await tries(keeper), await keeper.next(), await keeper.next()]).toEqual(['busy 3', 'human', HOLDER]);
  });

  it('that was taken over learns that it lost', async () => {
    await using host = new TrialHost(shell);
    await using slow = keeperOn(host);
    await tries(slow);
    age(host, 1, 31);
    await using next = keeperOn(host);
    expect(await tries(next)).toBe('held 2');
    expect(await beats(slow)).toBe('lost');
    expect(await beats(next)).toBe('ok');
    slow.hangUp();
    await slow.ended;
    expect(await beats(next)).toBe('ok');
    expect(await isFree(host)).toBe(false);
  });

  it('never gives a number twice, and keeps only the newest', async () => {
    await using host = new TrialHost(shell);
    for (let fence = 1; fence <= 12; fence++) {
      await using keeper = keeperOn(host);
      expect(await tries(keeper)).toBe(`held ${fence}`);
    }
    expect(readdirSync(host.path('lease')).sort()).toEqual(['12', '12.closed']);
  });

  it('leaves no draft behind when it is killed, whose number a later process could have', async () => {
    await using host = new TrialHost(shell);
    await deadKeeper(host);
    expect(readdirSync(host.path('lease'))).toEqual(['1']);
  });
});

describe.each(SHELLS)('a torn claim, with %s', (shell) => {
  const whole = claimText();
  const ends = [
    0,
    4,
    whole.indexOf('\n') + 1,
    whole.indexOf('\n') + 9,
    whole.length - HOLDER.length - 1,
    whole.length - 9,
  ];

  it.each(ends)('of %i bytes is answered and wedges nobody for longer than the expiry', async (bytes) => {
    await using host = new TrialHost(shell);
    host.write('lease/5', whole.slice(0, bytes));
    await using keeper = keeperOn(host);
    const answer = await tries(keeper);
    if (answer === 'held 6') return;
    expect([answer, await keeper.next()]).toEqual(['busy 5', 'automatic']);
    expect(HOLDER).toContain(await keeper.next());
    age(host, 5, 31);
    expect(await tries(keeper)).toBe('held 6');
  });

  it("that is empty is nobody's: the next number is given", async () => {
    await using host = new TrialHost(shell);
    host.write('lease/5', '');
    await using keeper = keeperOn(host);
    expect(await tries(keeper)).toBe('held 6');
  });

  it.each(['x', '12.5', '-', '\0\0', '1 2'])('whose beat is %j counts by its claim', async (beat) => {
    await using host = new TrialHost(shell);
    host.write('lease/5', claimText({ uptime: uptimeSeconds() - 31 }));
    host.write('lease/5.beat', beat);
    await using keeper = keeperOn(host);
    expect(await tries(keeper)).toBe('held 6');
  });

  it('of a person stays theirs, and is given back by closing it', async () => {
    await using host = new TrialHost(shell);
    host.write('lease/5', 'human\n');
    await using keeper = keeperOn(host);
    expect([await tries(keeper), await keeper.next(), await keeper.next()]).toEqual(['busy 5', 'human', '']);
    host.write('lease/5.closed', '');
    expect(await tries(keeper)).toBe('held 6');
  });
});

describe.each(SHELLS)('racers, with %s', (shell) => {
  it('find exactly one holder in each of 40 rounds of 8, with rising fences', async () => {
    await using host = new TrialHost(shell);
    const racers = Array.from({ length: 8 }, () => keeperOn(host));
    let newest = 0;
    for (let round = 0; round < 40; round++) {
      const winners = await race(racers);
      expect(winners).toHaveLength(1);
      const [{ index, fence } = { index: 0, fence: 0 }] = winners;
      expect(fence).toBeGreaterThan(newest);
      newest = fence;
      await leave(racers[index], round % 2 === 0);
      if (round % 2 === 1) age(host, fence, 31);
      racers[index] = keeperOn(host);
    }
    for (const racer of racers) racer.hangUp();
    await Promise.all(racers.map(({ ended }) => ended));
  });

  it('are never two at once while others leave', async () => {
    await using host = new TrialHost(shell);
    let inside = 0;
    const fences: number[] = [];
    const visit = async () => {
      await using keeper = keeperOn(host);
      fences.push(await held(keeper));
      expect(++inside).toBe(1);
      expect(await beats(keeper)).toBe('ok');
      inside--;
    };
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (let turn = 0; turn < 3; turn++) await visit();
      }),
    );
    expect(fences).toHaveLength(24);
    expect(fences).toEqual([...new Set(fences)].sort((a, b) => a - b));
  });
});

async function race(racers: readonly Conversation[]): Promise<{ index: number; fence: number }[]> {
  const answers = await Promise.all(racers.map((racer) => answerOf(racer)));
  return answers.flatMap((fence, index) => (fence === undefined ? [] : [{ index, fence }]));
}

/** The fence if it holds; a refusal is read to its end. */
async function answerOf(racer: Conversation): Promise<number | undefined> {
  const [word, fence] = (await tries(racer))?.split(' ') ?? [];
  if (word === 'held') return Number(fence);
  expect(word).toBe('busy');
  await racer.next();
  await racer.next();
  return undefined;
}

async function held(keeper: Conversation): Promise<number> {
  for (;;) {
    const fence = await answerOf(keeper);
    if (fence !== undefined) return fence;
  }
}

async function leave(racer: Conversation | undefined, orderly: boolean): Promise<void> {
  if (!racer) return;
  if (orderly) racer.hangUp();
  else process.kill(racer.pid, 'SIGKILL');
  await racer.ended;
}

describe.each(SHELLS)('a folder that cannot be written, with %s', (shell) => {
  it('is told as unwritable', async () => {
    await using host = new TrialHost(shell);
    writeFileSync(host.path('lease'), 'a file where the folder belongs');
    const result = await host.run('keeper', [host.env, 'automatic'], `${HOLDER}\ntry\n`);
    expect(result).toMatchObject({ code: 3, stdout: 'unwritable\n' });
  });

  it('is told too when it goes away while the keeper waits', async () => {
    await using host = new TrialHost(shell);
    await using keeper = keeperOn(host);
    expect(await beats(keeper)).toBe('lost');
    rmSync(host.path('lease'), { recursive: true });
    expect(await tries(keeper)).toBe('unwritable');
    expect(await keeper.ended).toBe(3);
  });
});
