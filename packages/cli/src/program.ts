import { Command, CommanderError, Option } from 'commander';
import { deployCommand } from './deploy-command.ts';
import { EXIT_FAILED, EXIT_USAGE } from './exit-code.ts';
import { historyCommand, statusCommand } from './status-command.ts';
import type { Screen } from './terminal-reporter.ts';

/** Runs `gitops` with these words and returns its exit code. */
export async function program(argv: readonly string[], screen: Screen): Promise<number> {
  let code = EXIT_USAGE;
  const root = new Command('gitops')
    .description(
      'Runs Docker Compose environments from git: plans, deploys, proves healthy, and goes back when it is not.',
    )
    .exitOverride()
    .showHelpAfterError('(see --help)');
  const finish = (work: Promise<number>) => work.then((value) => void (code = value));
  command(root, 'deploy', 'deploy the checked-out commit to an environment')
    .option('--plan-hash <hash>', 'deploy only if the plan still has this hash', '')
    .option('--lock-wait <duration>', 'how long to wait for another run', '10m')
    .addOption(
      new Option('--on-failure <what>', 'what to do with an unhealthy state')
        .choices(['rollback', 'freeze'])
        .default('rollback'),
    )
    .action((environment, options) => finish(deployCommand('apply', environment, options, screen)));
  command(root, 'plan', 'say what a deployment would change')
    .option('--lock-wait <duration>', 'unused: a plan takes no lease', '10m')
    .action((environment, options) => finish(deployCommand('plan', environment, options, screen)));
  command(root, 'status', 'say what is recorded and what runs').action((environment, options) =>
    finish(statusCommand(environment, options, screen)),
  );
  command(root, 'history', 'list the releases on the host').action((environment, options) =>
    finish(historyCommand(environment, options, screen)),
  );
  try {
    await root.parseAsync([...argv]);
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
    screen.write(`${error instanceof Error ? error.message : error}\n`);
    return EXIT_FAILED;
  }
}

function command(root: Command, name: string, description: string): Command {
  return root
    .command(`${name} <environment>`)
    .description(description)
    .option('-C, --directory <path>', 'folder that holds gitops.yml', '.')
    .option(
      '-i, --identity <file>',
      'private key; default: $GITOPS_SSH_KEY_FILE, ~/.ssh/id_ed25519, ~/.ssh/id_ecdsa, ~/.ssh/id_rsa',
    )
    .option('--known-hosts <file>', "default: the environment's own file")
    .option('--json', 'print the result as JSON', false);
}
