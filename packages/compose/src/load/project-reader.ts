import { posix } from 'node:path';
import {
  type Finding,
  parseYamlFile,
  type RepositoryFile,
  type RepositoryView,
  type YamlFile,
  type YamlValue,
} from '@gitops/core';
import { pathIn } from './compose-files.ts';
import { readDotenv } from './dotenv.ts';
import type { Variables } from './interpolation.ts';
import { noMapping } from './no-mapping.ts';
import * as references from './references.ts';
import { findingAt, judgePlace, resolveReference } from './resolve-reference.ts';
import { unclearYaml } from './unclear-yaml.ts';
import { overlongFindings, sourceFindings, variableFindings } from './variable-findings.ts';

/** A set of Compose files that are read as one: the stack itself, or what an `include` names. */
export interface Project {
  /** Main file first, then overrides. */
  readonly files: readonly string[];
  /** What relative paths begin at. */
  readonly base: string;
  /** Where a missing variable is to be set. */
  readonly envFile: string;
  readonly variables: Variables;
  /** The files that say so, those that win over the others first. */
  readonly envTexts: readonly (readonly string[])[];
}

/** A reference as it was followed. */
export interface Followed {
  readonly reference: references.Reference;
  /** The folder that its path is relative to. */
  readonly base: string;
  /** What was found behind it in the repository. */
  readonly files: readonly RepositoryFile[];
}

/** Reads a stack's Compose files and all that they name, each file once for each way it is reached. */
export class ProjectReader {
  readonly findings: Finding[] = [];
  /** Files that Compose or a container needs, by path. */
  readonly files = new Map<string, RepositoryFile>();
  readonly services = new Set<string>();
  /** Every reference to a file or folder, in the order of reading. */
  readonly followed: Followed[] = [];
  readonly #view: RepositoryView;
  readonly #parsed = new Map<string, Promise<YamlFile>>();
  readonly #visited = new Set<string>();

  constructor(view: RepositoryView) {
    this.#view = view;
  }

  async readProject(project: Project): Promise<void> {
    for (const file of project.files) {
      if (this.#isVisited(project, file)) continue;
      const yaml = await this.parse(file);
      this.findings.push(...yaml.findings, ...unclearYaml(yaml), ...noMapping(yaml));
      this.files.set(file, { path: file, executable: false });
      if (yaml.root) await this.#readFile(yaml, yaml.root, project);
    }
  }

  /** A file of variables; those of `outer` win over its own. */
  async readEnvFile(path: string, outer: Variables): Promise<{ readonly text: string; readonly variables: Variables }> {
    const text = (await this.#view.read(path)).toString('utf8');
    const read = readDotenv(text, outer);
    this.findings.push(...overlongFindings(path, read));
    return { text, variables: read.variables };
  }

  /** The file as YAML; read once. */
  parse(file: string): Promise<YamlFile> {
    const parsing =
      this.#parsed.get(file) ?? this.#view.read(file).then((text) => parseYamlFile(file, text.toString('utf8')));
    this.#parsed.set(file, parsing);
    return parsing;
  }

  /** Every file that was parsed. */
  parsedFiles(): Promise<readonly YamlFile[]> {
    return Promise.all(this.#parsed.values());
  }

  async #readFile(yaml: YamlFile, root: YamlValue, project: Project): Promise<void> {
    this.findings.push(
      ...variableFindings(yaml, project.variables, project.envFile),
      ...sourceFindings(yaml, root, project.variables, project.envFile),
    );
    for (const reference of references.fileReferencesOf(root, project.variables)) {
      await this.#resolve(yaml, project, reference);
    }
    for (const [name, service] of root.get('services')?.entries ?? []) {
      this.services.add(name);
      await this.#readService(yaml, service, project);
    }
    for (const inclusion of references.inclusionsOf(root, project.variables)) {
      await this.#readInclusion(yaml, inclusion, project);
    }
  }

  async #readService(yaml: YamlFile, service: YamlValue, project: Project): Promise<void> {
    for (const reference of references.serviceReferencesOf(service, project.variables)) {
      await this.#resolve(yaml, project, reference);
    }
    const extension = references.extensionOf(service, project.variables);
    if (extension) await this.#readExtension(yaml, extension, project);
  }

  /** Of an extended file only the named service counts, with paths relative to that file; its variables all count. */
  async #readExtension(yaml: YamlFile, { file, service }: references.Extension, project: Project): Promise<void> {
    const path = file ? await this.#resolve(yaml, project, file) : yaml.file;
    if (path === undefined || this.#isVisited(project, path, service)) return;
    const extended = await this.parse(path);
    if (file) {
      const { variables, envFile } = project;
      this.findings.push(...extended.findings, ...unclearYaml(extended));
      this.findings.push(...variableFindings(extended, variables, envFile));
    }
    const base = file ? folderOf(path) : project.base;
    const found = extended.root?.at(['services', service]);
    if (found) await this.#readService(extended, found, { ...project, base });
  }

  async #readInclusion(yaml: YamlFile, inclusion: references.Inclusion, project: Project): Promise<void> {
    const files = await this.#resolveAll(yaml, project, inclusion.files);
    const base = this.#baseOf(yaml, inclusion, files[0], project);
    if (base === undefined) return;
    const envFiles =
      inclusion.envFiles.length > 0
        ? await this.#resolveAll(yaml, project, inclusion.envFiles)
        : await this.#ownEnvFile(base);
    const own = await Promise.all(envFiles.map((path) => this.readEnvFile(path, project.variables)));
    await this.readProject({
      files,
      base,
      // What is set outside wins over what the included project's own files say.
      variables: Object.assign({}, ...own.map(({ variables }) => variables), project.variables),
      envTexts: [...project.envTexts, own.map(({ text }) => text)],
      envFile: `${project.envFile} or ${envFiles[0] ?? pathIn(base, '.env')}`,
    });
  }

  /** What relative paths of an included project begin at; `undefined` if it is not in the repository. */
  #baseOf(
    yaml: YamlFile,
    { projectDirectory }: references.Inclusion,
    main: string | undefined,
    project: Project,
  ): string | undefined {
    if (!projectDirectory) return main === undefined ? undefined : folderOf(main);
    const place = judgePlace(projectDirectory, project);
    if (place.at === 'repository') return place.path;
    if (place.at === 'fault') this.findings.push(findingAt(yaml, projectDirectory, 'error', place.fault));
    return undefined;
  }

  async #ownEnvFile(base: string): Promise<string[]> {
    const path = pathIn(base, '.env');
    if ((await this.#view.stat(path)) !== 'file') return [];
    this.files.set(path, { path, executable: false });
    return [path];
  }

  async #resolveAll(yaml: YamlFile, project: Project, list: readonly references.Reference[]): Promise<string[]> {
    const paths = await Promise.all(list.map((reference) => this.#resolve(yaml, project, reference)));
    return paths.filter((path) => path !== undefined);
  }

  async #resolve(yaml: YamlFile, project: Project, reference: references.Reference): Promise<string | undefined> {
    const { path, files, findings } = await resolveReference(this.#view, yaml, project, reference);
    this.findings.push(...findings);
    this.followed.push({ reference, base: project.base, files });
    for (const file of files) this.files.set(file.path, file);
    return path;
  }

  /** The same words mean other files elsewhere, or with other variables. */
  #isVisited({ base, variables }: Project, ...words: readonly string[]): boolean {
    const key = JSON.stringify([base, variables, words]);
    const isVisited = this.#visited.has(key);
    this.#visited.add(key);
    return isVisited;
  }
}

function folderOf(file: string): string {
  const folder = posix.dirname(file);
  return folder === '.' ? '' : folder;
}
