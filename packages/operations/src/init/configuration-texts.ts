import { defaultProject, environmentFolder, type InitAnswers } from './answers.ts';
import { yamlText } from './yaml-text.ts';

/** `gitops.yml`. `schemas` is where the JSON Schemas are: an address, or a path relative to the root. */
export function gitopsFile({ name }: InitAnswers, schemas: string): string {
  return `# yaml-language-server: $schema=${schemas}/gitops.schema.json
apiVersion: gitops/v1
name: ${yamlText(name)} # part of the path on hosts and of the default project name
`;
}

/** `environments/<environment>/environment.yml`; `schemas` as seen from there. */
export function environmentFile(answers: InitAnswers, schemas: string): string {
  const { host, port, user, stateDir } = answers;
  return `# yaml-language-server: $schema=${schemas}/environment.schema.json
apiVersion: gitops/v1
targets:
  docker:
    kind: docker
    host: ${yamlText(host)}
    port: ${port}
    user: ${yamlText(user)} # may use Docker, and owns the folder below
    stateDir: ${yamlText(stateDir)} # releases and records on the host
${stacksPart(answers)}health:
  deadline: 120s # from the last change until everything is healthy
  stability: 15s # and then so long without a fault
  # probes: # from the runner, beside the health checks of the containers
  #   - name: web
  #     http: http://${host.includes(':') ? `[${host}]` : host}:8080/
`;
}

function stacksPart(answers: InitAnswers): string {
  const { project, stackFolder } = answers;
  if (project === defaultProject(answers) && stackFolder === '.') return '';
  return `stacks:
  - name: ${yamlText(project)} # the Compose project
    path: ${yamlText(stackFolder)} # the folder of the Compose file, relative to this file
    target: docker
`;
}

/** `known_hosts`: the keys by which the host is known. */
export function knownHostsFile(lines: readonly string[]): string {
  return `# The keys by which deployments know the host. Compare on the host: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub
${lines.join('\n')}
`;
}

/** A stack to begin with: one web server with a health check. */
export function starterComposeFile(): string {
  return `# Compose files as always: https://docs.docker.com/reference/compose-file/
# What a service mounts or reads lies beside this file, with relative paths.
services:
  web:
    image: caddy:2.10.2-alpine # a version, so that only a commit changes what runs
    ports:
      - "8080:80"
    # A deployment is kept when this succeeds, and undone when it does not.
    healthcheck:
      test: [CMD, wget, -q, -O, /dev/null, "http://127.0.0.1:80/"]
      interval: 5s
      timeout: 3s
      retries: 3
    restart: unless-stopped
`;
}

const NEVER_IN_GIT = ['.env', 'deploy-key', 'deploy-key.pub'];

/** `.gitignore` of the root: what must never be committed, whatever is added later. */
export function rootIgnoreFile(): string {
  return `# Secrets
${NEVER_IN_GIT.join('\n')}
`;
}

/** Whether that file covers a path, which it does at any depth. */
export function isNeverInGit(path: string): boolean {
  return path.split('/').some((name) => NEVER_IN_GIT.includes(name));
}

/** `.gitignore` beside the secrets that were copied; paths are relative to it. */
export function secretIgnoreFile(paths: readonly string[]): string {
  return `# Secrets: needed by a deployment, not for git. The workflow writes them from secrets of the repository.
${paths.map((path) => `/${path.replace(/[\\*?[\]!# ]/g, '\\$&')}`).join('\n')}
`;
}

/** `README.md` */
export function readmeFile(answers: InitAnswers): string {
  const { name, environment, host, branch } = answers;
  return `# ${name}

What runs on \`${host}\`, from git. Every push to \`${branch}\` is deployed by \`.github/workflows/deploy.yml\`: checked, applied,
watched until it is healthy, and undone if it does not get there.

| | |
| --- | --- |
| \`gitops.yml\` | the name of this repository |
| \`${environmentFolder(answers)}/environment.yml\` | the host, and what healthy means |
| \`${environmentFolder(answers)}/known_hosts\` | the key by which the host is known |
| \`${environmentFolder(answers)}/\` | the Compose file, with what it mounts |

From a terminal, in this folder:

\`\`\`sh
gitops plan ${environment}     # what a deployment would change
gitops deploy ${environment}   # deploy the commit that is checked out
gitops status ${environment}   # what is recorded and what runs
gitops history ${environment}  # the releases on the host
\`\`\`
`;
}
