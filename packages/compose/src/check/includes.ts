import { isDeepStrictEqual } from 'node:util';
import type { Faults } from './faults.ts';
import { has, isList, isMap, mapOf, newMap, type Plain, type PlainMap } from './plain.ts';

/** One item of `include`. */
export interface Inclusion {
  readonly paths: readonly string[];
  readonly envFiles: readonly string[];
  readonly projectDirectory?: string;
}

export function inclusionsOf(project: PlainMap): readonly Inclusion[] {
  const { include } = project;
  return (isList(include) ? include : []).map((item) => {
    if (typeof item === 'string') return { paths: [item], envFiles: [] };
    const { path, env_file, project_directory } = mapOf(item);
    return {
      paths: texts(path),
      envFiles: texts(env_file),
      ...(typeof project_directory === 'string' && project_directory !== '' && { projectDirectory: project_directory }),
    };
  });
}

function texts(value: Plain | undefined): readonly string[] {
  const list = isList(value) ? value : [value];
  return list.filter((item) => typeof item === 'string');
}

const SECTIONS = ['services', 'volumes', 'networks', 'secrets', 'configs', 'models'] as const;

/** A project with the resources of another one; two of one name must be the same. */
export function withImported(project: PlainMap, imported: PlainMap, faults: Faults): PlainMap {
  const complete = newMap(project);
  for (const section of SECTIONS) {
    const from = mapOf(imported[section]);
    if (Object.keys(from).length === 0) continue;
    const own = mapOf(complete[section]);
    for (const name of Object.keys(from)) refuseOther(section, name, own, from, faults);
    const both = newMap({ ...from, ...own });
    complete[section] = faults.origins.follow(both, ...(isMap(complete[section]) ? [own, from] : [from]));
  }
  return faults.origins.follow(complete, project, imported);
}

function refuseOther(section: string, name: string, own: PlainMap, from: PlainMap, faults: Faults): void {
  if (!has(own, name) || isDeepStrictEqual(own[name], from[name])) return;
  const message = `\`${section}.${name}\` is defined in an included file too, and differently`;
  const remedy = 'give one of them another name, or change it in an override file';
  faults.add('compose/conflict', { in: own, step: name, atKey: true }, message, remedy);
}
