import { execFileSync } from 'node:child_process';
import { CONFIG_RULES, describeFinding, rulePage } from '@gitops/core';
import { validate } from '@gitops/operations';
import { expect, test } from 'vitest';
import { RecordingReporter } from '../packages/core/src/testing/recording-reporter.ts';
import { createRepository } from './lab/git-repository.ts';
import { type Block, filesIn, readPage } from './rule-pages.ts';

const COMPOSE = 'services: { web: { image: "nginx:1.29.3" } }\n';

/** What the examples leave out, since it has nothing to do with them. */
const AROUND: Readonly<Record<string, string>> = {
  'gitops.yml': 'apiVersion: gitops/v1\nname: infrastructure\n',
  'apps/shop/compose.yaml': COMPOSE,
  'environments/production/environment.yml': `apiVersion: gitops/v1
targets: { docker: { kind: docker, host: docker.example.com, user: gitops } }
`,
  'environments/production/compose.yaml': COMPOSE,
  'environments/production/shop/compose.yaml': COMPOSE,
  'environments/production/blog/compose.yaml': COMPOSE,
  'environments/production/company.pem': certificate(),
};

test.each(Object.keys(CONFIG_RULES))(
  'the example of %s is found as its page says, and no longer once it is mended',
  async (rule) => {
    const { seen, mended } = await readPage(rulePage(rule));
    const printed = seen.filter(({ language }) => language === 'text');
    expect((await found(rule, seen)).join('')).toBe(printed.map(({ text }) => text).join(''));
    expect(printed).toHaveLength(1);
    if (Object.keys(filesIn(mended)).length > 0) expect(await found(rule, [...seen, ...mended])).toEqual([]);
  },
);

/** What `gitops validate` prints of a rule in a repository with these files. */
async function found(rule: string, blocks: readonly Block[]): Promise<readonly string[]> {
  await using repository = await createRepository({ ...AROUND, ...filesIn(blocks) });
  const { findings } = await validate({
    workingDirectory: repository.path,
    ...asked(blocks),
    ageKeys: [],
    reporter: new RecordingReporter(),
    today: new Date(),
  });
  return findings.filter((finding) => finding.rule === rule).map((finding) => `${describeFinding(finding)}\n`);
}

/** What the page's command asks for: `gitops validate production --base main`. */
function asked(blocks: readonly Block[]): { readonly environment: string; readonly base: string } {
  const commands = blocks.map(({ text }) => /^gitops validate(?: (\w+))?(?: --base (\w+))?$/m.exec(text));
  const [, environment = '', base = ''] = commands.find((command) => command !== null) ?? [];
  return { environment, base };
}

function certificate(): string {
  const words = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=Company -keyout /dev/null';
  return execFileSync('openssl', words.split(' '), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}
