import { mapOf, type PlainMap } from './plain.ts';

/** Services that wait for each other: `[web, db, web]`. */
export function dependencyCycle(services: PlainMap, active: ReadonlySet<string>): readonly string[] | undefined {
  const done = new Set<string>();
  const walk = (name: string, path: readonly string[]): readonly string[] | undefined => {
    const seen = path.indexOf(name);
    if (seen !== -1) return [...path.slice(seen), name];
    if (done.has(name)) return undefined;
    const next = Object.keys(mapOf(mapOf(services[name])['depends_on'])).filter((other) => active.has(other));
    for (const other of next) {
      const cycle = walk(other, [...path, name]);
      if (cycle) return cycle;
    }
    done.add(name);
    return undefined;
  };
  for (const name of active) {
    const cycle = walk(name, []);
    if (cycle) return cycle;
  }
  return undefined;
}
