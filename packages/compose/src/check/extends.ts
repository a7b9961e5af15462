import { posix } from 'node:path';
import { At } from './at.ts';
import type { Faults } from './faults.ts';
import { merge } from './merge.ts';
import type { Step } from './origins.ts';
import { has, isMap, mapOf, newMap, type Plain, type PlainMap } from './plain.ts';
import { withoutPaths } from './resets.ts';
import { suggested } from './suggested.ts';

/** A file whose services are extended from elsewhere. */
export interface ExtendedFile {
  readonly services: PlainMap;
  readonly resets: readonly (readonly Step[])[];
}

/** Opens an extended file by its path from the folder of the project; `undefined` if it cannot be read. */
type OpenExtended = (path: string) => Promise<ExtendedFile | undefined>;

interface Source extends ExtendedFile {
  /** Tells services of one name apart. */
  readonly file: string;
}

/** Puts what services extend below what they say themselves. */
export async function withExtensions(
  project: PlainMap,
  resets: ExtendedFile['resets'],
  faults: Faults,
  open: OpenExtended,
): Promise<PlainMap> {
  const services = mapOf(project['services']);
  const extending = Object.keys(services).filter((name) => 'extends' in mapOf(services[name]));
  if (extending.length === 0) return project;
  const extender = new Extender(faults, open);
  const extended = newMap(services);
  const source = { file: '', services, resets };
  for (const name of extending) extended[name] = await extender.extend(name, source, []);
  const complete = faults.origins.follow(extended, services);
  return faults.origins.follow(newMap({ ...project, services: complete }), project);
}

class Extender {
  readonly #faults: Faults;
  readonly #open: OpenExtended;
  readonly #done = new Map<string, Plain>();

  constructor(faults: Faults, open: OpenExtended) {
    this.#faults = faults;
    this.#open = open;
  }

  async extend(name: string, source: Source, path: readonly string[]): Promise<Plain> {
    const key = `${source.file}\0${name}`;
    const known = this.#done.get(key);
    if (known !== undefined) return known;
    const service = source.services[name] ?? null;
    const value =
      isMap(service) && 'extends' in service ? await this.#extended(name, service, source, [...path, key]) : service;
    this.#done.set(key, value);
    return value;
  }

  async #extended(name: string, service: PlainMap, source: Source, path: readonly string[]): Promise<Plain> {
    const at = At.root(source.services, this.#faults)
      .below({}, 'services')
      .below(source.services, name)
      .below(service, 'extends');
    const extension = service['extends'];
    const target = isMap(extension) ? extension['service'] : extension;
    if (typeof target !== 'string') return service;
    const from = await this.#sourceOf(extension ?? null, source);
    if (!from) return without(service, 'extends', this.#faults);
    if (!has(from.services, target)) return this.#notFound(target, service, from, at);
    if (path.includes(`${from.file}\0${target}`)) return this.#cycle(service, at, path);
    const base = await this.extend(target, from, path);
    if (!isMap(base)) return without(service, 'extends', this.#faults);
    const ofService = [...source.resets, ...from.resets].filter(([, service]) => service === name);
    const kept = withoutPaths(
      base,
      ofService.map((path) => path.slice(2)),
      this.#faults,
    );
    return without(merge(kept, service, ['services', 'x'], this.#faults), 'extends', this.#faults);
  }

  async #sourceOf(extension: Plain, source: Source): Promise<Source | undefined> {
    const file = mapOf(extension)['file'];
    if (typeof file !== 'string') return source;
    const opened = await this.#open(posix.normalize(file));
    return opened && { ...opened, file: posix.normalize(file) };
  }

  #notFound(target: string, service: PlainMap, { services, file }: Source, at: At): Plain {
    const message = `\`${at.name}\` names the service \`${target}\`, which is not defined${file && ` in \`${file}\``}`;
    const remedy = suggested(target, Object.keys(services), 'correct the name');
    const extension = service['extends'];
    const place = isMap(extension) ? { in: extension, step: 'service' } : at;
    this.#faults.add('compose/undefined-service', place, message, remedy);
    return without(service, 'extends', this.#faults);
  }

  #cycle(service: PlainMap, at: At, path: readonly string[]): Plain {
    const names = path.map((key) => `\`${key.split('\0')[1]}\``);
    const message = `\`${at.name}\` leads back to the service itself: ${names.join(' → ')}`;
    this.#faults.add(
      'compose/cycle',
      { in: at.in, step: at.step, atKey: true },
      message,
      'remove one of the extensions',
    );
    return without(service, 'extends', this.#faults);
  }
}

function without(service: PlainMap, key: string, faults: Faults): PlainMap {
  const { [key]: _, ...rest } = service;
  return faults.origins.follow(newMap(rest), service);
}
