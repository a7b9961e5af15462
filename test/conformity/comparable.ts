/** Maps of texts, in which an empty one means something. */
const TEXTS = new Set(['environment', 'labels', 'args', 'annotations', 'sysctls', 'options', 'driver_opts']);

/** Keys that Compose prints by the names of its own fields. */
const FIELDS: ReadonlyMap<string, string> = new Map([
  ['Path', 'path'],
  ['Rate', 'rate'],
  ['Weight', 'weight'],
]);

type Json = Readonly<Record<string, unknown>>;

/**
 * What `docker compose config --format json` printed in a repository at `root`, as we would say it:
 * - paths are relative to the root, not absolute;
 * - `$$`, which Compose prints for a dollar sign, is one;
 * - keys are those of the specification.
 */
export function likeOurs(printed: unknown, root: string): unknown {
  if (typeof printed === 'string') return relativePath(printed.replaceAll('$$', '$'), root);
  if (Array.isArray(printed)) return printed.map((item) => likeOurs(item, root));
  if (typeof printed !== 'object' || printed === null) return printed;
  const named = (key: string) => FIELDS.get(key) ?? key.replaceAll('$$', '$');
  return Object.fromEntries(Object.entries(printed).map(([key, value]) => [named(key), likeOurs(value, root)]));
}

function relativePath(text: string, root: string): string {
  if (text === root) return '.';
  return text.startsWith(`${root}/`) ? text.slice(root.length + 1) : text;
}

/**
 * Two models without what they cannot agree on:
 * - what is empty, `false` or 0, of which Compose leaves some out and makes some up;
 * - models that no service uses, which Compose leaves out;
 * - extensions of anything but the project itself, which Compose leaves out in JSON;
 * - all variables and labels of services with env files and label files, which we do not read.
 */
export function comparable(ours: unknown, theirs: unknown): readonly [ours: unknown, theirs: unknown] {
  const withFiles = entriesOf(ours, 'services').filter(([, service]) => hasFiles(service));
  const names = withFiles.map(([name]) => name);
  const [mine, others] = [ours, theirs].map((model) => withoutEmpty(withoutFiles(json(model), names)));
  return [withoutModelsBeyond(json(others), json(mine)), others];
}

function json(value: unknown): Json {
  const plain: unknown = JSON.parse(JSON.stringify(value ?? null));
  return typeof plain === 'object' && plain !== null ? { ...plain } : {};
}

function entriesOf(value: unknown, key: string): [string, unknown][] {
  const part = json(value)[key];
  return Object.entries(json(part));
}

function hasFiles(service: unknown): boolean {
  return 'env_file' in json(service) || 'label_file' in json(service);
}

function withoutFiles(model: Json, names: readonly string[]): Json {
  const services = entriesOf(model, 'services').map(([name, service]) => {
    const { env_file: _, label_file: __, ...rest } = json(service);
    const { environment: ___, labels: ____, ...others } = rest;
    return [name, withoutExtensions(names.includes(name) ? others : rest)];
  });
  const rest = Object.entries(model).map(([key, value]) => [
    key,
    key.startsWith('x-') ? value : withoutExtensions(value),
  ]);
  return { ...Object.fromEntries(rest), services: Object.fromEntries(services) };
}

function withoutExtensions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutExtensions);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !key.startsWith('x-'));
  return Object.fromEntries(kept.map(([key, one]) => [key, withoutExtensions(one)]));
}

function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, one]) => [key, TEXTS.has(key) ? one : withoutEmpty(one)] as const);
  return Object.fromEntries(entries.filter(([, one]) => !isEmpty(one)));
}

function isEmpty(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0;
  return !value;
}

function withoutModelsBeyond(theirs: Json, ours: Json): Json {
  const { models, ...rest } = ours;
  const used = json(theirs['models']);
  const kept = Object.entries(json(models)).filter(([name]) => name in used);
  return kept.length > 0 ? { ...rest, models: Object.fromEntries(kept) } : rest;
}
