import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import { truthy } from '@actions/expressions/result';

/** Values of `github`, `inputs`, `secrets` and so on, as an expression sees them. */
export type Contexts = Readonly<Record<string, unknown>>;

/**
 * Evaluates an expression with GitHub's own code, with or without `${{ }}` around it.
 * @throws ExpressionError for one that GitHub would refuse, also for a context that `contexts` lacks.
 */
export function evaluate(expression: string, contexts: Contexts): data.ExpressionData {
  const text = expression.replace(/^\s*\$\{\{(.*)\}\}\s*$/s, '$1');
  const tree = new Parser(new Lexer(text).lex().tokens, Object.keys(contexts), []).parse();
  return new Evaluator(tree, dictionary(contexts)).evaluate();
}

/** Replaces every `${{ }}` of a text, as GitHub does in `with:` and `concurrency.group`. */
export function interpolate(text: string, contexts: Contexts): string {
  return text.replace(/\$\{\{.*?\}\}/gs, (expression) => evaluate(expression, contexts).coerceString());
}

/** Whether a job with this `if:` runs. */
export function isTrue(condition: string, contexts: Contexts): boolean {
  return truthy(evaluate(condition, contexts));
}

function dictionary(contexts: Contexts): data.Dictionary {
  const read: unknown = JSON.parse(JSON.stringify(contexts), data.reviver);
  return read instanceof data.Dictionary ? read : new data.Dictionary();
}
