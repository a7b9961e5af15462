import * as v from 'valibot';
import { closedObject } from './closed-object.ts';
import { DURATION, durationMs } from './duration.ts';

/*
 * What gitops.yml and environment.yml may say; the JSON Schemas for editors are generated from here.
 * A message is the remedy; where the fault needs a name of its own, the message is `fault → remedy`.
 */

/** Names of repositories, environments and stacks: Compose's rule for project names. */
export const NAME = /^[a-z0-9][a-z0-9_-]*$/;

const HOST = /^(?:[A-Za-z0-9][A-Za-z0-9._-]*|[0-9A-Fa-f]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*(?:%[\w.-]+)?)$/;
const USER = /^[A-Za-z0-9_][A-Za-z0-9_.@-]*$/;
const STATE_DIR = /^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._@+-]+)+\/?$/;
const TCP = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9][A-Za-z0-9._-]*):\d{1,5}$/;

const RESERVED_AT_TOP = ['hooks', 'ignore', 'approvals', 'windows', 'notify', 'registries', 'rules'];
const LATER = 'not supported yet';
const NAME_REMEDY = 'use lower-case letters, digits, `-` and `_`, beginning with a letter or a digit';

const text = v.string('write text (in quotes, if it looks like a number or is empty)');
const name = v.pipe(text, v.regex(NAME, NAME_REMEDY));
const portNumber = 'write a port from 1 to 65535';
const statusRemedy = 'write an HTTP status from 100 to 599';
const wholeNumber = 'write a whole number, 1 or more';
const count = v.pipe(numberAs(wholeNumber), v.integer(wholeNumber), v.minValue(1, wholeNumber));

const apiVersion = v.pipe(
  v.literal('gitops/v1', 'write `gitops/v1`, the only version so far'),
  v.description('the version of the format, `gitops/v1`'),
);

const durationRemedy = 'write a whole number with a unit: `500ms`, `120s`, `2m`, `1h` (24h at most)';
const durationText = v.pipe(
  v.string(durationRemedy),
  v.regex(DURATION, durationRemedy),
  v.check((value) => !(durationMs(value) > 24 * 3_600_000), durationRemedy),
);
const duration = v.pipe(durationText, v.transform(durationMs));
const positiveDuration = v.pipe(
  durationText,
  v.check((value) => durationMs(value) !== 0, 'write more than zero, e.g. `60s`'),
  v.transform(durationMs),
);

const host = v.pipe(
  text,
  v.regex(HOST, 'write a host name or an IP address; the port goes to `port`, the user to `user`'),
  v.description('the host name or IP address of the SSH server'),
);
const port = v.optional(
  v.pipe(numberAs(portNumber), v.integer(portNumber), v.minValue(1, portNumber), v.maxValue(65535, portNumber)),
  22,
);
const user = v.pipe(text, v.regex(USER, 'write the name of the SSH user'));

const jumpHost = closedObject({
  host,
  port,
  user: v.optional(v.pipe(user, v.description('the SSH user on the jump host; default: that of the target'))),
});

const dockerTarget = closedObject(
  {
    kind: v.literal('docker'),
    host,
    port,
    user: v.pipe(user, v.description('the SSH user, e.g. `gitops`')),
    jump: v.optional(
      v.pipe(
        v.array(jumpHost, 'write a list of jump hosts: `- host: bastion.example.com`'),
        v.minLength(1, 'add a jump host, or leave `jump` out'),
        v.description('SSH servers to go through, in order; the first one is reached directly'),
      ),
    ),
    stateDir: v.optional(
      v.pipe(
        text,
        v.regex(STATE_DIR, 'write an absolute path of letters, digits and `._@+-`, without `..`'),
        v.transform((path) => path.replace(/\/$/, '')),
      ),
      '/var/lib/gitops',
    ),
  },
  ['docker'],
);

const target = v.variant('kind', [dockerTarget], (issue) =>
  typeof issue.input === 'string'
    ? `${LATER} → use \`docker\`, the only kind so far`
    : 'add `kind: docker` and a `host` to the target',
);

const strategy = v.picklist(['recreate'], (issue) =>
  issue.input === 'blue-green' || issue.input === 'canary'
    ? `${LATER} → use \`recreate\``
    : 'use `recreate`, the only strategy so far',
);

const stack = closedObject({
  name: v.pipe(name, v.description('the Compose project name')),
  path: v.optional(v.pipe(text, v.nonEmpty('write `.` for the folder of this file')), '.'),
  target: v.optional(text),
  strategy: v.optional(strategy, 'recreate'),
  secrets: v.optional(v.never(`encrypted secrets are ${LATER} → remove it`)),
});

const probe = v.pipe(
  closedObject({
    name: v.pipe(text, v.nonEmpty('name the probe'), v.description('a name for reports')),
    http: v.optional(v.pipe(text, v.check(isWebAddress, 'write an address with http:// or https://'))),
    tcp: v.optional(
      v.pipe(text, v.regex(TCP, 'write `host:port`'), v.check(isPortInRange, `write \`host:port\`, ${portNumber}`)),
    ),
    expect: v.optional(
      closedObject({
        status: v.optional(
          v.pipe(
            numberAs(statusRemedy),
            v.integer(statusRemedy),
            v.minValue(100, statusRemedy),
            v.maxValue(599, statusRemedy),
          ),
        ),
        body: v.optional(v.pipe(text, v.nonEmpty('write a part of the body that must occur'))),
      }),
    ),
  }),
  v.partialCheck(
    [['http'], ['tcp']],
    (it) => 'http' in it || 'tcp' in it,
    'has neither `http` nor `tcp` → add one of them',
  ),
  v.partialCheck(
    [['http'], ['tcp']],
    (it) => !('http' in it && 'tcp' in it),
    'has both `http` and `tcp` → make it two probes',
  ),
  v.partialCheck(
    [['tcp'], ['expect']],
    (it) => !('tcp' in it && 'expect' in it),
    'has `expect` without `http` → remove `expect`',
  ),
);

const health = closedObject({
  deadline: v.optional(positiveDuration, '120s'),
  stability: v.optional(duration, '15s'),
  confirmTimeout: v.optional(positiveDuration, '60s'),
  probes: v.optional(v.array(probe, 'write a list of probes'), []),
});

/** `gitops.yml`. */
export const gitopsSchema = closedObject(
  { apiVersion, name: v.pipe(name, v.description('the name of the repository; part of the path on hosts')) },
  RESERVED_AT_TOP,
);

/** `environments/<environment>/environment.yml`. */
export const environmentSchema = closedObject(
  {
    apiVersion,
    branch: v.optional(v.pipe(text, v.nonEmpty('write the name of a branch'))),
    promotesFrom: v.optional(name),
    targets: v.pipe(
      v.record(name, target, 'write a mapping of target names to targets'),
      v.minEntries(1, 'add a target of `kind: docker`'),
      onlyOne('target'),
      v.description('the hosts, by name'),
    ),
    stacks: v.optional(
      v.pipe(
        v.array(stack, 'write a list of stacks'),
        v.minLength(1, 'add a stack, or leave `stacks` out'),
        onlyOne('stack'),
        v.metadata({ maxItems: 1 }),
      ),
    ),
    health: v.optional(health, {}),
    retention: v.optional(closedObject({ days: v.optional(count, 30), releases: v.optional(count, 5) }), {}),
  },
  RESERVED_AT_TOP,
);

function numberAs(remedy: string) {
  return v.number(`${remedy}, without quotes`);
}

function onlyOne<Collection extends object>(what: string) {
  return v.rawCheck<Collection>(({ dataset, addIssue }) => {
    const input: object = dataset.value instanceof Object ? dataset.value : {};
    for (const [key, value] of Object.entries(input).slice(1)) {
      const message = `more than one ${what} is ${LATER} → keep one`;
      addIssue({ message, path: [{ type: 'object', origin: 'key', input: { ...input }, key, value }] });
    }
  });
}

function isWebAddress(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && /^https?:$/.test(url.protocol) && url.hostname !== '';
}

/** A text without port is the pattern's to refuse. */
function isPortInRange(address: string): boolean {
  const digits = /:(\d+)$/.exec(address)?.[1];
  return digits === undefined || (Number(digits) >= 1 && Number(digits) <= 65535);
}
