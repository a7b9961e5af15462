import { expect, test } from 'vitest';
import { imageName } from './image-name.ts';

const DIGEST = `sha256:${'0'.repeat(64)}`;

test.each([
  ['nginx', { repository: 'nginx', name: 'nginx', isPinned: false }],
  ['nginx:1.29', { repository: 'nginx', name: 'nginx', tag: '1.29', isPinned: false }],
  ['docker.io/library/nginx:1.29', { repository: 'nginx', name: 'nginx', tag: '1.29', isPinned: false }],
  ['localhost:5000/shop', { repository: 'localhost:5000/shop', name: 'shop', isPinned: false }],
  ['localhost:5000/a/shop:2', { repository: 'localhost:5000/a/shop', name: 'shop', tag: '2', isPinned: false }],
  [`ghcr.io/a/shop@${DIGEST}`, { repository: 'ghcr.io/a/shop', name: 'shop', isPinned: true }],
  [`shop:2@${DIGEST}`, { repository: 'shop', name: 'shop', tag: '2', isPinned: true }],
  [DIGEST, { repository: 'sha256', name: 'sha256', tag: '0'.repeat(64), isPinned: true }],
])('%s is read as Docker reads it', (reference, expected) => {
  expect(imageName(reference)).toEqual(expected);
});
