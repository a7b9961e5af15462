import type { Case } from './case.ts';

const TEXTS = [
  ...['A=1\nfoo bar\n', '=x\n', "A='x\n", 'A="x\n', '1A=2\n', 'A-B=1\n', 'A B=1\n', 'export A=1\n', 'A: 1\n', 'A\n'],
  ...['"A"=1\n', 'a.b=1\n', 'A=1 B=2\n', 'A="x"y\n', 'A=$B\n', 'A=${B\n', 'A=${B:?x}\n', 'B=1\nA=${B:?x}\n', '- A=1\n'],
  ...[
    'A=[x]\n',
    'a[0]=1\n',
    'A=1\r\nB=2\r\n',
    '# c\n\nA=1 # c\n',
    'é=1\n',
    "A='x' # c\n",
    'A=\n',
    'A = 1\n',
    'export\n',
  ],
  ...[
    '{"a":1}\n',
    'A+=1\n',
    '@A=1\n',
    '/x=1\n',
    "A='two\nlines'\n",
    'A="a \\" b"\n',
    "A='it\\'s'\n",
    'A=$$B\n',
    "A='${B'\n",
  ],
  ...['A="${B"\n', 'A=x"y\n', 'A=1', 'A', 'A=# c\n', '\n\n', 'A=${B:-x}\n', '  A=1\n', '\tA=1\n', 'A=1\n  # c\nB=2\n'],
];

const kept = (text: string) => JSON.stringify(text);

/** Files of variables, as that of the project and as that of a service. */
export const ENV_FILES: readonly Case[] = [
  ...TEXTS.map((text) => ({
    title: `.env: ${kept(text)}`,
    files: { 'compose.yaml': 'services: {a: {image: x}}\n', '.env': text },
  })),
  ...TEXTS.map((text) => ({
    title: `env_file: ${kept(text)}`,
    files: { 'compose.yaml': 'services: {a: {image: x, env_file: a.env}}\n', 'a.env': text },
  })),
];
