import { runCommand } from './command.ts';

/** A computer on which the lab runs programs past SSH. */
export interface Machine {
  /** Runs a program to its end and returns its standard output without the last line break. */
  run(argv: readonly string[], options?: MachineCommandOptions): Promise<string>;
}

/** `input` goes to the program's standard input; without `user` it runs as the one who may do everything. */
export interface MachineCommandOptions {
  readonly input?: string | Uint8Array | undefined;
  readonly user?: string;
}

/** The computer that the tests run on. It has one user: whoever runs them. */
export const thisMachine: Machine = {
  run: ([program = '', ...args], { input } = {}) => runCommand(program, args, input === undefined ? {} : { input }),
};
