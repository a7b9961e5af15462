import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';

/*
 * Cuts test/github/openapi-slice.json out of GitHub's own description of its API, which is 13 MB: the operations that are used here,
 * with the schemas they reach, as plain JSON Schema. See test/github/README.md.
 */

const OUTPUT = join(import.meta.dirname, '..', 'test', 'github', 'openapi-slice.json');

/** The operations that are kept, by their ids. */
const OPERATIONS = [
  ...['issues/list-comments', 'issues/get-comment', 'issues/create-comment', 'issues/update-comment'],
  ...['issues/delete-comment', 'issues/list-for-repo', 'issues/get', 'issues/create', 'issues/update'],
  ...['pulls/list', 'pulls/get', 'pulls/create', 'pulls/list-files', 'pulls/list-reviews'],
  ...['repos/get', 'repos/get-commit', 'repos/compare-commits-with-basehead'],
  ...['repos/list-pull-requests-associated-with-commit', 'repos/get-collaborator-permission-level'],
  ...['repos/list-deployments', 'repos/create-deployment'],
  ...['repos/list-deployment-statuses', 'repos/create-deployment-status'],
  ...['repos/get-content', 'repos/create-or-update-file-contents', 'repos/delete-file'],
  ...['git/get-ref', 'git/create-ref', 'git/update-ref', 'git/delete-ref'],
];
/** Reached by no operation in its full form; every refusal has it. */
const ALWAYS = ['basic-error'];

/** What says nothing about which data is right. */
const SAYS_NOTHING = new Set(['description', 'title', 'example', 'examples', 'default', 'deprecated', 'externalDocs']);

type Json = Readonly<Record<string, unknown>>;
const Json = v.record(v.string(), v.unknown());
const Schema = v.optional(Json, {});
const Media = v.optional(v.record(v.string(), v.object({ schema: Schema })), {});
const Parameter = v.object({
  name: v.string(),
  in: v.string(),
  required: v.optional(v.boolean(), false),
  schema: Schema,
});
const Operation = v.object({
  operationId: v.string(),
  parameters: v.optional(v.array(Json), []),
  requestBody: v.optional(v.object({ required: v.optional(v.boolean(), false), content: Media })),
  responses: v.record(v.string(), Json),
});
type Operation = v.InferOutput<typeof Operation>;
const Description = v.object({
  info: v.object({ version: v.string() }),
  paths: v.record(v.string(), v.record(v.string(), v.unknown())),
  components: v.object({ schemas: v.record(v.string(), Json), parameters: Json, responses: Json }),
});
type Description = v.InferOutput<typeof Description>;

function slice(description: Description): Json {
  const operations = Object.entries(description.paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, said]) => {
      const parsed = v.safeParse(Operation, said);
      const isKept = parsed.success && OPERATIONS.includes(parsed.output.operationId);
      return isKept ? [sliceOperation(description, method, path, parsed.output)] : [];
    }),
  );
  const names = reached(description, operations);
  const schemas = names.map((name) => [name, plain(description.components.schemas[name])]);
  return { version: description.info.version, operations, schemas: Object.fromEntries(schemas) };
}

function sliceOperation(description: Description, method: string, path: string, said: Operation): Json {
  const parameters = said.parameters.map((each) => v.parse(Parameter, resolved(description, each)));
  const body = said.requestBody?.content['application/json']?.schema;
  const replies = Object.entries(said.responses).map(([status, reply]) => [status, replySchema(description, reply)]);
  return {
    id: said.operationId,
    method: method.toUpperCase(),
    path,
    parameters: parameters.map((each) => ({ ...each, schema: plain(each.schema) })),
    ...(body && { body: plain(body), isBodyRequired: said.requestBody?.required ?? false }),
    replies: Object.fromEntries(replies),
  };
}

/** `null` where no body is sent. */
function replySchema(description: Description, reply: Json): unknown {
  const { content } = v.parse(v.object({ content: Media }), resolved(description, reply));
  const schema = content['application/json']?.schema ?? Object.values(content)[0]?.schema;
  return schema ? plain(schema) : null;
}

/** A parameter or a response that stands below `components`. */
function resolved({ components }: Description, said: Json): unknown {
  const [, kind, name] = /^#\/components\/(parameters|responses)\/(.+)$/.exec(String(said['$ref'])) ?? [];
  if (name === undefined) return said;
  return kind === 'parameters' ? components.parameters[name] : components.responses[name];
}

/**
 * OpenAPI 3.0 as JSON Schema: `nullable` is a type of its own there. GitHub's alternatives overlap (an error without a detail is every
 * error), so that one of them has to fit, not one alone.
 */
function plain(said: unknown): unknown {
  if (Array.isArray(said)) return said.map(plain);
  if (!v.is(Json, said)) return said;
  const { nullable, ...rest } = said;
  const kept = Object.entries(rest).filter(([key, value]) => !isNoise(key, value));
  const schema = Object.fromEntries(
    kept.map(([key, value]) => [
      key === 'oneOf' ? 'anyOf' : key,
      key === 'properties' ? properties(value) : plain(value),
    ]),
  );
  if (typeof schema['$ref'] === 'string') schema['$ref'] = schema['$ref'].replace('#/components/', 'slice.json#/');
  return nullable === true ? { anyOf: [schema, { type: 'null' }] } : schema;
}

/** Here the keys are names of data, whatever they are called. */
function properties(said: unknown): unknown {
  return Object.fromEntries(Object.entries(v.parse(Json, said)).map(([name, value]) => [name, plain(value)]));
}

function isNoise(key: string, value: unknown): boolean {
  return SAYS_NOTHING.has(key) || key.startsWith('x-') || (key === 'format' && value !== 'date-time');
}

/** Names of all schemas that these lead to. */
function reached({ components }: Description, from: readonly Json[]): readonly string[] {
  const names = new Set<string>();
  const open = [JSON.stringify(from), ...ALWAYS.map((name) => `slice.json#/schemas/${name}"`)];
  for (let text = open.pop(); text !== undefined; text = open.pop()) {
    for (const [, name = ''] of text.matchAll(/slice\.json#\/schemas\/([^"]+)"/g)) {
      if (names.has(name)) continue;
      names.add(name);
      open.push(JSON.stringify(plain(components.schemas[name])));
    }
  }
  return [...names].sort();
}

/** A line for each operation and each schema, so that a new version can be read as a difference. */
function lines({ version, operations, schemas }: Json): string {
  const each = v.parse(v.array(Json), operations).map((operation) => JSON.stringify(operation));
  const named = Object.entries(v.parse(Json, schemas)).map(
    ([name, schema]) => `${JSON.stringify(name)}:${JSON.stringify(schema)}`,
  );
  return `{"version":${JSON.stringify(version)},"operations":[\n${each.join(',\n')}\n],"schemas":{\n${named.join(',\n')}\n}}\n`;
}

const [input = ''] = process.argv.slice(2);
const description = v.parse(Description, JSON.parse(await readFile(input, 'utf8')));
await writeFile(OUTPUT, lines(slice(description)));
