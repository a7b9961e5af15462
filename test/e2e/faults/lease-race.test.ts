import { checkChain } from '@gitops/core';
import { describe, expect, test } from 'vitest';
import { SHELLS, TrialHost } from '../../../packages/host/src/testing/trial-host.ts';
import { departures, LeaseRace } from './lease-race.ts';
import { isLong } from './record.ts';

/** 200 rounds are many. */
const LONG_MS = 3_600_000;
const RACERS = 8;
const rounds = isLong ? 200 : 15;

describe.concurrent.each(SHELLS)('runners that race for one environment, on a host with %s', (shell) => {
  test(
    `are never two at once in ${rounds} rounds of ${RACERS}, however they leave, and wedge nobody`,
    async () => {
      await using host = new TrialHost(shell);
      const race = new LeaseRace(host);
      let newest = 0;
      for (let round = 0; round < rounds; round++) {
        const racers = Array.from({ length: RACERS }, (_, index) =>
          race.run(`${round}-${index}`, departures[(round + index) % departures.length] ?? 'releases'),
        );
        await Promise.all(racers);
        expect(race.wrongNotes()).toEqual([]);
        const last = await race.lastFence();
        expect(last).toBeGreaterThan(newest);
        newest = last;
      }
      expect(race.visits).toBe((rounds * RACERS * 3) / 4);
      expect(checkChain(Buffer.from(host.read('audit.ndjson'))).fault).toBeUndefined();
    },
    LONG_MS,
  );
});
