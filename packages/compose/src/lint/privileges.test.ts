import { describe, expect, it } from 'vitest';
import { privilegeFindings } from './privileges.ts';
import { lines, projectOf } from './testing/linted.ts';

async function findingsOf(words: string): Promise<readonly string[]> {
  return lines(privilegeFindings(await projectOf(`services:\n  web:\n    image: "a:1"\n    ${words}\n`)));
}

describe('a right that reaches beyond the container is reported:', () => {
  it.each([
    [
      'privileged: true',
      '4:17 compose/privileged `web` is privileged: whoever takes it over has the host → remove `privileged`, and give it what it needs by `cap_add` and `devices`',
    ],
    [
      'network_mode: host',
      '4:19 compose/host-network `web` is in the network of the host: it reaches all that listens on 127.0.0.1 there, and its `ports` count for nothing → publish what it needs with `ports:`',
    ],
    [
      'pid: host',
      '4:10 compose/host-pid `web` sees every process of the host, with its environment and its secrets → remove `pid`',
    ],
    [
      'ipc: host',
      '4:10 compose/host-ipc `web` shares the memory segments of the host → remove `ipc`; for more shared memory write `shm_size`',
    ],
    [
      'cap_add: [SYS_ADMIN]',
      '4:15 compose/dangerous-capability `web` has the capability `SYS_ADMIN`, with which it mounts file systems and leaves its container → remove it, or name the smaller capability that is needed',
    ],
    [
      'cap_add: [cap_sys_module]',
      '4:15 compose/dangerous-capability `web` has the capability `cap_sys_module`, with which it loads modules into the kernel of the host → remove it, or name the smaller capability that is needed',
    ],
  ])('%s', async (line, finding) => {
    expect(await findingsOf(line)).toEqual([finding]);
  });
});

it('of a privileged service no capability is told besides', async () => {
  expect(await findingsOf('privileged: true\n    cap_add: [ALL]')).toEqual([
    expect.stringContaining('compose/privileged'),
  ]);
});

describe('a right that stays within the container is fine:', () => {
  it.each([
    'privileged: false',
    'network_mode: bridge',
    'network_mode: none',
    'ipc: shareable',
    'cap_add: [NET_BIND_SERVICE, NET_ADMIN, CHOWN]',
    'cap_drop: [ALL]',
  ])('%s', async (line) => {
    expect(await findingsOf(line)).toEqual([]);
  });
});
