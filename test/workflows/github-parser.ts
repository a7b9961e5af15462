import { registerHooks } from 'node:module';

// The parser imports its schemas without `with { type: 'json' }`, which Node refuses; so they are marked on their way in.
const hooks = registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    return specifier.endsWith('-v1.0.min.json') ? { ...resolved, importAttributes: { type: 'json' } } : resolved;
  },
});
const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = await import('@actions/workflow-parser');
const { parseAction } = await import('@actions/workflow-parser/actions/action-parser');
const { convertActionTemplate } = await import('@actions/workflow-parser/actions/action-template');
hooks.deregister();

/** What GitHub itself would say of a workflow before it runs it: every error with its line and column. */
export async function workflowErrors(path: string, content: string): Promise<readonly string[]> {
  const { context, value } = parseWorkflow({ name: path, content }, new NoOperationTraceWriter());
  if (value) await convertWorkflowTemplate(context, value);
  return context.errors.getErrors().map(({ message }) => message);
}

/** The same for an `action.yml`. */
export function actionErrors(path: string, content: string): readonly string[] {
  const { context, value } = parseAction({ name: path, content }, new NoOperationTraceWriter());
  if (value) convertActionTemplate(context, value);
  return context.errors.getErrors().map(({ message }) => message);
}
