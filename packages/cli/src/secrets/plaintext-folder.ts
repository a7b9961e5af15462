import { rmSync } from 'node:fs';
import { access, constants, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** In memory on Linux, so that nothing gets onto a disk. */
const MEMORY = '/dev/shm';

/** A folder for plaintext that only its owner can enter and that goes with whoever made it. */
export class PlaintextFolder implements AsyncDisposable {
  readonly path: string;
  readonly #removeAtExit: () => void;

  private constructor(path: string) {
    this.path = path;
    this.#removeAtExit = () => rmSync(path, { recursive: true, force: true });
    process.once('exit', this.#removeAtExit);
  }

  static async make(): Promise<PlaintextFolder> {
    const isInMemory = await access(MEMORY, constants.W_OK | constants.X_OK).then(
      () => true,
      () => false,
    );
    // Made with mode 0700.
    return new PlaintextFolder(await mkdtemp(join(isInMemory ? MEMORY : tmpdir(), 'gitops-secrets-')));
  }

  /** Writes a file that only its owner can read, and returns its path. */
  async write(name: string, content: Buffer): Promise<string> {
    const path = join(this.path, name);
    await writeFile(path, content, { flag: 'wx', mode: 0o600 });
    return path;
  }

  /** With whatever the editor left beside the file. */
  async [Symbol.asyncDispose](): Promise<void> {
    process.off('exit', this.#removeAtExit);
    await rm(this.path, { recursive: true, force: true });
  }
}
