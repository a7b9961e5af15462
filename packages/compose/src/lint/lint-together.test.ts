import { describe, expect, it } from 'vitest';
import { lintTogether } from './lint-together.ts';
import { lines, linesOf, stackOf, target } from './testing/linted.ts';

const elsewhere = { target: { ...target, host: 'other.example.com' } };
const staging = { environment: 'staging' };

describe('a name that two stacks of one host give', () => {
  it.each([
    [
      'to a container',
      'services:\n  web:\n    image: a:1\n    container_name: web\n',
      '4:21 compose/container-name-collision the container `web` is made by the stack `shop` on the same host, too: Docker gives a name once, so the second one fails → remove `container_name`, or give each a name of its own',
    ],
    [
      'to a network',
      'services: { web: { image: "a:1" } }\nnetworks:\n  default:\n    name: proxy\n',
      '4:11 compose/fixed-name-collision the network `proxy` is made by the stack `shop` on the same host, too: whichever is removed or changed first takes it from the other → write `external: true` here if it is meant to be that one, else another `name:`',
    ],
    [
      'to a volume',
      'services: { web: { image: "a:1", volumes: ["data:/data"] } }\nvolumes:\n  data:\n    name: data\n',
      '4:11 compose/fixed-name-collision the volume `data` is made by the stack `shop` on the same host, too: both write to the same data → write `external: true` here if it is meant to be that one, else another `name:`',
    ],
  ])('is reported, %s', async (_, text, finding) => {
    const neighbours = [await stackOf(text), await stackOf(text, {}, 'blog')];
    expect(lines(lintTogether(neighbours))).toEqual([finding]);
    expect(lintTogether([await stackOf(text), await stackOf(text, elsewhere, 'blog')])).toEqual([]);
  });

  it('is reported with the environment that gives it, too', async () => {
    const text = 'services:\n  web:\n    image: a:1\n    container_name: web\n';
    const [finding] = lintTogether([await stackOf(text), await stackOf(text, staging, 'blog')]);
    expect(finding?.message).toContain('by the stack `shop` (production) on the same host');
  });

  it('is fine if one of them joins what the other makes', async () => {
    const network = (said: string) =>
      `services: { web: { image: "a:1" } }\nnetworks: { default: { name: proxy${said} } }\n`;
    const stacks = [await stackOf(network('')), await stackOf(network(', external: true'), {}, 'blog')];
    expect(lintTogether(stacks)).toEqual([]);
  });

  it('is no other kind of name', async () => {
    const network = 'services: { web: { image: "a:1" } }\nnetworks: { default: { name: web } }\n';
    const container = 'services: { web: { image: "a:1", container_name: web } }\n';
    expect(lintTogether([await stackOf(network), await stackOf(container, {}, 'blog')])).toEqual([]);
  });
});

describe('a project name on one host', () => {
  const text = 'services: { web: { image: "a:1" } }\n';

  it('is reported if two environments have it', async () => {
    expect(lines(lintTogether([await stackOf(text), await stackOf(text, staging)]))).toEqual([
      '1:1 compose/repeated-project the project `shop` of staging has the name of one of production on the same host, and Compose takes them for one → give each stack a `name` of its own in environment.yml, such as one with the environment in front',
    ]);
  });

  it('is reported if two targets of an environment have it', async () => {
    const stacks = [await stackOf(text), await stackOf(text, { target: { ...target, name: 'again' } })];
    expect(lintTogether(stacks)[0]?.message).toContain('has the name of one of the target docker on the same host');
  });

  it('is fine on two hosts', async () => {
    expect(lintTogether([await stackOf(text), await stackOf(text, { ...staging, ...elsewhere })])).toEqual([]);
  });
});

describe('the order of stacks', () => {
  const edge = 'services: { caddy: { image: "a:1" } }\nnetworks: { default: { name: edge } }\n';
  const shop =
    'services: { web: { image: "a:1", networks: [proxy] } }\nnetworks:\n  proxy: { name: edge, external: true }\n';

  it('is reported if one needs a network that a later one makes', async () => {
    expect(lines(lintTogether([await stackOf(shop), await stackOf(edge, {}, 'edge')]))).toEqual([
      '3:3 compose/stack-order `shop` needs the network `edge`, which `edge` makes, and that comes later: on a new host the deployment fails → move `edge` before `shop` in environment.yml',
    ]);
  });

  it('is reported for volumes, too', async () => {
    const [reads, makes] = [', external: true', ''].map(
      (said) =>
        `services: { web: { image: "a:1", volumes: ["data:/d"] } }\nvolumes: { data: { name: media${said} } }\n`,
    );
    const stacks = [await stackOf(reads ?? ''), await stackOf(makes ?? '', {}, 'blog')];
    expect(linesOf('compose/stack-order', lintTogether(stacks))).toHaveLength(1);
  });

  it.each([
    ['the maker comes first', async () => [await stackOf(edge, {}, 'edge'), await stackOf(shop)]],
    ['nobody makes it', async () => [await stackOf(shop)]],
    ['another environment makes it', async () => [await stackOf(shop), await stackOf(edge, staging, 'edge')]],
  ])('is fine if %s', async (_, stacks) => {
    expect(linesOf('compose/stack-order', lintTogether(await stacks()))).toEqual([]);
  });
});
