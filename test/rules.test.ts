import { rulePage } from '@gitops/core';
import { ALL_RULES } from '@gitops/operations';
import { expect, test } from 'vitest';
import { pageNames, readPage } from './rule-pages.ts';
import { sourceFiles, workspacePackages } from './workspace.ts';

const ids = Object.keys(ALL_RULES);
const families = [...new Set(ids.map((id) => id.split('/')[0]))];
const index = await readPage('README.md');

/** Pages that are of no rule. */
const OTHERS = ['README.md', 'conformity.md'];

/** `'compose/untagged-image'`, in quotes of whatever kind. */
const RULE_ID = new RegExp(`(['"\`])((?:${families.join('|')})/[a-z0-9-]+)\\1`, 'g');

test.each(ids)('%s has a page, which the list of rules leads to', async (id) => {
  const { text } = await readPage(rulePage(id));
  expect(text).toMatch(new RegExp(`^# ${id}\n`));
  for (const part of ['Why it matters.', 'How to mend it.', 'When it is wrong.']) expect(text).toContain(`**${part}**`);
  expect(index.text).toContain(`[${id}](${rulePage(id)})`);
});

test.each(ids.filter((id) => id !== 'secret/bad-baseline'))(
  'the page of %s tells how to switch it off only if that can be done',
  async (id) => {
    const { text } = await readPage(rulePage(id));
    expect(text.includes(`${id}: off`)).toBe(!ALL_RULES[id]?.isFixed);
  },
);

test('every page is that of a rule', async () => {
  const pages = ids.map(rulePage);
  expect((await pageNames()).filter((name) => !pages.includes(name) && !OTHERS.includes(name))).toEqual([]);
});

test('pages lead only to pages that exist', async () => {
  const names = await pageNames();
  for (const name of names.filter((each) => each !== 'README.md')) {
    const linked = [...(await readPage(name)).text.matchAll(/\]\(([\w-]+\.md)/g)].map(([, target]) => target);
    expect(names, name).toEqual(expect.arrayContaining(linked));
  }
});

test('every rule that the source names exists', async () => {
  const packages = (await workspacePackages()).filter(({ directory }) => directory !== '');
  const sources = (await Promise.all(packages.map(sourceFiles))).flatMap((files) => [...files]);
  const named = sources
    .filter(([file]) => !file.endsWith('.generated.ts'))
    .flatMap(([file, text]) => [...text.matchAll(RULE_ID)].map(([, , id = '']) => ({ file, id })));
  expect(named.length).toBeGreaterThan(ids.length);
  expect(named.filter(({ id }) => !ids.includes(id))).toEqual([]);
});

test('what is an error and can be lowered is known by name', () => {
  const errors = Object.entries(ALL_RULES).filter(([, { level, isFixed }]) => level === 'error' && !isFixed);
  expect(errors.map(([id]) => id).sort()).toEqual([
    'host/external-missing',
    'secret/bad-baseline',
    'secret/bad-sops',
    'secret/private-key',
    'secret/token',
    'secret/unencrypted-value',
  ]);
});

test('what a deployment refuses anyway is an error', () => {
  const milder = Object.entries(ALL_RULES).filter(([, { level, isFixed }]) => isFixed && level !== 'error');
  expect(milder).toEqual([]);
});
