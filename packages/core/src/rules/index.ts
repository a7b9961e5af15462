export { CONFIG_RULES } from './config-rules.ts';
export { judgeFindings, type RuleLevel, type RuleLevels, ruleLevelFindings } from './rule-levels.ts';
