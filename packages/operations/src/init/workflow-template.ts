import { posix } from 'node:path';
import { quote } from '@gitops/host';
import { environmentFolder, type InitAnswers } from './answers.ts';
import { yamlText } from './yaml-text.ts';

/** Pinned as in the workflows of this project. */
const CHECKOUT = 'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1';
/** Stands for the account that holds gitops-coordinator until somebody says which. */
export const OWNER_PLACEHOLDER = 'OWNER';

/** A file that is not in git, and the secret on GitHub that holds it. */
export interface SecretFile {
  /** Relative to the root of the repository. */
  readonly path: string;
  readonly secretName: string;
  readonly endsWithLineBreak: boolean;
}

/**
 * `.github/workflows/deploy.yml`: deploys what is pushed. `action` is what `uses:` names; `empty` are paths of files that are
 * neither in git nor hold anything.
 */
export function deployWorkflow(
  answers: InitAnswers,
  action: string,
  secrets: readonly SecretFile[],
  empty: readonly string[],
): string {
  const { environment, host, port, branch } = answers;
  return `# Deploys ${environmentFolder(answers)} on every push to ${branch}. Written by \`gitops init\`; yours to change.
name: deploy

on:
  push:
    branches: [${yamlText(branch)}]
  workflow_dispatch:

permissions:
  contents: read # to check out; nothing is written

# One after the other; the lease on the host sees to it as well. A deployment is never cancelled halfway.
concurrency:
  group: ${yamlText(`deploy-${environment}`)}
  cancel-in-progress: false

jobs:
  deploy:
    # A runner that reaches ${host}:${port} over SSH; \`ubuntu-latest\` if the internet does.
    runs-on: self-hosted
    timeout-minutes: 30
    steps:
      - uses: ${CHECKOUT}
        with:
          ref: \${{ github.ref }} # the newest commit of the branch; a run that is repeated brings nothing old back
          fetch-depth: 0 # older commits tell a newer deployment from an older one
          persist-credentials: false
${secrets.map(secretStep).join('')}${empty.map(emptyStep).join('')}      - uses: ${action}
        with:
          environment: ${yamlText(environment)}
          ssh-private-key: \${{ secrets.DEPLOY_KEY }}
`;
}

function secretStep({ path, secretName, endsWithLineBreak }: SecretFile): string {
  const format = endsWithLineBreak ? "'%s\\n'" : "'%s'";
  return `      # Not in git: gh secret set ${secretName} < ${path}
      - run: |
          ${makeFolder(path)}
          umask 077 && printf ${format} "\${CONTENT:?set the secret ${secretName}}" > ${quote([path])}
        env:
          CONTENT: \${{ secrets.${secretName} }}
`;
}

function emptyStep(path: string): string {
  return `      # Not in git, and empty when this was written.
      - run: |
          ${makeFolder(path)}
          touch ${quote([path])}
`;
}

/** Git makes no folder of which it has no file. Before any `umask`: others may enter the folder as they may enter git's. */
function makeFolder(path: string): string {
  return `mkdir -p ${quote([posix.dirname(path)])}`;
}
