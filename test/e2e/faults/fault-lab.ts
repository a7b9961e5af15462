import { type DeploymentLab, type DeploymentLabOptions, startDeploymentLab } from '../../lab/deployment-lab.ts';
import { crashLoopImage, healthyImage, sleeperImage } from '../../lab/image-kinds.ts';
import { checkedState, type Look, type ProjectState } from './project-state.ts';
import { record } from './record.ts';

/** A state of the project: everything in it differs between two of them. */
export type Version = 'one' | 'two' | 'absent';

/** What is under way when a fault strikes. A `revert` is that of a version which never becomes healthy. */
export type Scenario = 'deploy' | 'first deploy' | 'revert' | 'rollback';

const images = {
  one: await healthyImage('one', 'v1'),
  two: await healthyImage('two', 'v2'),
  sick: await crashLoopImage(),
};
const sleeper = await sleeperImage();

/** What a machine needs of this machine's images to run the project in all its versions. */
export const faultImages: readonly string[] = [...Object.values(images), sleeper].map(({ reference }) => reference);

/** What the Compose file writes for the image of a version. */
type References = Readonly<Record<keyof typeof images, string>>;

const ownReferences: References = {
  one: images.one.reference,
  two: images.two.reference,
  sick: images.sick.reference,
};

/**
 * Everything that can be old or new: an image, a variable, a mounted file, and a file that the application may write. A machine
 * that does much else fails a health check now and then.
 */
function project(version: keyof typeof images, references: References): Readonly<Record<string, string>> {
  const check = version === 'sick' ? '' : '\n    healthcheck: { interval: 300ms, retries: 20 }';
  return {
    'compose.yaml': `services:
  web:
    image: ${references[version]}${check}
    volumes: ["./page.txt:/page.txt:ro", "./data:/data"]
  gate:
    image: ${sleeper.reference}
    environment: { VERSION: "${version}" }
    healthcheck: { test: [CMD, "true"], interval: 300ms, retries: 20 }
    depends_on: { web: { condition: ${version === 'sick' ? 'service_started' : 'service_healthy'} } }
`,
    'page.txt': `${version}\n`,
    'data/tracked.txt': `${version}\n`,
  };
}

/** Quick to go back by itself, and patient with a machine that does much else. */
const health = '  deadline: 30s\n  stability: 500ms\n  confirmTimeout: 10s\n';

export interface FaultLabOptions extends Omit<DeploymentLabOptions, 'files'> {
  /** Images of a registry in the place of those that the host has already. */
  readonly references?: Partial<References>;
}

/** A lab whose project is in one version, and about to be in another one when a fault strikes. */
export class FaultLab implements AsyncDisposable {
  readonly lab: DeploymentLab;
  readonly #references: References;
  #old: Version = 'absent';
  #next: 'one' | 'two' | 'sick' = 'one';
  #oldRelease = '';

  private constructor(lab: DeploymentLab, references: References) {
    this.lab = lab;
    this.#references = references;
  }

  static async start({ references, ...options }: FaultLabOptions = {}): Promise<FaultLab> {
    const all = { ...ownReferences, ...references };
    return new FaultLab(await startDeploymentLab({ health, ...options, files: project('one', all) }), all);
  }

  /** Brings about what comes before `scenario`, so that the next deployment is it. */
  async before(scenario: Scenario): Promise<void> {
    if (scenario === 'first deploy') await this.#forget();
    else if (this.#old === 'absent') await this.#deployed('one');
    // What it goes back to has been there before.
    if (scenario === 'rollback' && this.#old === 'one') await this.#deployed('two');
    this.#oldRelease = await this.lab.current();
    const other = this.#old === 'one' ? 'two' : 'one';
    await this.#commit(scenario === 'revert' ? 'sick' : other);
  }

  /** Commits the version that the newest commit is not of. */
  async commitOther(): Promise<void> {
    await this.#commit(this.#next === 'one' ? 'two' : 'one');
  }

  /** What the host is in now, looked at from outside; `otherwise` says why. What is now becomes the old state. */
  async ended(look: Look = {}): Promise<Pick<ProjectState, 'seen'> & { readonly state: 'old' | 'new' | 'otherwise' }> {
    const found = await checkedState(this.lab, look);
    const { version, seen } = found;
    if (version === this.#old && found.release === this.#oldRelease) return { state: 'old', seen };
    if (version !== this.#next || version === 'sick' || found.release === this.#oldRelease)
      return { state: 'otherwise', seen };
    this.#old = version;
    return { state: 'new', seen };
  }

  /** Looks at the state after a fault, notes it for the table, and returns it. `since` is when the fault struck, by `performance.now()`. */
  async struck(fault: string, during: Scenario, since: number, look: Look = {}): Promise<string> {
    const ms = performance.now() - since;
    const { state, seen } = await this.ended(look);
    record({ fault, during, ended: state, ms, ...(state === 'otherwise' && { seen }) });
    return state === 'otherwise' ? `otherwise: ${seen}` : state;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.lab[Symbol.asyncDispose]();
  }

  async #deployed(version: 'one' | 'two'): Promise<void> {
    await this.#commit(version);
    const { outputs, log } = await this.lab.deploy();
    if (outputs['outcome'] !== 'deployed') throw new Error(`The state before the fault was not reached:\n${log}`);
    this.#old = version;
  }

  async #commit(version: 'one' | 'two' | 'sick'): Promise<void> {
    await this.lab.commit(project(version, this.#references));
    this.#next = version;
  }

  async #forget(): Promise<void> {
    await this.lab.removeStack(this.lab.project);
    await this.lab.sh(`rm -rf '${this.lab.folder}'`);
    this.#old = 'absent';
  }
}
