export { ALL_RULES } from './all-rules.ts';
export { checkTargets, type TargetCheckRequest, type TargetChecks } from './check-targets.ts';
export { planReport } from './plan-report.ts';
export {
  type PlannedEnvironment,
  type TargetsRequest,
  updateBaseline,
  type ValidationReport,
  validate,
  validationFile,
} from './validate.ts';
