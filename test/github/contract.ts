import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import * as v from 'valibot';

/** A JSON Schema, or any other object of JSON. */
export const Json = v.record(v.string(), v.unknown());
export type Json = v.InferOutput<typeof Json>;

const Parameter = v.object({ name: v.string(), in: v.string(), required: v.boolean(), schema: Json });
const Operation = v.object({
  id: v.string(),
  method: v.string(),
  path: v.string(),
  parameters: v.array(Parameter),
  body: v.optional(Json),
  isBodyRequired: v.optional(v.boolean(), false),
  /** By status; `null` where no body is sent. */
  replies: v.record(v.string(), v.nullable(Json)),
});
export type Operation = v.InferOutput<typeof Operation>;

const Slice = v.object({ version: v.string(), operations: v.array(Operation), schemas: v.record(v.string(), Json) });

/** The answer to it: none of GitHub's, and nothing that is tried again. */
export const VIOLATION_STATUS = 418;

/** Something that GitHub would never ask for or answer, by its own description. */
export class ContractViolation extends Error {
  override readonly name = 'ContractViolation';
}

/** A request that is one of GitHub's. */
export interface Matched {
  readonly operation: Operation;
  /** Those of the path, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
}

const slice = v.parse(Slice, JSON.parse(readFileSync(new URL('openapi-slice.json', import.meta.url), 'utf8')));
const ajv = new Ajv({
  strict: false,
  allErrors: true,
  coerceTypes: false,
  formats: { 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/ },
});
ajv.addSchema({ $id: 'slice.json', schemas: slice.schemas });
const patterns = slice.operations.map((operation) => ({ operation, pattern: pathPattern(operation.path) }));

/** The schema of that name, if a schema refers to one. */
export function dereferenced(schema: Json): Json {
  const [, name = ''] = /^slice\.json#\/schemas\/(.+)$/.exec(String(schema['$ref'])) ?? [];
  return slice.schemas[name] ?? schema;
}

/** What the method and the path ask for; `undefined` if it is none of the operations that are kept. */
export function matched(method: string, path: string): Matched | undefined {
  for (const { operation, pattern } of patterns) {
    const found = operation.method === method ? pattern.exec(path) : null;
    if (!found) continue;
    const values = Object.entries(found.groups ?? {}).map(([name, text]) => [name, decodeURIComponent(text)]);
    return { operation, parameters: Object.fromEntries(values) };
  }
  return undefined;
}

/** What is wrong with a request; empty if nothing is. */
export function requestFaults({ operation }: Matched, query: URLSearchParams, body: unknown): readonly string[] {
  const known = operation.parameters.filter((each) => each.in === 'query');
  const unknown = [...query.keys()].filter((name) => !known.some((each) => each.name === name));
  const wrong = known.flatMap(({ name, schema }) => {
    const text = query.get(name);
    return text === null ? [] : faultsOf(schema, typed(schema, text), `?${name}`);
  });
  return [...unknown.map((name) => `?${name} is no parameter of it`), ...wrong, ...bodyFaults(operation, body)];
}

/** What is wrong with a reply; empty if nothing is. GitHub describes not every refusal, but all of them look alike. */
export function replyFaults(operation: Operation, status: number, body: unknown): readonly string[] {
  const schema = operation.replies[String(status)];
  if (schema === null) return body === undefined ? [] : [`a reply ${status} has no body`];
  if (!schema && status < 400) return [`it never answers ${status}`];
  const refusal = { $ref: 'slice.json#/schemas/basic-error', type: 'object', required: ['message'] };
  const all = [...(schema ? [schema] : []), ...(status < 400 ? [] : [refusal])];
  return all.flatMap((each) => faultsOf(each, body, `reply ${status}`));
}

function bodyFaults({ body: schema, isBodyRequired }: Operation, body: unknown): readonly string[] {
  if (body === undefined) return isBodyRequired ? ['it needs a body'] : [];
  if (!schema) return ['it takes no body'];
  const known = Object.keys(v.is(Json, schema['properties']) ? schema['properties'] : {});
  const unknown = Object.keys(v.is(Json, body) ? body : {}).filter((key) => !known.includes(key));
  return [...unknown.map((key) => `body.${key} is no property of it`), ...faultsOf(schema, body, 'body')];
}

function faultsOf(schema: Json, value: unknown, what: string): readonly string[] {
  const validate = ajv.compile(schema);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${what}${instancePath} ${message}`);
}

/** Text of a query as what its schema speaks of. */
function typed({ type }: Json, text: string): unknown {
  if (type === 'integer' || type === 'number') return Number(text);
  return type === 'boolean' ? text === 'true' : text;
}

/** Paths of files and names of references hold slashes. */
function pathPattern(path: string): RegExp {
  const parts = path.split('/').map((part) => {
    const [, name] = /^\{(.+)\}$/.exec(part) ?? [];
    if (name === undefined) return part;
    const text = name === 'path' || (name === 'ref' && path.includes('/git/')) ? '.+' : '[^/]+';
    return `(?<${name}>${text})`;
  });
  return new RegExp(`^${parts.join('/')}$`);
}
