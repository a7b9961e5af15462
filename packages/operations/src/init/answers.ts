/** What `init` was told or asked: everything that the files of a new repository depend on. */
export interface InitAnswers {
  /** Root of the repository; it need not exist. */
  readonly directory: string;
  readonly name: string;
  readonly environment: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly stateDir: string;
  /** The Compose project. */
  readonly project: string;
  /** Folder of the Compose file, relative to the environment's folder; `.` is that folder itself. */
  readonly stackFolder: string;
  /** A Compose file, or the folder of one, to copy; empty for a starter. */
  readonly compose: string;
  /** Writable mounts of it that hold configuration and are copied too. */
  readonly copy: readonly string[];
  /** The account on GitHub that holds gitops-coordinator; empty if nobody said. */
  readonly owner: string;
  /** A tag, branch or commit of it. */
  readonly ref: string;
  /** Pushes to it deploy. */
  readonly branch: string;
}

/** Where the environment's files lie, relative to the root. */
export function environmentFolder({ environment }: Pick<InitAnswers, 'environment'>): string {
  return `environments/${environment}`;
}

/** The project's name where `environment.yml` names no stack. */
export function defaultProject({ name, environment }: Pick<InitAnswers, 'name' | 'environment'>): string {
  return `${name}-${environment}`;
}
