import { editCommand } from '../edit-command.ts';
import { editSurroundings } from '../edit-surroundings.ts';

/** `gitops secrets edit` alone, as a process of its own that can be sent signals. */
const [file = ''] = process.argv.slice(2);
try {
  await editCommand(file, process.stdout, editSurroundings());
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
process.exit();
