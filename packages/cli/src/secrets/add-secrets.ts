import { type Command, Option } from 'commander';
import type { End } from '../program.ts';
import type { Screen } from '../terminal-reporter.ts';
import type { CheckOptions } from './check-command.ts';
import type { DecryptOptions } from './decrypt-command.ts';
import type { EncryptOptions } from './encrypt-command.ts';

const KEYS = `
Keys: SOPS_AGE_KEY, the file SOPS_AGE_KEY_FILE, and $XDG_CONFIG_HOME/sops/age/keys.txt (~/.config/sops/age/keys.txt).
`;

/** Adds `gitops secrets` to the command line. The commands are loaded when needed: no other one should start slower for them. */
export function addSecrets(root: Command, screen: Screen, end: End): void {
  const secrets = root.command('secrets').description('check, edit, encrypt and decrypt files of SOPS');
  addCheck(secrets, screen, end);
  addEdit(secrets, screen, end);
  addEncrypt(secrets, screen, end);
  addDecrypt(secrets, end);
}

function addCheck(secrets: Command, screen: Screen, end: End): void {
  secrets
    .command('check')
    .description('say whether files are whole and encrypted; with a key also whether somebody changed them')
    .argument('[what...]', 'files, or environments; default: all environments')
    .option('-C, --directory <path>', 'folder that holds gitops.yml', '.')
    .option('--sops', 'let the program sops open what age cannot, with the key services that the files name')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', KEYS)
    .action(async (what: readonly string[], options: CheckOptions) => {
      const { checkCommand } = await import(/* webpackMode: "eager" */ './check-command.ts');
      end.code = await checkCommand(what, options, screen);
    });
}

function addEdit(secrets: Command, screen: Screen, end: End): void {
  secrets
    .command('edit <file>')
    .description('edit an encrypted file in $SOPS_EDITOR, $EDITOR or vi')
    .addHelpText('after', KEYS)
    .action(async (file: string) => {
      const [{ editCommand }, { editSurroundings }] = await Promise.all([
        import(/* webpackMode: "eager" */ './edit-command.ts'),
        import(/* webpackMode: "eager" */ './edit-surroundings.ts'),
      ]);
      end.code = await editCommand(file, screen, editSurroundings());
    });
}

const FORMATS = ['dotenv', 'yaml', 'json', 'binary'] as const;

function addEncrypt(secrets: Command, screen: Screen, end: End): void {
  const collect = (recipient: string, before: readonly string[] = []) => [...before, recipient];
  secrets
    .command('encrypt <file>')
    .description('encrypt a file in place')
    .option('-o, --output <path>', 'write the encrypted file there, and leave the other as it is')
    .option('-r, --recipient <age1…>', 'who can decrypt it, repeatable; default: the rule of .sops.yaml', collect)
    .addOption(new Option('--format <format>', 'default: by the name').choices(FORMATS))
    .option('--force', 'write over an output that is encrypted already')
    .option('--json', 'print the result as JSON')
    .action(async (file: string, options: EncryptOptions) => {
      const { encryptCommand } = await import(/* webpackMode: "eager" */ './encrypt-command.ts');
      end.code = await encryptCommand(file, options, screen);
    });
}

function addDecrypt(secrets: Command, end: End): void {
  secrets
    .command('decrypt <file>')
    .description('print a file decrypted')
    .option('-o, --output <path>', 'write it there instead, for yourself alone; not where git would commit it')
    .addHelpText('after', KEYS)
    .action(async (file: string, options: DecryptOptions) => {
      const { decryptCommand } = await import(/* webpackMode: "eager" */ './decrypt-command.ts');
      end.code = await decryptCommand(file, options, process.stdout);
    });
}
