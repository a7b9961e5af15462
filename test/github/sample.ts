import * as v from 'valibot';
import { ContractViolation, dereferenced, Json, type Operation } from './contract.ts';

const Names = v.fallback(v.array(v.string()), []);

/**
 * A reply with what is known of it, and with everything else that GitHub always sends, as empty as GitHub's description allows.
 * Throws `ContractViolation` for what GitHub's description does not name.
 */
export function replyBody(operation: Operation, status: number, known: unknown): unknown {
  const schema = operation.replies[String(status)];
  return schema ? filled(schema, known, `${operation.id} ${status}`) : known;
}

function filled(said: Json, known: unknown, where: string): unknown {
  if (known === undefined) return empty(said);
  const schema = branch(said, known);
  if (Array.isArray(known)) {
    const { items } = schema;
    return v.is(Json, items) ? known.map((each, index) => filled(items, each, `${where}[${index}]`)) : known;
  }
  if (!v.is(Json, known) || schema['type'] !== 'object' || !v.is(Json, schema['properties'])) return known;
  const properties = schema['properties'];
  const names = new Set([...v.parse(Names, schema['required']), ...Object.keys(known)]);
  return Object.fromEntries(
    [...names].map((name) => [name, filled(propertyOf(properties, name, where), known[name], `${where}.${name}`)]),
  );
}

function propertyOf(properties: Json, name: string, where: string): Json {
  const schema = properties[name];
  if (v.is(Json, schema)) return schema;
  throw new ContractViolation(`${where}: GitHub sends no property ${name}`);
}

/** Of several that must all hold, the first is the whole and the others add what is optional. */
function resolved(said: Json): Json {
  const schema = dereferenced(said);
  const [whole] = v.parse(v.fallback(v.array(Json), []), schema['allOf']);
  return whole ? dereferenced(whole) : schema;
}

/** The first alternative of the kind of what is known. */
function branch(said: Json, known: unknown): Json {
  const schema = resolved(said);
  const alternatives = v.parse(v.fallback(v.array(Json), []), schema['anyOf']);
  const kind = Array.isArray(known) ? 'array' : 'object';
  const chosen = alternatives.map((each) => branch(each, known)).find(({ type }) => type === kind);
  return chosen ?? schema;
}

/** The least that a schema takes. */
function empty(said: Json): unknown {
  const schema = resolved(said);
  const alternatives = v.parse(v.fallback(v.array(Json), []), schema['anyOf']);
  if (alternatives.some(({ type }) => type === 'null')) return null;
  if (alternatives[0]) return empty(alternatives[0]);
  const [choice] = v.parse(v.fallback(v.array(v.unknown()), []), schema['enum']);
  return choice === undefined ? emptyOf(schema) : choice;
}

function emptyOf(schema: Json): unknown {
  switch (schema['type']) {
    case 'object':
      return emptyObject(schema);
    case 'array':
      return [];
    case 'integer':
    case 'number':
      return 0;
    case 'boolean':
      return false;
    default:
      return schema['format'] === 'date-time' ? '2026-01-01T00:00:00Z' : '';
  }
}

function emptyObject(schema: Json): Json {
  const properties = v.parse(v.fallback(Json, {}), schema['properties']);
  const names = v.parse(Names, schema['required']);
  return Object.fromEntries(names.map((name) => [name, empty(propertyOf(properties, name, 'sample'))]));
}
