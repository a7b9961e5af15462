import { messageOf } from '@gitops/core';
import { Command, CommanderError, Option } from 'commander';
import {
  type AuditShowOptions,
  type AuditVerifyOptions,
  auditShowCommand,
  auditVerifyCommand,
} from './audit-command.ts';
import { type DeployOptions, deployCommand } from './deploy-command.ts';
import { EXIT_DONE, EXIT_USAGE, exitCodeOfError } from './exit-code.ts';
import { type ClearOptions, holdClearCommand, holdListCommand } from './hold-command.ts';
import { addInit } from './init/add-init.ts';
import {
  type AcquireOptions,
  lockAcquireCommand,
  lockReleaseCommand,
  lockShowCommand,
  type ReleaseOptions,
} from './lock-command.ts';
import { type PlanOptions, planCommand } from './plan-command.ts';
import { printed } from './printed.ts';
import { type RecoverOptions, recoverCommand } from './recover-command.ts';
import { addSecrets } from './secrets/add-secrets.ts';
import { historyCommand, type ReadOptions, statusCommand } from './status-command.ts';
import type { Screen } from './terminal-reporter.ts';
import { addValidate } from './validate-command.ts';

/** Runs `gitops` with these words and returns its exit code. */
export async function program(argv: readonly string[], screen: Screen): Promise<number> {
  const end = { code: EXIT_USAGE };
  const root = new Command('gitops')
    .description('Runs Docker Compose from git: plans, deploys, proves healthy, and goes back when it is not.')
    .exitOverride()
    .showHelpAfterError('(see --help)');
  addInit(root, screen, end);
  addDeploy(root, screen, end);
  addPlan(root, screen, end);
  addValidate(root, screen, end);
  addReaders(root, screen, end);
  addLock(root, screen, end);
  addHold(root, screen, end);
  addRecover(root, screen, end);
  addAudit(root, screen, end);
  addSecrets(root, screen, end);
  try {
    await root.parseAsync([...argv]);
    return end.code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_DONE : EXIT_USAGE;
    process.stderr.write(`${printed(messageOf(error))}\n`);
    return exitCodeOfError(error);
  }
}

const ADOPT_HELP = 'take over a running project that was not deployed from here';
const BREAK_GLASS_HELP = 'deploy without the approval that is required, for this reason, which goes on record';

/** What the command that ran made of it. */
export interface End {
  code: number;
}

function addDeploy(root: Command, screen: Screen, end: End): void {
  const onFailure = new Option('--on-failure <what>', 'what to do with an unhealthy state');
  command(root, 'deploy', 'deploy the checked-out commit to an environment')
    .option('--plan-hash <hash>', 'deploy only if the plan still has this hash')
    .option('--lock-wait <duration>', 'how long to wait for another run', '10m')
    .option('--adopt', ADOPT_HELP)
    .option('--break-glass <reason>', BREAK_GLASS_HELP)
    .addOption(onFailure.choices(['rollback', 'freeze']).default('rollback'))
    .action(async (environment: string, options: DeployOptions) => {
      end.code = await deployCommand(environment, options, screen);
    });
}

function addPlan(root: Command, screen: Screen, end: End): void {
  command(root, 'plan', 'say what a deployment would change, in one environment or in all', '[environment]')
    .option('--adopt', ADOPT_HELP)
    .action(async (environment: string | undefined, options: PlanOptions) => {
      end.code = await planCommand(environment, options, screen);
    });
}

function addReaders(root: Command, screen: Screen, end: End): void {
  command(root, 'status', 'say what is recorded and what runs').action(
    async (environment: string, options: ReadOptions) => {
      end.code = await statusCommand(environment, options, screen);
    },
  );
  command(root, 'history', 'list the releases on the host').action(
    async (environment: string, options: ReadOptions) => {
      end.code = await historyCommand(environment, options, screen);
    },
  );
}

const LOCK_WAIT = ['--lock-wait <duration>', 'how long to wait for a run that holds the lease'] as const;

function addLock(root: Command, screen: Screen, end: End): void {
  const lock = root.command('lock').description('say who may change the hosts, and keep everybody else from it');
  command(lock, 'show', 'say who holds the lease').action(async (environment: string, options: ReadOptions) => {
    end.code = await lockShowCommand(environment, options, screen);
  });
  command(lock, 'acquire', 'take the lease until you release it: every deployment is refused')
    .requiredOption('--reason <text>', 'why, for those who are refused')
    .option(...LOCK_WAIT, '0s')
    .action(async (environment: string, options: AcquireOptions) => {
      end.code = await lockAcquireCommand(environment, options, screen);
    });
  command(lock, 'release', 'release what a person has taken')
    .option('--reason <text>', 'why; needed if somebody else has taken it')
    .action(async (environment: string, options: ReleaseOptions) => {
      end.code = await lockReleaseCommand(environment, options, screen);
    });
}

function addHold(root: Command, screen: Screen, end: End): void {
  const hold = root
    .command('hold')
    .description('say which commits turned out unhealthy, so that schedules leave them alone');
  command(hold, 'list', 'list the commits that are held').action(async (environment: string, options: ReadOptions) => {
    end.code = await holdListCommand(environment, options, screen);
  });
  command(hold, 'clear', 'lift the hold of a commit, or of all where none is given')
    .argument('[commit]', 'the beginning of its id')
    .option('--reason <text>', 'why, for the audit trail')
    .option(...LOCK_WAIT, '1m')
    .action(async (environment: string, commit: string | undefined, options: ClearOptions) => {
      end.code = await holdClearCommand(environment, commit ?? '', options, screen);
    });
}

function addRecover(root: Command, screen: Screen, end: End): void {
  command(root, 'recover', 'bring what an earlier run left unfinished to a verified end')
    .option(...LOCK_WAIT, '1m')
    .action(async (environment: string, options: RecoverOptions) => {
      end.code = await recoverCommand(environment, options, screen);
    });
}

function addAudit(root: Command, screen: Screen, end: End): void {
  const audit = root.command('audit').description('say what was done on the hosts, and whether that record is whole');
  command(audit, 'show', 'tell what is recorded, newest last')
    .option('--limit <count>', 'so many of the newest records', '50')
    .action(async (environment: string, options: AuditShowOptions) => {
      end.code = await auditShowCommand(environment, options, screen);
    });
  command(audit, 'verify', 'check that no record was changed, removed or added in between')
    .addOption(headOption())
    .action(async (environment: string, options: AuditVerifyOptions) => {
      end.code = await auditVerifyCommand(environment, options, screen);
    });
}

function headOption(): Option {
  const help = 'a head that was kept elsewhere; with several targets `TARGET=HASH`, once for each';
  return new Option('--head <hash>', help).argParser((head: string, heads: readonly string[] = []) => [...heads, head]);
}

const IDENTITY_HELP =
  'private key, the only one to try; default: $GITOPS_SSH_KEY_FILE, else the ssh-agent and ~/.ssh/id_ed25519, id_ecdsa, id_rsa';

function command(root: Command, name: string, description: string, argument = '<environment>'): Command {
  return root
    .command(`${name} ${argument}`)
    .description(description)
    .option('-C, --directory <path>', 'folder that holds gitops.yml', '.')
    .option('-i, --identity <file>', IDENTITY_HELP)
    .option('--known-hosts <file>', "default: the environment's own file")
    .option('--json', 'print the result as JSON');
}
