import * as v from 'valibot';
import { closedObject, suggestion } from './closed-object.ts';
import { probeSchema } from './probe-schema.ts';
import { registrySchema } from './registry-schema.ts';
import { duration, numberAs, positiveDuration, text } from './scalars.ts';
import { secretsSchema } from './secrets-schema.ts';

/*
 * What gitops.yml and environment.yml may say; the JSON Schemas for editors are generated from here.
 * A message is the remedy; where the fault needs a name of its own, the message is `fault → remedy`.
 */

/** Names of repositories, environments and stacks: Compose's rule for project names. */
export const NAME = /^[a-z0-9][a-z0-9_-]*$/;

const HOST = /^(?:[A-Za-z0-9][A-Za-z0-9._-]*|[0-9A-Fa-f]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*(?:%[\w.-]+)?)$/;
const USER = /^[A-Za-z0-9_][A-Za-z0-9_.@-]*$/;
const STATE_DIR = /^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._@+-]+)+\/?$/;

const WORDS = /^[A-Za-z0-9_./=-]+(?: [A-Za-z0-9_./=-]+)*$/;
const RESERVED_AT_TOP = ['hooks', 'ignore', 'windows', 'notify', 'rules'];
/** `gitops.yml` is every environment's; credentials and approvals are one environment's. */
const RESERVED_IN_GITOPS = [...RESERVED_AT_TOP.filter((key) => key !== 'rules'), 'registries', 'approvals'];
const LATER = 'not supported yet';
const NAME_REMEDY = 'use lower-case letters, digits, `-` and `_`, beginning with a letter or a digit';

const name = v.pipe(text, v.regex(NAME, NAME_REMEDY));
const portNumber = 'write a port from 1 to 65535';
const wholeNumber = 'write a whole number, 1 or more';
const count = v.pipe(numberAs(wholeNumber), v.integer(wholeNumber), v.minValue(1, wholeNumber));

const apiVersion = v.pipe(
  v.literal('gitops/v1', 'write `gitops/v1`, the only version so far'),
  v.description('the version of the format, `gitops/v1`'),
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

const dockerTarget = closedObject({
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
  docker: v.optional(
    v.pipe(
      text,
      v.regex(WORDS, 'write the words that call Docker on the host, without quotes in them: `sudo docker`'),
      v.description('the words that call Docker on the host, e.g. `sudo docker`; default: `docker`'),
    ),
  ),
});

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
  secrets: v.optional(
    v.pipe(
      text,
      v.nonEmpty('write the path of a file that SOPS has encrypted: `.env.encrypted`'),
      v.description("a file that SOPS has encrypted, relative to this file; decrypted to the stack's `.env`"),
    ),
  ),
});

const LEVELS = ['error', 'warning', 'info', 'off'] as const;
const ruleLevel = v.picklist(LEVELS, ({ input }) => suggestion(typeof input === 'string' ? input : '', LEVELS));

const health = closedObject({
  deadline: v.optional(positiveDuration, '120s'),
  stability: v.optional(duration, '15s'),
  confirmTimeout: v.optional(positiveDuration, '60s'),
  probes: v.optional(v.array(probeSchema, 'write a list of probes'), []),
});

/** `gitops.yml`. */
export const gitopsSchema = closedObject(
  {
    apiVersion,
    name: v.pipe(name, v.description('the name of the repository; part of the path on hosts')),
    rules: v.optional(
      v.pipe(
        v.record(text, ruleLevel),
        v.description('how grave the findings of a rule are, by its id; see docs/rules'),
      ),
    ),
    secrets: v.optional(v.pipe(secretsSchema, v.description('what the rules about secrets go by')), {}),
  },
  RESERVED_IN_GITOPS,
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
      v.description('the hosts, by name'),
    ),
    stacks: v.optional(
      v.pipe(v.array(stack, 'write a list of stacks'), v.minLength(1, 'add a stack, or leave `stacks` out')),
    ),
    health: v.optional(health, {}),
    retention: v.optional(closedObject({ days: v.optional(count, 30), releases: v.optional(count, 5) }), {}),
    approvals: v.optional(
      v.pipe(
        v.literal('required', 'write `required`, or leave `approvals` out'),
        v.description('`required`: a commit is deployed only if it came by a pull request that somebody else approved'),
      ),
    ),
    registries: v.optional(
      v.pipe(
        v.array(registrySchema, 'write a list of registries'),
        v.description('logins for pulling images, and for nothing else'),
      ),
    ),
  },
  RESERVED_AT_TOP,
);
