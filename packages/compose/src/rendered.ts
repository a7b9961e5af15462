import { GitopsError } from '@gitops/core';
import * as v from 'valibot';
import { parse } from 'yaml';

const Mount = v.looseObject({
  type: v.string(),
  source: v.optional(v.string()),
  target: v.string(),
  read_only: v.optional(v.boolean()),
});

const FileOrContent = v.looseObject({
  name: v.optional(v.string()),
  file: v.optional(v.string()),
  content: v.optional(v.string()),
  environment: v.optional(v.string()),
  external: v.optional(v.boolean()),
});

const Grant = v.looseObject({ source: v.string() });

const Service = v.looseObject({
  image: v.optional(v.string()),
  labels: v.optional(v.record(v.string(), v.string())),
  environment: v.optional(v.record(v.string(), v.unknown())),
  volumes: v.optional(v.array(Mount)),
  configs: v.optional(v.array(Grant)),
  secrets: v.optional(v.array(Grant)),
  pull_policy: v.optional(v.string()),
  scale: v.optional(v.number()),
  deploy: v.optional(v.looseObject({ replicas: v.optional(v.number()) })),
  healthcheck: v.optional(v.looseObject({ disable: v.optional(v.boolean()), test: v.optional(v.array(v.string())) })),
  depends_on: v.optional(v.record(v.string(), v.looseObject({ condition: v.string() }))),
  'x-gitops': v.optional(v.strictObject({ role: v.optional(v.picklist(['service', 'job', 'optional'])) })),
});

const Network = v.looseObject({ name: v.string(), external: v.optional(v.boolean()) });

const Volume = v.looseObject({
  name: v.string(),
  external: v.optional(v.boolean()),
  driver: v.optional(v.string()),
  driver_opts: v.optional(v.record(v.string(), v.string())),
});

const Rendered = v.looseObject({
  services: v.optional(v.record(v.string(), Service), {}),
  networks: v.optional(v.record(v.string(), v.nullable(Network))),
  volumes: v.optional(v.record(v.string(), v.nullable(Volume))),
  configs: v.optional(v.record(v.string(), FileOrContent)),
  secrets: v.optional(v.record(v.string(), FileOrContent)),
});

/** A project as `docker compose config` prints it, with what we need of it typed and the rest kept. */
export type Rendered = v.InferOutput<typeof Rendered>;
export type RenderedService = v.InferOutput<typeof Service>;
export type RenderedMount = v.InferOutput<typeof Mount>;
export type RenderedFile = v.InferOutput<typeof FileOrContent>;

/** Reads the output of `docker compose config`. Throws `GitopsError` `render` for what is not a project. */
export function parseRendered(text: string): Rendered {
  const result = v.safeParse(Rendered, parse(text));
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new GitopsError('render', {
    attempted: 'read the project as Compose renders it',
    seen: `${v.getDotPath(issue) ?? 'the document'}: ${issue.message}`,
    remedy: 'mend that part of the Compose file',
  });
}
