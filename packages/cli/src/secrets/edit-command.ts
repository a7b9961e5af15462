import { readFile } from 'node:fs/promises';
import { GitopsError } from '@gitops/core';
import { decryptSops, inspectSops, reencryptSops, SopsError, type SopsFormat } from '@gitops/secrets';
import { EXIT_DONE } from '../exit-code.ts';
import type { Screen } from '../terminal-reporter.ts';
import { ageKeys } from './age-keys.ts';
import { editorOf, runEditor } from './editor.ts';
import { keepUnsaved } from './keep-unsaved.ts';
import { PlaintextFolder } from './plaintext-folder.ts';
import { naming, probeReplacing, readSecretsFile, replaceFile } from './secrets-file.ts';

/** What an edit needs of the machine and of the person. */
export interface EditSurroundings {
  readonly env: NodeJS.ProcessEnv;
  /** Ends the edit. */
  readonly signal: AbortSignal;
  /** Tells what is wrong and asks whether to edit again. */
  askAgain(why: string): Promise<boolean>;
}

/** A decrypted file on the way through the editor. */
interface Edit {
  readonly file: string;
  /** As it was encrypted before. */
  readonly text: string;
  readonly content: Buffer;
  readonly keys: readonly string[];
  /** Where it lies in clear. */
  readonly path: string;
}

/**
 * `gitops secrets edit`: decrypts a file into a folder that nobody else can enter, lets the person edit it, and encrypts it with
 * the same key. However that ends, nothing is left in clear, and what was written is not lost.
 */
export async function editCommand(file: string, screen: Screen, surroundings: EditSurroundings): Promise<number> {
  const text = (await readSecretsFile(file)).toString();
  const keys = await ageKeys(surroundings.env);
  const { content, format } = await naming(file, () => decryptSops(text, keys)).catch((error: unknown) => {
    throw error instanceof SopsError && error.code === 'sops-not-encrypted' ? notSops(file, error) : error;
  });
  await probeReplacing(file);
  await using folder = await PlaintextFolder.make();
  const path = await folder.write(NAMES[format], content);
  const edit: Edit = { file, text, content, keys, path };
  const encrypted = await keepingUnsaved(edit, surroundings.env, () => editUntilValid(edit, surroundings));
  screen.write(encrypted === undefined ? `${file}: nothing changed\n` : `${file}: encrypted again\n`);
  return EXIT_DONE;
}

/** A file in clear that somebody wants to edit need not be a secret at all. */
function notSops(file: string, cause: SopsError): GitopsError {
  return new GitopsError(cause.code, {
    attempted: `edit ${file}`,
    seen: 'this is no SOPS file',
    remedy: `edit it with your editor, or encrypt it first: \`gitops secrets encrypt ${file}\``,
    cause,
  });
}

/** Editors go by the name. */
const NAMES: Readonly<Record<SopsFormat, string>> = {
  dotenv: 'secrets.env',
  yaml: 'secrets.yaml',
  json: 'secrets.json',
  binary: 'secrets.txt',
};

/** The file as it was encrypted again and written, or undefined if nothing changed. */
async function editUntilValid(edit: Edit, surroundings: EditSurroundings): Promise<string | undefined> {
  for (;;) {
    await runEditor(editorOf(surroundings.env), edit.path, surroundings.signal);
    const edited = await readFile(edit.path);
    if (edited.equals(edit.content)) return undefined;
    try {
      return await save(edit, edited);
    } catch (error) {
      if (!(error instanceof SopsError) || !(await surroundings.askAgain(error.message))) throw error;
    }
  }
}

async function save({ file, text, keys }: Edit, edited: Buffer): Promise<string> {
  const encrypted = await naming(file, () => reencryptSops(text, edited, keys));
  if ((await readSecretsFile(file)).toString() !== text) throw changedMeanwhile(file);
  await replaceFile(file, encrypted);
  return encrypted;
}

/** Whatever keeps an edit from being saved, what was written is put beside the file, encrypted. */
async function keepingUnsaved<Value>(edit: Edit, env: NodeJS.ProcessEnv, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    const edited = await readFile(edit.path).catch(() => edit.content);
    if (edited.equals(edit.content)) throw error;
    const recipients = inspectSops(edit.text).recipients.map(({ recipient }) => recipient);
    throw unsaved(edit.file, await keepUnsaved(edit.file, edited, recipients, env), error);
  }
}

function unsaved(file: string, kept: string, cause: unknown): GitopsError {
  const why = cause instanceof GitopsError ? cause.seen : String(cause);
  return new GitopsError(cause instanceof GitopsError ? cause.code : 'not-saved', {
    attempted: `save the edit of ${file}`,
    seen: `${why}; the file is as it was`,
    remedy: `what you wrote is in ${kept}, encrypted: \`gitops secrets decrypt ${kept}\``,
    cause,
  });
}

function changedMeanwhile(file: string): GitopsError {
  return new GitopsError('input', {
    attempted: `save ${file}`,
    seen: 'somebody else changed it while you edited it',
    remedy: 'edit it again',
  });
}
