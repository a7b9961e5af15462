import { expect, it } from 'vitest';
import { diskFull, readSpace, refuseFullDocker, spaceWarnings } from './space.ts';

const MIB = 1024;
const LABEL = 'gitops@docker.example.com:22';
const said = (text: string) => readSpace(new Map([['space', text]]));

it('plenty of room is not worth a word', () => {
  const space = said(`${9000 * MIB} ${9000 * MIB} /var/lib/docker`);
  expect(spaceWarnings(LABEL, space)).toEqual([]);
  expect(() => refuseFullDocker(LABEL, space)).not.toThrow();
});

it('little room is told with numbers', () => {
  const [state, docker] = spaceWarnings(LABEL, said(`${100 * MIB} ${2000 * MIB} /srv/my docker`));
  expect(state).toMatch(/^only 100 MiB are free for the state folder on gitops@docker\.example\.com:22; .*image prune/);
  expect(docker).toMatch(/^only 2\.0 GiB are free for Docker's data \(\/srv\/my docker\)/);
});

it('room that can not be read is a warning and never a failure', () => {
  const space = said('- - ');
  expect(spaceWarnings(LABEL, space)).toEqual([expect.stringContaining('could not be read')]);
  expect(() => refuseFullDocker(LABEL, space)).not.toThrow();
});

it('a host that was not asked says nothing', () => {
  expect(spaceWarnings(LABEL, readSpace(new Map()))).toEqual([]);
});

it('hardly any room for images is refused before a pull', () => {
  expect(() => refuseFullDocker(LABEL, said(`- ${511 * MIB} /var/lib/docker`))).toThrow(
    /only 511 MiB are free in \/var\/lib\/docker, and 512 MiB are the least/,
  );
  expect(() => refuseFullDocker(LABEL, said(`- ${512 * MIB} /var/lib/docker`))).not.toThrow();
});

it('a full state disk is told with what is needed', () => {
  expect(diskFull(LABEL, '/var/lib/gitops/x/y', `${3 * MIB}`, 10 * MIB)).toMatchObject({
    code: 'disk-full',
    seen: 'only 3 MiB are free in /var/lib/gitops/x/y, and 74 MiB are needed',
  });
});
