import type { Container, Step } from './origins.ts';
import { isList, isMap, type Plain, type PlainMap, Timestamp } from './plain.ts';

/** As much of JSON Schema as the Compose specification uses. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly oneOf?: readonly JsonSchema[];
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly uniqueItems?: boolean;
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
}

/** What a schema does not take. */
export interface SchemaIssue {
  readonly kind: 'type' | 'unknown-key' | 'missing-key' | 'enum' | 'pattern' | 'range' | 'repeated';
  readonly path: readonly Step[];
  readonly in: Container;
  readonly step?: Step | undefined;
  readonly value: Plain;
  /** What would have been taken. */
  readonly schema: JsonSchema;
  /** Types that would have been taken, of all alternatives. */
  readonly types?: readonly string[];
  /** The key that is too much or missing. */
  readonly key?: string;
}

/** Holds data against a schema. Of alternatives the one counts whose type is that of the value. */
export function checkSchema(root: JsonSchema, value: PlainMap): readonly SchemaIssue[] {
  const checker = new Checker(root);
  checker.check(root, value, value, undefined);
  return checker.issues;
}

class Checker {
  readonly issues: SchemaIssue[] = [];
  readonly #root: JsonSchema;
  readonly #path: Step[] = [];

  constructor(root: JsonSchema) {
    this.#root = root;
  }

  check(written: JsonSchema, value: Plain, container: Container, step: Step | undefined): void {
    const schema = this.#behind(written);
    const place = { value, in: container, step };
    if (schema.oneOf) this.#alternatives(schema.oneOf, place);
    else if (!hasType(schema.type, value)) this.#add('type', schema, place, { types: typesOf(schema) });
    else if (typeof value === 'string') this.#text(schema, value, place);
    else if (isMap(value)) this.#mapping(schema, value, place);
    else if (isList(value)) this.#list(schema, value, place);
    else if (typeof value === 'number') this.#number(schema, value, place);
  }

  #alternatives(schemas: readonly JsonSchema[], place: Place): void {
    const { value, step } = place;
    const meant = schemas.find((schema) => this.#takesType(schema, value));
    if (meant) {
      this.check(meant, value, place.in, step);
      return;
    }
    const types = schemas.flatMap((schema) => this.#typesOf(schema));
    this.#add('type', schemas[0] ?? {}, place, { types });
  }

  #takesType(written: JsonSchema, value: Plain): boolean {
    const schema = this.#behind(written);
    return schema.oneOf ? schema.oneOf.some((one) => this.#takesType(one, value)) : hasType(schema.type, value);
  }

  #typesOf(written: JsonSchema): readonly string[] {
    const schema = this.#behind(written);
    return schema.oneOf ? schema.oneOf.flatMap((one) => this.#typesOf(one)) : typesOf(schema);
  }

  #behind(schema: JsonSchema): JsonSchema {
    if (schema.$ref === undefined) return schema;
    return this.#root.definitions?.[schema.$ref.slice('#/definitions/'.length)] ?? schema;
  }

  #text(schema: JsonSchema, value: string, place: Place): void {
    if (schema.enum && !schema.enum.includes(value)) this.#add('enum', schema, place);
    if (schema.pattern !== undefined && !regExp(schema.pattern).test(value)) this.#add('pattern', schema, place);
  }

  #number(schema: JsonSchema, value: number, place: Place): void {
    const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = schema;
    if (value < minimum || value > maximum) this.#add('range', schema, place);
  }

  #list({ items, uniqueItems = false }: JsonSchema, list: readonly Plain[], place: Place): void {
    for (let index = 0; index < list.length; index++) {
      const item = list[index] ?? null;
      this.#path.push(index);
      if (items) this.check(items, item, list, index);
      if (uniqueItems && index > 0 && isIn(list, item, index))
        this.#add('repeated', {}, { ...place, in: list, step: index });
      this.#path.pop();
    }
  }

  #mapping(schema: JsonSchema, map: PlainMap, place: Place): void {
    for (const key in map) {
      this.#path.push(key);
      this.#entry(schema, map, key);
      this.#path.pop();
    }
    for (const key of schema.required ?? []) if (!(key in map)) this.#add('missing-key', schema, place, { key });
  }

  #entry(schema: JsonSchema, map: PlainMap, key: string): void {
    const { properties, patternProperties, additionalProperties = true } = schema;
    const value = map[key] ?? null;
    if (properties && Object.hasOwn(properties, key)) {
      const property = properties[key];
      if (property) this.check(property, value, map, key);
      return;
    }
    for (const pattern in patternProperties) {
      if (!regExp(pattern).test(key)) continue;
      const property = patternProperties[pattern];
      if (property) this.check(property, value, map, key);
      return;
    }
    if (!additionalProperties) this.#add('unknown-key', schema, { value, in: map, step: key }, { key });
  }

  #add(kind: SchemaIssue['kind'], schema: JsonSchema, place: Place, more: Partial<SchemaIssue> = {}): void {
    this.issues.push({ kind, schema, path: [...this.#path], ...place, ...more });
  }
}

type Place = Pick<SchemaIssue, 'value' | 'in' | 'step'>;

function typesOf({ type }: JsonSchema): readonly string[] {
  return type === undefined ? [] : typeof type === 'string' ? [type] : type;
}

function hasType(type: JsonSchema['type'], value: Plain): boolean {
  if (type === undefined) return true;
  return typeof type === 'string' ? isOf(type, value) : type.some((one) => isOf(one, value));
}

function isOf(type: string, value: Plain): boolean {
  switch (type) {
    case 'object':
      return isMap(value);
    case 'array':
      return isList(value);
    case 'null':
      return value === null;
    case 'number':
      return typeof value === 'number';
    case 'integer':
      return Number.isInteger(value);
    case 'boolean':
      return typeof value === 'boolean';
    default:
      return typeof value === 'string';
  }
}

/** Whether an equal item stands before it. */
function isIn(list: readonly Plain[], item: Plain, before: number): boolean {
  const isContainer = isMap(item) || isList(item) || item instanceof Timestamp;
  if (!isContainer) return list.indexOf(item) < before;
  const text = JSON.stringify(item);
  return list.slice(0, before).some((other) => JSON.stringify(other) === text);
}

const REG_EXPS = new Map<string, RegExp>();

function regExp(pattern: string): RegExp {
  const known = REG_EXPS.get(pattern) ?? new RegExp(pattern);
  REG_EXPS.set(pattern, known);
  return known;
}
