import * as v from 'valibot';
import type { Hold, Release } from './model.ts';
import { PlanSchema } from './plan-schema.ts';
import type { SeenThrough } from './ports.ts';

const text = v.string();
const count = v.number();
const record = v.record(v.string(), v.unknown());

const Service = v.object({
  stack: text,
  name: text,
  role: v.picklist(['service', 'job', 'optional']),
  image: text,
  imageId: text,
  replicas: count,
  configHash: text,
  hasHealthcheck: v.boolean(),
  pullPolicy: v.picklist(['missing', 'always', 'never']),
  objects: v.array(text),
  definition: record,
});

const Desired = v.object({
  stacks: v.array(text),
  services: v.array(Service),
  networks: v.array(v.object({ stack: text, key: text, name: text, external: v.boolean(), definition: record })),
  volumes: v.array(
    v.object({
      stack: text,
      key: text,
      name: text,
      external: v.boolean(),
      driver: text,
      driverOptions: v.record(v.string(), text),
    }),
  ),
  objects: v.array(v.object({ digest: text, kind: v.picklist(['file', 'folder']), source: text })),
  data: v.array(v.object({ stack: text, path: text, source: text })),
  inactiveServices: v.array(v.object({ stack: text, name: text })),
  hostPaths: v.array(text),
});

const Probe = v.variant('kind', [
  v.object({
    name: text,
    kind: v.literal('http'),
    url: text,
    headers: v.exactOptional(v.record(text, text)),
    timeoutMs: v.exactOptional(count),
    redirects: v.exactOptional(v.boolean()),
    tls: v.exactOptional(v.object({ ca: v.exactOptional(text), verify: v.exactOptional(v.boolean()) })),
    status: v.exactOptional(v.union([count, v.array(count)])),
    answerHeaders: v.exactOptional(v.record(text, text)),
    body: v.exactOptional(text),
  }),
  v.object({ name: text, kind: v.literal('tcp'), host: text, port: count, timeoutMs: v.exactOptional(count) }),
]);

const Health = v.object({ deadlineMs: count, stabilityMs: count, confirmTimeoutMs: count, probes: v.array(Probe) });

/** `manifest.json` of a release, as it is read back from a host. */
export const ReleaseSchema: v.GenericSchema<unknown, Release> = v.object({
  name: v.pipe(text, v.regex(/^\d+-[0-9a-f]{7}$/)),
  number: count,
  commit: text,
  dirty: v.exactOptional(v.boolean()),
  approvals: v.exactOptional(v.literal('required')),
  ancestors: v.array(text),
  inputsDigest: text,
  createdAt: text,
  actor: text,
  composeVersion: text,
  engineVersion: text,
  verdict: v.picklist(['healthy', 'degraded', 'unhealthy', 'unknown']),
  health: Health,
  desired: Desired,
  desiredDigest: text,
});

/** `candidate.json` of a transaction, as it is read back from a host. */
export const SeenThroughSchema: v.GenericSchema<unknown, SeenThrough> = v.object({
  release: ReleaseSchema,
  plan: PlanSchema,
  sick: v.array(text),
  restarts: v.record(text, count),
});

const HoldSchema: v.GenericSchema<unknown, Hold> = v.object({
  commit: text,
  release: text,
  since: text,
  by: text,
  why: text,
});

/** `held.json` of an environment. */
export const HoldsSchema: v.GenericSchema<unknown, { readonly holds: readonly Hold[] }> = v.object({
  apiVersion: v.literal('gitops/v1'),
  holds: v.array(HoldSchema),
});
