export { ActionsReporter } from './actions-reporter.ts';
export { type DeployInputs, readDeployInputs } from './inputs.ts';
export { DEPLOY_OUTPUTS, type DeployOutput, setOutputs } from './outputs.ts';
export { isLeftUnfinished, noteBegun, noteEnded } from './post.ts';
export { failStep, isScheduled, runActor, writeResultFile, writeSummary } from './step.ts';
export { withoutCommands } from './without-commands.ts';
