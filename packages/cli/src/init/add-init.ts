import { type Command, Option } from 'commander';
import type { Screen } from '../terminal-reporter.ts';
import type { InitOptions } from './options.ts';

const DESCRIPTION = 'write a repository for a host, from questions or flags';
const EXAMPLE = `
Without a terminal nothing is asked: --host, --user and --host-key-fingerprint (or --known-hosts) are needed then.
Files that exist are never overwritten, and the host is not changed.

  gitops init --host docker.example.com --user gitops --compose ~/shop
`;

/** Adds `gitops init` to the command line. */
export function addInit(root: Command, screen: Screen, end: { code: number }): void {
  const command = root.command('init').description(DESCRIPTION).addHelpText('after', EXAMPLE);
  addPlaceFlags(command);
  addContentFlags(command);
  addManner(command).action(async (options: InitOptions) => {
    // Loaded when needed: no other command should start slower for it.
    const { initCommand } = await import(/* webpackMode: "eager" */ './init-command.ts');
    end.code = await initCommand(options, screen);
  });
}

function addPlaceFlags(command: Command): Command {
  return command
    .option('-C, --directory <path>', 'folder to write to; need not exist', '.')
    .option('--name <name>', 'name of the repository; default: that of the folder')
    .option('--environment <name>', 'default: production')
    .option('--host <name>', 'host name or address of the Docker host')
    .option('--port <number>', 'port of its SSH server; default: 22')
    .option('--user <name>', 'SSH user, who may use Docker')
    .option('--state-dir <path>', 'folder for releases on the host; default: /var/lib/gitops')
    .option('-i, --identity <file>', 'private key; default as for deploy')
    .addOption(
      new Option('--host-key-fingerprint <SHA256:…>', 'pin the host key that has this fingerprint').conflicts(
        'knownHosts',
      ),
    )
    .option('--known-hosts <file>', 'pin the keys that this file has for the host');
}

function addContentFlags(command: Command): Command {
  const collect = (path: string, before: readonly string[] = []) => [...before, path];
  return command
    .option('--compose <path>', 'existing Compose file, or its folder, to copy')
    .addOption(new Option('--starter', 'write a small Compose file instead').conflicts('compose'))
    .option('--copy <path>', 'a writable mount that holds configuration, to copy too; repeatable', collect)
    .option('--project <name>', 'Compose project; default: as Compose names existing files, else <name>-<environment>')
    .option('--stack-folder <path>', "folder of the Compose file within the environment's; default: .")
    .option('--owner <account>', 'account on GitHub that holds gitops-coordinator')
    .option('--ref <ref>', 'its tag, branch or commit', 'v1');
}

function addManner(command: Command): Command {
  return command
    .option('--commit', 'commit the files; default: if the repository has no commit yet')
    .option('--no-commit', 'leave the commit to you')
    .option('--offline', 'do not connect: needs --known-hosts; neither checks nor plan')
    .option('-y, --yes', 'take the defaults; accepts no host key')
    .option('--json', 'print the result as JSON and ask nothing');
}
