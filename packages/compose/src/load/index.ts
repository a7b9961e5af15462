export { type DeclaredStack, type LoadedStack, loadStack, type PositionOf } from './load-stack.ts';
export { type ProjectPart, type ProjectSurvey, pickComposeFiles, surveyProject } from './survey-project.ts';
