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
import { parseDotenv } from './dotenv.ts';
import type { Variables } from './interpolation.ts';
import * as references from './references.ts';
import { resolveReference } from './resolve-reference.ts';
import { sourceFindings, variableFindings } from './variable-findings.ts';

/** A set of Compose files that are read as one: the stack itself, or what an `include` names. */
export interface Project {
  /** Main file first, then overrides. */
  readonly files: readonly string[];
  /** What relative paths begin at. */
  readonly base: string;
  /** Where a missing variable is to be set. */
  readonly envFile: string;
  readonly variables: Variables;
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
      if (this.#isVisited('project', file, project.base)) continue;
      const yaml = await this.parse(file);
      this.findings.push(...yaml.findings, ...emptyFileFinding(yaml));
      this.files.set(file, { path: file, executable: false });
      if (yaml.root) await this.#readFile(yaml, yaml.root, project);
    }
  }

  /** The file as YAML; read once. */
  parse(file: string): Promise<YamlFile> {
    const parsing =
      this.#parsed.get(file) ?? this.#view.read(file).then((text) => parseYamlFile(file, text.toString('utf8')));
    this.#parsed.set(file, parsing);
    return parsing;
  }

  async #readFile(yaml: YamlFile, root: YamlValue, project: Project): Promise<void> {
    this.findings.push(
      ...variableFindings(yaml, project.variables, project.envFile),
      ...sourceFindings(yaml, root, project.variables, project.envFile),
    );
    for (const reference of references.fileReferencesOf(root, project.variables)) {
      await this.#resolve(yaml, project.base, reference);
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
      await this.#resolve(yaml, project.base, reference);
    }
    const extension = references.extensionOf(service, project.variables);
    if (extension) await this.#readExtension(yaml, extension, project);
  }

  /** Of an extended file only the named service counts, with paths relative to that file; its variables all count. */
  async #readExtension(yaml: YamlFile, { file, service }: references.Extension, project: Project): Promise<void> {
    const path = file ? await this.#resolve(yaml, project.base, file) : yaml.file;
    if (path === undefined || this.#isVisited('extends', path, service)) return;
    const extended = await this.parse(path);
    if (file)
      this.findings.push(...extended.findings, ...variableFindings(extended, project.variables, project.envFile));
    const base = file ? folderOf(path) : project.base;
    const found = extended.root?.at(['services', service]);
    if (found) await this.#readService(extended, found, { ...project, base });
  }

  async #readInclusion(yaml: YamlFile, inclusion: references.Inclusion, project: Project): Promise<void> {
    const files = await this.#resolveAll(yaml, project.base, inclusion.files);
    const [main] = files;
    if (main === undefined) return;
    const base = this.#baseOf(inclusion, main, project);
    const envFiles =
      inclusion.envFiles.length > 0
        ? await this.#resolveAll(yaml, project.base, inclusion.envFiles)
        : await this.#ownEnvFile(base);
    const variables = await this.#withEnvFiles(envFiles, project.variables);
    await this.readProject({
      files,
      base,
      variables,
      envFile: `${project.envFile} or ${envFiles[0] ?? pathIn(base, '.env')}`,
    });
  }

  #baseOf({ projectDirectory }: references.Inclusion, main: string, project: Project): string {
    if (!projectDirectory) return folderOf(main);
    const base = posix.join(project.base, projectDirectory.path).replace(/\/$/, '');
    return base === '.' ? '' : base;
  }

  async #ownEnvFile(base: string): Promise<string[]> {
    const path = pathIn(base, '.env');
    if ((await this.#view.stat(path)) !== 'file') return [];
    this.files.set(path, { path, executable: false });
    return [path];
  }

  /** What is set outside wins over what the included project's own files say. */
  async #withEnvFiles(envFiles: readonly string[], outer: Variables): Promise<Variables> {
    const texts = await Promise.all(envFiles.map((path) => this.#view.read(path)));
    const own = texts.map((text) => parseDotenv(text.toString('utf8'), outer));
    return Object.assign({}, ...own, outer);
  }

  async #resolveAll(yaml: YamlFile, base: string, list: readonly references.Reference[]): Promise<string[]> {
    const paths = await Promise.all(list.map((reference) => this.#resolve(yaml, base, reference)));
    return paths.filter((path) => path !== undefined);
  }

  async #resolve(yaml: YamlFile, base: string, reference: references.Reference): Promise<string | undefined> {
    const { path, files, findings } = await resolveReference(this.#view, yaml, base, reference);
    this.findings.push(...findings);
    this.followed.push({ reference, base, files });
    for (const file of files) this.files.set(file.path, file);
    return path;
  }

  #isVisited(...words: readonly string[]): boolean {
    const key = words.join('\0');
    const isVisited = this.#visited.has(key);
    this.#visited.add(key);
    return isVisited;
  }
}

function folderOf(file: string): string {
  const folder = posix.dirname(file);
  return folder === '.' ? '' : folder;
}

function emptyFileFinding(yaml: YamlFile): Finding[] {
  if (!yaml.root || yaml.root.isMapping) return [];
  const remedy = 'write a mapping with `services:`';
  const finding = {
    rule: 'compose/not-a-mapping',
    message: 'the file is no Compose file',
    remedy,
    ...yaml.root.position,
  };
  return [{ ...finding, severity: 'error', file: yaml.file }];
}
