import type { Finding } from '@gitops/core';
import { overlap, showPort } from '../host-ports.ts';
import type { HostFacts, Listener, RunningContainer } from './host-facts.ts';
import type { Asked, AskedImage, AskedResource, Questions } from './questions.ts';
import { PREFLIGHT_RULES } from './rules.ts';

type Rule = keyof typeof PREFLIGHT_RULES;

/** A finding at the place where a value is written, as grave as its rule says. */
export function foundAt<Value>(rule: Rule, { stack, at }: Asked<Value>, message: string, remedy: string): Finding {
  const { level: severity } = PREFLIGHT_RULES[rule];
  return { rule, severity, ...stack.project.placeOf(at), message, remedy };
}

/** What the stacks of a target need and its host does not have. `label` is `user@host:port`. Pure. */
export function hostFindings(label: string, questions: Questions, facts: HostFacts): readonly Finding[] {
  const { paths, ports, images, externals } = questions;
  // Its paths and ports are those of another machine.
  const isHere = !isElsewhere(facts);
  return [
    ...(isHere ? paths.flatMap((asked) => pathFindings(label, asked, facts)) : []),
    ...(isHere ? ports.flatMap((asked) => portFindings(label, asked, facts, questions)) : []),
    ...(facts.hasDocker ? externals.flatMap((asked) => externalFindings(label, asked, facts)) : []),
    ...(facts.hasDocker ? images.flatMap((asked) => imageFindings(label, asked, facts)) : []),
  ];
}

/** Whether the Docker that is called there is that of another machine. */
export function isElsewhere({ endpoint }: HostFacts): boolean {
  return /^(?:tcp|ssh|https?):/.test(endpoint);
}

function pathFindings(label: string, asked: Asked<string>, { kinds }: HostFacts): readonly Finding[] {
  if (kinds.get(asked.value) !== 'missing') return [];
  const message = `there is no \`${asked.value}\` on ${label}`;
  const remedy =
    'make it there, or correct the path; Docker makes an empty folder of it, owned by root, unless `create_host_path` is `false`';
  return [foundAt('host/path-missing', asked, message, remedy)];
}

function portFindings(
  label: string,
  asked: Questions['ports'][number],
  { listeners, containers }: HostFacts,
  { ports }: Questions,
): readonly Finding[] {
  const { port } = asked.value;
  // What publishes a port is the affair of the plan, and what the project publishes already is its own.
  if (containers.some((container) => container.ports.some((each) => overlap(each, port)))) return [];
  const projects = new Set(ports.map(({ stack }) => stack.project.name));
  const holder = listeners.find((each) => overlap(each.port, port) && !isOwn(each, containers, projects));
  if (!holder) return [];
  const message = `the port ${showPort(port)} of ${label} is held by ${describe(holder, containers)}`;
  return [foundAt('host/port-in-use', asked, message, 'stop it, or publish another port')];
}

/** In the network of the host, a container listens without publishing anything. */
function isOwn(
  { container }: Listener,
  containers: readonly RunningContainer[],
  projects: ReadonlySet<string>,
): boolean {
  return containers.some(({ id, project }) => id === container && projects.has(project));
}

function describe({ program, container, port }: Listener, containers: readonly RunningContainer[]): string {
  const where = port.address === '' || port.address === '0.0.0.0' ? '' : ` at ${port.address}`;
  const name = containers.find(({ id }) => id === container)?.name;
  if (name !== undefined) return `the container ${name}${where}, in the network of the host`;
  return `${program === '' ? 'a program that this user may not see' : `the program ${program}`}${where}`;
}

function externalFindings(
  label: string,
  asked: Asked<AskedResource>,
  { networks, volumes }: HostFacts,
): readonly Finding[] {
  const { kind, name } = asked.value;
  if ((kind === 'network' ? networks : volumes).has(name)) return [];
  const message = `there is no ${kind} \`${name}\` on ${label}, and Compose makes none that is external`;
  const remedy = `make it there (\`docker ${kind} create ${name}\`), or remove \`external\``;
  return [foundAt('host/external-missing', asked, message, remedy)];
}

function imageFindings(label: string, asked: Asked<AskedImage>, { images }: HostFacts): readonly Finding[] {
  const { reference, ifMissing } = asked.value;
  if (ifMissing !== 'refused' || images.has(reference)) return [];
  const message = `\`${reference}\` is not on ${label}, and a deployment neither builds nor pulls it`;
  const remedy = `bring it there (\`docker save ${reference} | ssh … docker load\`), or name an image of a registry`;
  return [foundAt('host/image-not-loaded', asked, message, remedy)];
}

/** Of the host itself. `place` is where environment.yml names it. */
export function machineFindings(
  { facts, label, stateDir, warnings }: MachineSeen,
  place: Pick<Finding, 'file' | 'line' | 'column'>,
): readonly Finding[] {
  const found = (rule: Rule, message: string, remedy: string): Finding => {
    return { rule, severity: PREFLIGHT_RULES[rule].level, ...place, message, remedy };
  };
  const user = label.split('@')[0];
  return [
    ...(facts.state === 'unwritable'
      ? [
          found(
            'host/state-unwritable',
            `${user} can neither write to ${stateDir} on the host nor make it`,
            `run there: sudo install -d -m 0700 -o ${user} ${stateDir}`,
          ),
        ]
      : []),
    ...(isElsewhere(facts)
      ? [
          found(
            'host/remote-engine',
            `Docker on ${label} is that of another machine (${facts.endpoint}); paths and ports were not looked at`,
            'name that machine as the `host`, or choose its own Docker there: `docker context use default`',
          ),
        ]
      : []),
    ...warnings.map((warning) => found('host/disk', warning, 'make room before the next deployment')),
  ];
}

export interface MachineSeen {
  readonly facts: HostFacts;
  readonly label: string;
  readonly stateDir: string;
  /** Of its disks. */
  readonly warnings: readonly string[];
}

/** Images to be pulled that are not on the host yet, each reference once. */
export function missingImages(
  { images }: Questions,
  { images: here, hasDocker }: HostFacts,
): readonly Asked<AskedImage>[] {
  if (!hasDocker) return [];
  const missing = images.filter(({ value }) => value.ifMissing === 'pulled' && !here.has(value.reference));
  return [...new Map(missing.toReversed().map((asked) => [asked.value.reference, asked])).values()].toReversed();
}
