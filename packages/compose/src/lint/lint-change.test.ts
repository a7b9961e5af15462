import { describe, expect, it } from 'vitest';
import { UNKNOWN_VALUE } from '../load/interpolation.ts';
import { lintChange } from './lint-change.ts';
import { lines, projectOf } from './testing/linted.ts';

/** Findings of the step from one Compose file to another. */
async function findingsOf(before: string, after: string, name = 'shop'): Promise<readonly string[]> {
  return lines(lintChange(await projectOf(before), await projectOf(after, name)));
}

function db(volume: string, volumes = 'data: ', image = 'postgres:16'): string {
  return `services:\n  db:\n    image: ${image}\n    volumes:\n      - ${volume}\nvolumes: { ${volumes} }\n`;
}

describe('a volume', () => {
  it('whose driver or options change is refused', async () => {
    const nfs = (address: string) =>
      `services: { web: { image: "a:1", volumes: ["data:/data"] } }\nvolumes:\n  data: { driver_opts: { type: nfs, o: "addr=${address}" } }\n`;
    expect(await findingsOf(nfs('192.0.2.1'), nfs('192.0.2.2'))).toEqual([
      '3:3 compose/volume-changed the driver or the options of the volume `data` change, and only making it anew, without its data, would apply that: a deployment refuses it → undo it, or give the changed volume another `name:` and copy the data there',
    ]);
  });

  it('that says its driver now is the same', async () => {
    expect(await findingsOf(db('data:/data'), db('data:/data', 'data: { driver: local }'))).toEqual([]);
  });

  it('with another name leaves the data behind', async () => {
    expect(await findingsOf(db('data:/data'), db('data:/data', 'data: { name: other }'))).toEqual([
      '5:9 compose/data-left-behind `db` finds the volume other at /data, and its data stays in the volume shop_data → write `name: shop_data` below the volume `data` to keep it, or copy it there before',
    ]);
  });

  it('with another key leaves the data behind, unless its name stays', async () => {
    expect(await findingsOf(db('data:/data'), db('pg:/data', 'pg: '))).toEqual([
      expect.stringContaining('write `name: shop_data` below the volume `pg`'),
    ]);
    expect(await findingsOf(db('data:/data'), db('pg:/data', 'pg: { name: shop_data }'))).toEqual([]);
  });

  it('that becomes a folder leaves the data behind', async () => {
    expect(await findingsOf(db('data:/data'), db('./pg:/data'))).toEqual([
      '5:9 compose/data-left-behind `db` finds the folder ./pg at /data, and its data stays in the volume shop_data → mount shop_data as before, or copy it there before',
    ]);
  });

  it('that a service loses is reported', async () => {
    expect(await findingsOf(db('data:/data'), db('./x:/other:ro'))).toEqual([
      '4:5 compose/volume-removed-from-service `db` has nothing at /data any more: what it writes there is lost with its container, and its data stays in the volume shop_data → mount it again, unless the data is not needed any more; nobody deletes it',
    ]);
  });

  it('that is mounted elsewhere is reported', async () => {
    expect(await findingsOf(db('data:/var/lib/postgresql/data'), db('data:/var/lib/postgresql'))).toEqual([
      '5:9 compose/mount-target-changed `db` finds the volume shop_data at /var/lib/postgresql, where /var/lib/postgresql/data was: the application has to look there → mount it at /var/lib/postgresql/data again, unless the new version expects it at /var/lib/postgresql',
    ]);
  });
});

describe('a folder that a service writes to', () => {
  it('leaves the data behind under another path', async () => {
    expect(await findingsOf(db('/srv/a:/data'), db('/srv/b:/data'))).toEqual([
      expect.stringContaining('finds the folder /srv/b at /data, and its data stays in the folder /srv/a'),
    ]);
  });

  it.each([
    ['is only read', './a:/data:ro', './b:/data:ro'],
    ['is one file', './a.conf:/data', './b.conf:/data'],
    ['belongs to the system', '/etc/localtime:/etc/localtime', '/usr/share/zoneinfo:/etc/localtime'],
    ['stays', './a:/data', './a:/data'],
  ])('is fine if it %s', async (_, before, after) => {
    expect(await findingsOf(db(before), db(after))).toEqual([]);
  });

  it('is the same after the folder of the stack has moved', async () => {
    const [before, after] = [await projectOf(db('./a:/data')), await projectOf(db('./a:/data'), 'moved')];
    expect(lintChange(before, { ...after, name: 'shop' })).toEqual([]);
  });
});

describe('a network', () => {
  const text = (network: string) => `services: { web: { image: "a:1" } }\nnetworks:\n  default: { ${network} }\n`;

  it('whose configuration changes is reported', async () => {
    expect(await findingsOf(text('name: edge'), text('name: edge, internal: true'))).toEqual([
      '3:3 compose/network-changed the configuration of the network `default` changes: all that is in it stops meanwhile, and the deployment is refused while a container of another project is in it → give the changed network another `name:`, or take the others out of it first',
    ]);
  });

  it.each([
    ['gets another name with it', 'name: edge', 'name: other, internal: true'],
    ['belongs to somebody else', 'name: edge, external: true', 'name: edge, external: true'],
    ['stays', 'internal: true', 'internal: true'],
  ])('is fine if it %s', async (_, before, after) => {
    expect(await findingsOf(text(before), text(after))).toEqual([]);
  });
});

describe('a database', () => {
  it('that gets a version which reads other files is reported', async () => {
    expect(await findingsOf(db('data:/data'), db('data:/data', 'data: ', 'postgres:17'))).toEqual([
      '3:12 compose/stateful-major-bump `db`: postgres 16 → 17: it does not start on the data of the older version; dump and restore it, or convert it first → make a backup and follow the upgrade notes of the image, or keep the version',
    ]);
  });

  it('whose tools get one is fine', async () => {
    const dump = (version: string) => `services: { dump: { image: "postgres:${version}", command: [sh, /dump.sh] } }\n`;
    expect(await findingsOf(dump('16'), dump('17'))).toEqual([]);
  });

  it('that gets a fix is fine', async () => {
    expect(await findingsOf(db('data:/data'), db('data:/data', 'data: ', 'postgres:16.2'))).toEqual([]);
  });
});

describe('a project with another name', () => {
  it('is reported, and refused for the volumes that keep the old one', async () => {
    expect(await findingsOf(db('data:/data'), db('data:/data'), 'store')).toEqual([
      '1:1 compose/project-renamed the project `shop` becomes `store`: its containers are removed, and others are made under the new name → nothing, if the pause is fine; else keep `name` of the stack in environment.yml',
      '6:12 compose/stranded-data `db` finds the volume store_data at /data, and its data stays in the volume shop_data → write `name: shop_data` below the volume `data`, or keep the name of the project',
    ]);
  });

  it('keeps its data if the volumes say their name', async () => {
    const findings = await findingsOf(db('data:/data'), db('data:/data', 'data: { name: shop_data }'), 'store');
    expect(findings).toEqual([expect.stringContaining('compose/project-renamed')]);
  });
});

it.each([
  ['a volume', db('/srv/a:/data'), db(`/srv/${UNKNOWN_VALUE}:/data`)],
  ['a driver', db('data:/data', 'data: { driver: a }'), db('data:/data', `data: { driver: "${UNKNOWN_VALUE}" }`)],
  ['a version', db('data:/data'), db('data:/data', 'data: ', `postgres:${UNKNOWN_VALUE}`)],
])('nothing is said of %s that is encrypted', async (_, known, unknown) => {
  expect(await findingsOf(known, unknown)).toEqual([]);
  expect(await findingsOf(unknown, known)).toEqual([]);
});

it('nothing is said of a stack that is new, or that goes', async () => {
  const project = await projectOf(db('data:/data'));
  expect(lintChange(undefined, project)).toEqual([]);
  expect(lintChange(project, undefined)).toEqual([]);
});
