import { expect, test } from 'vitest';
import { type AskedValue, problemWith } from './judge-value.ts';

test.each<[AskedValue, string]>([
  ['name', 'infra'],
  ['environment', 'production'],
  ['host', 'docker.example.com'],
  ['host', '2001:db8::1'],
  ['port', '2222'],
  ['user', 'gitops'],
  ['stateDir', '/var/lib/gitops'],
  ['project', 'my-shop_1'],
])('%s may be %j', (what, value) => {
  expect(problemWith(what, value)).toBeUndefined();
});

test.each<[AskedValue, string, string]>([
  ['name', 'My Infra', 'use lower-case letters'],
  ['environment', '../x', 'use lower-case letters'],
  ['host', 'gitops@docker.example.com', 'write a host name or an IP address'],
  ['host', '', 'write a host name'],
  ['port', '', 'write a port from 1 to 65535'],
  ['port', '22x', 'write a port from 1 to 65535'],
  ['port', '65536', 'write a port from 1 to 65535'],
  ['user', '', 'write the name of the SSH user'],
  ['stateDir', 'var/lib', 'write an absolute path'],
  ['stateDir', '/var/../etc', 'write an absolute path'],
  ['project', 'Shop', 'use lower-case letters'],
])('%s may not be %j', (what, value, says) => {
  expect(problemWith(what, value)).toContain(says);
});
