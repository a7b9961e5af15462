import { expect, test } from 'vitest';
import { isWorthHiding } from './worth-hiding.ts';

const compose = 'image: postgres:15\nimage: ghcr.io/immich-app/immich-server:v1\n';

test.each([
  ['DB_PASSWORD', 'postgres'],
  ['API_KEY', 'immich'],
  ['SETTING', 'Correct horse, battery'],
  ['SETTING', 'planted'],
  ['SETTING', '9f86d081884c7d659a2feaa0c55ad015'],
  ['DB_USERNAME', '9f86d081884c7d659a2feaa0c55ad015'],
  ['', 'whatever it is called'],
])('%s=%s is hidden', (name, value) => {
  expect(isWorthHiding(name, value, compose)).toBe(true);
});

test.each([
  ['DB_USERNAME', 'postgres'],
  ['DB_DATABASE_NAME', 'immich'],
  ['IMMICH_VERSION', 'v1.118.0'],
  ['UPLOAD_LOCATION', '/srv/photos'],
  ['TZ', 'Europe/Berlin'],
  ['OWNER', 'immich-app'],
])('%s=%s is left in messages', (name, value) => {
  expect(isWorthHiding(name, value, compose)).toBe(false);
});
