export { CONFIG_RULES } from './config-rules.ts';
export { errorRule, fixedRule, infoRule, warningRule } from './rule.ts';
export { judgeFindings, type RuleLevel, type RuleLevels, ruleLevelFindings } from './rule-levels.ts';
