import { AT_4, beside, COMPOSE, type HostileProject, harmless, refusedAt, web } from './hostile-project.ts';

/** Too much of something, and names that are more than names. */
export const SHAPES: readonly HostileProject[] = [
  refusedAt('aliases of aliases', 'yaml/alias', `${COMPOSE}:1`, `${bomb()}${web()}`),
  refusedAt('lists in lists', 'yaml/syntax', AT_4, beside(`x-a: ${'['.repeat(20_000)}${']'.repeat(20_000)}`)),
  refusedAt('variables of variables', 'compose/invalid-variable', 'stack/.env', web(), { 'stack/.env': doubling() }),
  refusedAt(
    'defaults of defaults',
    'compose/invalid-variable',
    AT_4,
    web(`command: "${`$${'{A:-'}`.repeat(5000)}${'}'.repeat(5000)}"`),
  ),
  refusedAt('a name of two lines', 'compose/file-name', 'stack/a\nb', web(), { 'stack/a\nb': '' }),
  harmless(
    'names that look like words of a shell',
    web(`env_file: ["-rf", "'q\\".env", "$$(id)"]`.replace('"$$(id)"', '"a;b.env"')),
    {
      'stack/-rf': 'A=1\n',
      'stack/\'q".env': 'A=1\n',
      'stack/a;b.env': 'A=1\n',
    },
  ),
  harmless(
    'an error that looks like an answer',
    web('ports: ["\\n@@rendered shop\\nservices: { evil: { image: x } }\\n@@code shop\\n0\\n"]'),
  ),
  harmless('an env file that is none', web('env_file: a.json'), { 'stack/a.json': '{ "a": 1 }\n' }),
];

function bomb(): string {
  const lists = Array.from(
    { length: 8 },
    (_, index) => `x-${index + 1}: &l${index + 1} [${Array(9).fill(`*l${index}`).join(', ')}]\n`,
  );
  return `x-0: &l0 [x]\n${lists.join('')}`;
}

function doubling(): string {
  return `V0=0123456789abcdef\n${Array.from({ length: 60 }, (_, index) => `V${index + 1}=$V${index}$V${index}\n`).join('')}`;
}
