import { GitopsError, type Release } from '@gitops/core';
import { describe, expect, it } from 'vitest';
import { splitParts } from './parts.ts';
import { parseRecorded, parseRelease, parseStatus } from './recorded.ts';
import { bootId, SHELLS, TrialHost, uptimeSeconds } from './testing/trial-host.ts';

const RELEASE: Release = {
  name: '3-abcdef0',
  number: 3,
  commit: 'abcdef0123',
  ancestors: ['0123'],
  inputsDigest: 'inputs',
  createdAt: '2026-01-01T00:00:00.000Z',
  actor: 'ada',
  composeVersion: '2.40.0',
  engineVersion: '28.0.0',
  verdict: 'healthy',
  health: { deadlineMs: 1, stabilityMs: 1, confirmTimeoutMs: 1, probes: [] },
  desired: {
    stacks: ['lab-production'],
    services: [],
    networks: [],
    volumes: [],
    objects: [],
    data: [],
    inactiveServices: [],
    hostPaths: [],
  },
  desiredDigest: 'desired',
};
const MANIFEST = JSON.stringify(RELEASE);
const NOTHING = { holds: [], damagedObjects: [], highestFence: 0 };

function errorOf(act: () => unknown): GitopsError {
  try {
    act();
  } catch (error) {
    if (error instanceof GitopsError) return error;
    throw error;
  }
  throw new Error('expected an error');
}

async function recall(host: TrialHost) {
  return parseRecorded(splitParts((await host.run('recall', [host.env])).stdout));
}

describe('what is recorded', () => {
  it('is nothing when the host said nothing', () => {
    expect(parseRecorded(splitParts(''))).toEqual(NOTHING);
  });

  it.each(['', MANIFEST.slice(0, 100), MANIFEST.slice(0, -1), '{}', 'null', '[]', '\0\0\0'])(
    'is not read from the torn manifest %j: the error names the file',
    (manifest) => {
      const parts = new Map([
        ['current', '3-abcdef0'],
        ['manifest', manifest],
      ]);
      const error = errorOf(() => parseRecorded(parts));
      expect(error.code).toBe('record-unreadable');
      expect(error.attempted).toContain('releases/3-abcdef0/manifest.json');
      expect(error.message).not.toMatch(/valibot|\n {4}at /i);
    },
  );

  it('of an unreadable claim still names its fence', () => {
    const { lease } = parseRecorded(new Map([['lease', '7\nautomatic\n{"holder"']]));
    expect(lease).toMatchObject({ fence: 7, purpose: 'automatic', holder: 'unknown', reason: 'unreadable claim' });
  });

  it.each(['exploded 1 2 boot 3 ', '', '\0\0', 'Confirmed'])(
    'is an unfinished transaction when its status is %j',
    (said) => {
      expect(parseStatus(4, said)).toMatchObject({ id: 4, state: 'staged' });
    },
  );

  it('keeps the blanks of a detail', () => {
    expect(parseStatus(4, 'revert-failed 1 2 boot 3 one back')).toEqual({
      id: 4,
      state: 'revert-failed',
      detail: 'one back',
    });
  });

  it('of one release is read as it was written', () => {
    expect(parseRelease('3-abcdef0', MANIFEST)).toEqual(RELEASE);
  });
});

describe.each(SHELLS)('what a host with %s recalls', (shell) => {
  it('is nothing where nothing was ever deployed', async () => {
    await using host = new TrialHost(shell);
    const { code, stdout } = await host.run('recall', [host.path('nowhere')]);
    expect(code).toBe(0);
    expect(parseRecorded(splitParts(stdout))).toEqual(NOTHING);
  });

  it('is everything that is there', async () => {
    await using host = new TrialHost(shell);
    host.write('current', '3-abcdef0\n');
    host.write('releases/3-abcdef0/manifest.json', MANIFEST);
    host.write('releases/3-abcdef0/aliases.ndjson', '{"commit":"later","inputsDigest":"same"}\n');
    host.write('releases/3-abcdef0/objects', 'gone\n');
    host.write('hmac.key', 'key');
    host.write('lease/9', `automatic\n${bootId()}\n${uptimeSeconds()}\n{"holder":"ada"}\n`);
    host.write('transactions/8/status', 'confirmed 1 2 boot 3 \n');
    host.write('transactions/10/status', 'reverted 1 2 boot 3 one\n');
    expect(await recall(host)).toMatchObject({
      release: RELEASE,
      commit: 'later',
      inputsDigest: 'same',
      hmacKey: 'key',
      lease: { fence: 9, holder: 'unknown' },
      transaction: { id: 10, state: 'reverted', detail: 'one' },
      damagedObjects: ['gone'],
      highestFence: 9,
    });
  });

  it.each(['{"commit":"torn","inp', ''])(
    'is the newest whole alias, whatever is left of the next: %j',
    async (torn) => {
      await using host = new TrialHost(shell);
      host.write('current', '3-abcdef0\n');
      host.write('releases/3-abcdef0/manifest.json', MANIFEST);
      host.write(
        'releases/3-abcdef0/aliases.ndjson',
        `{"commit":"a","inputsDigest":"x"}\n{"commit":"b","inputsDigest":"y"}\n${torn}`,
      );
      expect(await recall(host)).toMatchObject({ commit: 'b', inputsDigest: 'y' });
    },
  );

  it('is an error where releases are and none is current', async () => {
    await using host = new TrialHost(shell);
    host.write('releases/3-abcdef0/manifest.json', MANIFEST);
    await expect(recall(host)).rejects.toThrow('the file `current` is missing');
  });

  it('takes no manifest.json of a web application for a release', async () => {
    await using host = new TrialHost(shell);
    host.write('releases/1-abcdef0/data/web/manifest.json', '{}');
    expect(await recall(host)).toEqual(NOTHING);
  });

  it('is a staged transaction before its supervisor wrote a word', async () => {
    await using host = new TrialHost(shell);
    host.write('transactions/4/settings', '');
    expect((await recall(host)).transaction).toEqual({ id: 4, state: 'staged', detail: '' });
  });
});
