import { expect, test } from 'vitest';
import { readGitopsFile } from './read-configuration.ts';

const DAY_MS = 86_400_000;

function read(secrets: string) {
  return readGitopsFile('gitops.yml', `apiVersion: gitops/v1\nname: infra\nsecrets: ${secrets}\n`);
}

test('secrets are old after a year, and no key is shared, unless gitops.yml says otherwise', () => {
  expect(read('{}').value?.secrets).toEqual({ sharedRecipients: [], rotateAfter: 365 * DAY_MS });
  expect(read('{ rotateAfter: 90d, sharedRecipients: [age1qqq] }').value?.secrets).toEqual({
    sharedRecipients: ['age1qqq'],
    rotateAfter: 90 * DAY_MS,
  });
});

test.each([
  ['{ rotateAfter: 90 }', /write a whole number of days: `180d`/],
  ['{ rotateAfter: 0d }', /write a whole number of days: `180d`/],
  ['{ rotateAfter: 12h }', /write a whole number of days: `180d`/],
  ['{ sharedRecipients: age1qqq }', /write a list of public keys/],
  ['{ sharedRecipients: [ssh-ed25519 AAAA] }', /which begins with `age1`/],
  ['{ rotateafter: 90d }', /did you mean `rotateAfter`/],
])('secrets: %s is refused with what to write', (text, remedy) => {
  expect(read(text).findings).toEqual([expect.objectContaining({ line: 3, remedy: expect.stringMatching(remedy) })]);
});
