import { describe, expect, it } from 'vitest';
import { UNKNOWN_VALUE } from '../load/interpolation.ts';
import { lintTogether } from './lint-together.ts';
import { portFindings } from './port-collisions.ts';
import { lines, linesOf, stackOf, target } from './testing/linted.ts';

const REMEDY = 'publish another port of the host, or each on an address of its own';

async function findingsOf(services: string): Promise<readonly string[]> {
  return lines(portFindings(await stackOf(`services:\n${services}`)));
}

function service(name: string, ports: string, more = ''): string {
  return `  ${name}: { image: "a:1", ports: [${ports}]${more} }\n`;
}

describe('a port of the host that a stack publishes twice', () => {
  it.each([
    ['twice on every address', '"8080:80"', '"8080:80"'],
    ['on every address and on one', '"8080:80"', '"127.0.0.1:8080:80"'],
    ['on every IPv4 address and on one', '"0.0.0.0:8080:80"', '"192.0.2.1:8080:80"'],
    ['on every IPv6 address and on one', '"[::]:8080:80"', '"[::1]:8080:80"'],
    ['once in the long syntax', '"8080:80"', '{ target: 80, published: "8080", mode: host }'],
    ['once among others', '"8079-8081:79-81"', '"8080:80"'],
  ])('is reported, %s', async (_, first, second) => {
    const findings = await findingsOf(service('api', first) + service('web', second));
    expect(findings).toEqual([expect.stringContaining('the port 8080/tcp of `web` is published by `api`, too')]);
  });

  it('is reported where it is published last', async () => {
    expect(await findingsOf(service('api', '"8080:80"') + service('web', '"80:80", "8080:81"'))).toEqual([
      `3:41 compose/port-collision the port 8080/tcp of \`web\` is published by \`api\`, too → ${REMEDY}`,
    ]);
  });

  it('is reported within one service', async () => {
    expect(await findingsOf(service('web', '"8080:80", "8080:81"'))).toEqual([
      `2:43 compose/port-collision the port 8080/tcp of \`web\` is published for another port of it, too → ${REMEDY}`,
    ]);
  });

  it('is reported of a service with several containers', async () => {
    expect(await findingsOf(service('web', '"8080:80"', ', deploy: { replicas: 3 }'))).toEqual([
      '2:32 compose/port-collision 3 containers of `web` ask for the port 8080/tcp, and one gets it → publish a range, as in `8080-8082:…`, or put a proxy before them',
    ]);
  });
});

function hidden(name: string): string {
  return service(name, `{ target: 80, published: "80", host_ip: "${UNKNOWN_VALUE}" }`);
}

describe('no collision is', () => {
  it.each([
    ['another protocol', service('api', '"53:53"') + service('web', '"53:53/udp"')],
    ['another address', service('api', '"127.0.0.1:80:80"') + service('web', '"192.0.2.1:80:80"')],
    ['the other family', service('api', '"0.0.0.0:80:80"') + service('web', '"[::1]:80:80"')],
    ['a port that Docker chooses', service('api', '"80"') + service('web', '"80"')],
    ['a range from which Docker takes a free one', service('api', '"80-82:80"') + service('web', '"80:80"')],
    ['a range for several containers', service('web', '"80-81:80"', ', scale: 2')],
    ['a service that is started by hand', service('api', '"80:80"') + service('web', '"80:80"', ', profiles: [tools]')],
    ['a service without containers', service('api', '"80:80"') + service('web', '"80:80"', ', scale: 0')],
    ['the network of the host', service('api', '"80:80"') + service('web', '"80:80"', ', network_mode: host')],
    ['an address that is encrypted', `${hidden('api')}${hidden('web')}`],
    ['the same written twice', service('web', '"80:80", "80:80"')],
  ])('%s', async (_, services) => {
    expect(await findingsOf(services)).toEqual([]);
  });
});

describe('a port that two stacks publish', () => {
  const web = `services:\n${service('web', '"8080:80"')}`;

  it('is reported in one environment', async () => {
    const stacks = [await stackOf(web), await stackOf(web, {}, 'blog')];
    expect(linesOf('compose/port-collision', lintTogether(stacks))).toEqual([
      `2:32 compose/port-collision the port 8080/tcp of \`web\` is published by \`web\` of the stack \`shop\`, too → ${REMEDY}`,
    ]);
  });

  it('is reported of two environments that share a host, whatever they call it', async () => {
    const staging = { environment: 'staging', target: { ...target, name: 'other', host: 'DOCKER.example.com' } };
    const stacks = [await stackOf(web), await stackOf(web, staging, 'blog')];
    expect(lines(lintTogether(stacks))).toEqual([
      `2:32 compose/shared-port the port 8080/tcp of \`web\` is published by \`web\` of production on the same host, too → ${REMEDY}`,
    ]);
  });

  it.each([
    ['on another host', { host: 'other.example.com' }],
    ['behind another port of the same name', { port: 2222 }],
    ['behind another way', { jump: [{ host: 'jump.example.com', port: 22, user: 'gitops' }] }],
  ])('is fine %s', async (_, said) => {
    const stacks = [await stackOf(web), await stackOf(web, { target: { ...target, ...said } }, 'blog')];
    expect(lintTogether(stacks)).toEqual([]);
  });
});
