import { checkChain } from '@gitops/core';
import type { DeploymentLab } from '../../lab/deployment-lab.ts';

/** What a look from outside has found. */
export interface ProjectState {
  /** The one version that everything is in; `undefined` if it is in none. */
  readonly version: string | undefined;
  /** The current release, empty if there is none. */
  readonly release: string;
  /** What was looked at, or what is wrong with it. */
  readonly seen: string;
}

/** How a host is looked at. */
export interface Look {
  /** Nobody has run since the fault: what a run had laid down before its transaction began is there until the next one comes. */
  readonly isAlone?: boolean;
}

/** Prints, for each thing that has a version, its name and what it is in; a health check may still be about to answer. */
const versions = `
looks=0
while [ -n "$(docker ps -q --filter "label=com.docker.compose.project=$1" --filter health=starting)" ] && [ "$looks" -lt 300 ]; do
  looks=$((looks + 1))
  sleep 0.1
done
for id in $(docker ps -aq --no-trunc --filter "label=com.docker.compose.project=$1"); do
  service=$(docker inspect --format '{{index .Config.Labels "com.docker.compose.service"}}' "$id")
  docker inspect --format '{{.Name}} {{.State.Status}}{{with .State.Health}}-{{.Status}}{{end}}' "$id" | sed 's|^/|container |'
  case $service in
    web)
      printf 'image %s\\n' "$(docker exec "$id" wget -q -O - http://127.0.0.1:8080/)"
      printf 'mounted %s\\n' "$(docker exec "$id" cat /page.txt)"
      printf 'data %s\\n' "$(docker exec "$id" cat /data/tracked.txt)"
      ;;
    gate) printf 'variable %s\\n' "$(docker exec "$id" sh -c 'echo "$VERSION"')" ;;
  esac
done
docker network ls --filter "label=com.docker.compose.project=$1" --format 'network {{.Name}}'`;

/** Prints what no run may leave that has ended, one a line. */
const leftovers = `
cd "$1" 2>/dev/null || exit 0
find staging -mindepth 1 -maxdepth 1 2>/dev/null
find transactions -mindepth 1 -maxdepth 1 -name '.incoming.*' 2>/dev/null
find objects -name '*.new' -o -name '*.old' 2>/dev/null
find lease -name '.draft.*' 2>/dev/null
true`;

/** Looks at the host as somebody would who knows nothing of the product: containers, files, networks, records. */
export async function checkedState(lab: DeploymentLab, { isAlone = false }: Look = {}): Promise<ProjectState> {
  const told = await lab.host.run(['sh', '-c', versions, 'sh', lab.project]);
  const lines = told.split('\n').filter(Boolean);
  const [release, transaction] = await Promise.all([lab.current(), lab.transactionState()]);
  const faults = [
    ...(['confirmed', 'reverted', ''].includes(transaction) ? [] : [`the transaction is ${transaction}`]),
    ...(isAlone ? [] : await leftBehind(lab)),
    ...(await wrongWithRecords(lab)),
  ];
  const version = lines.length === 0 ? 'absent' : versionOf(lines, lab.project);
  const seen = [...lines, `release ${release}`, `transaction ${transaction}`, ...faults].join('; ');
  return { version: faults.length === 0 ? version : undefined, release, seen };
}

/** Exactly the project's two containers run, its one network is there, and all that has a version has the same. */
function versionOf(lines: readonly string[], project: string): string | undefined {
  const places = lines.filter((line) => /^(?:container|network) /.test(line)).sort();
  const expected = [
    `container ${project}-gate-1 running-healthy`,
    `container ${project}-web-1 running-healthy`,
    `network ${project}_default`,
  ];
  if (places.join('\n') !== expected.join('\n')) return undefined;
  const found = lines.filter((line) => !places.includes(line)).map((line) => line.split(' ')[1] ?? '');
  return found.length === 4 && new Set(found).size === 1 ? found[0] : undefined;
}

async function leftBehind(lab: DeploymentLab): Promise<readonly string[]> {
  const left = await lab.host.run(['sh', '-c', leftovers, 'sh', lab.folder]);
  return left
    .split('\n')
    .filter(Boolean)
    .map((path) => `left behind: ${path}`);
}

async function wrongWithRecords(lab: DeploymentLab): Promise<readonly string[]> {
  const [trail, journal] = await Promise.all([
    lab.sh(`cat '${lab.folder}/audit.ndjson' 2>/dev/null || true`),
    lab.sh(`cat '${lab.folder}/journal.ndjson' 2>/dev/null || true`),
  ]);
  const { fault } = checkChain(Buffer.from(trail === '' ? '' : `${trail}\n`));
  return [
    ...(fault ? [`audit trail: line ${fault.line} ${fault.kind}`] : []),
    ...journal.split('\n').filter(Boolean).flatMap(wrongLine),
  ];
}

/** Every line of a journal says under which fence it was written. */
function wrongLine(line: string): readonly string[] {
  try {
    const { fence }: { readonly fence?: unknown } = JSON.parse(line);
    return Number.isInteger(fence) ? [] : [`journal without a fence: ${line}`];
  } catch {
    return [`torn journal: ${line}`];
  }
}
