import { expect, it } from 'vitest';
import { parseRendered } from './rendered.ts';
import { secretFiles } from './secret-values.ts';

it('knows the content of a secret file whose name holds a dollar, which Compose renders as two', () => {
  const upload = ['to$ken', 'other'].map((path) => ({
    path,
    executable: false,
    content: Buffer.from(`content of ${path}`),
  }));
  const rendered = parseRendered(JSON.stringify({ secrets: { token: { file: '/tree/to$$ken' } } }));
  expect(secretFiles(rendered, { upload, stacks: [], inputsDigest: '' }, '/tree')).toEqual(['content of to$ken']);
});
