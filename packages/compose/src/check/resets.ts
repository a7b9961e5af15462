import type { Faults } from './faults.ts';
import type { Step } from './origins.ts';
import { has, isMap, newMap, type PlainMap } from './plain.ts';

/** A mapping without what `!reset` and `!override` of a later file name. Items of lists cannot be taken away. */
export function withoutPaths(map: PlainMap, paths: readonly (readonly Step[])[], faults: Faults): PlainMap {
  return paths.reduce((rest, path) => withoutPath(rest, path, faults), map);
}

function withoutPath(map: PlainMap, [first, ...rest]: readonly Step[], faults: Faults): PlainMap {
  if (first === undefined || typeof first === 'number' || !has(map, first)) return map;
  const { [first]: value, ...others } = map;
  if (rest.length === 0) return faults.origins.follow(newMap(others), map);
  if (!isMap(value)) return map;
  const changed = withoutPath(value, rest, faults);
  return changed === value ? map : faults.origins.follow(newMap({ ...map, [first]: changed }), map);
}
