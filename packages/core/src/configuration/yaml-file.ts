import { type Document, LineCounter, type ParsedNode, parseDocument, type Scalar, visit, type YAMLError } from 'yaml';
import type { Finding } from '../model.ts';
import { YamlValue } from './yaml-value.ts';

/** A place in a text file; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** One YAML document with the place of everything in it. */
export interface YamlFile {
  /** Relative to the root of the repository, with `/`. */
  readonly file: string;
  readonly text: string;
  /** Syntax errors, duplicate keys and aliases that lead nowhere. */
  readonly findings: readonly Finding[];
  /** The document; `undefined` if the findings leave nothing to read. */
  readonly root?: YamlValue;
  /** The document as plain data, with anchors and merge keys resolved. */
  readonly data: unknown;
  /** Every text as it is written, once, wherever aliases lead; without keys and without what carries `ignoredTag`. */
  texts(ignoredTag?: string): readonly YamlValue[];
  /** The place of a character of `text`. */
  positionAt(offset: number): Position;
}

/** Parses one YAML 1.2 document with merge keys (`<<`). Never throws; what is wrong with the text is in `findings`. */
export function parseYamlFile(file: string, text: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false });
  const positionAt = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const { data, failure } = toPlainData(document);
  const problems = [
    ...telling(document.errors.map((error) => syntaxProblem(error, text))),
    ...danglingAliases(document),
  ];
  if (failure !== undefined && problems.length === 0)
    problems.push(problem(0, 'yaml/alias', failure, 'use fewer aliases'));
  const findings = problems.map(({ offset, ...rest }) => ({ ...rest, file, ...positionAt(offset) }));
  const readable = problems.every(({ rule }) => rule === 'yaml/duplicate-key');
  const source = { document, positionAt };
  const texts = (ignoredTag?: string) => textNodes(document, ignoredTag).map((node) => new YamlValue(source, node));
  const base = { file, text, findings, data: readable ? data : undefined, texts, positionAt };
  return readable ? { ...base, root: new YamlValue(source, document.contents) } : base;
}

type Problem = Pick<Finding, 'rule' | 'severity' | 'message' | 'remedy'> & { readonly offset: number };

function problem(offset: number, rule: string, message: string, remedy: string): Problem {
  return { offset, rule, severity: 'error', message, remedy };
}

function syntaxProblem(error: YAMLError, text: string): Problem {
  const offset = error.pos[0];
  if (error.code === 'DUPLICATE_KEY') {
    const key = /^[^\s:]+/.exec(text.slice(offset))?.[0] ?? '';
    return problem(
      offset,
      'yaml/duplicate-key',
      `key \`${key}\` is written twice in the same mapping`,
      'remove one of the two',
    );
  }
  if (error.code === 'MULTIPLE_DOCS') {
    return problem(
      offset,
      'yaml/multiple-documents',
      'the file holds more than one document',
      'keep one YAML document in a file',
    );
  }
  return problem(offset, 'yaml/syntax', `invalid YAML: ${error.message}`, 'correct the YAML here');
}

/** Where a text is no YAML, each line after the first fault tends to be another one. */
function telling(problems: readonly Problem[]): readonly Problem[] {
  const first = problems.find(({ rule }) => rule === 'yaml/syntax');
  return first ? [first] : problems;
}

function danglingAliases(document: Document<ParsedNode>): Problem[] {
  const problems: Problem[] = [];
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document)) return;
      const remedy = `set the anchor \`&${alias.source}\` above this line`;
      problems.push(problem(alias.range?.[0] ?? 0, 'yaml/alias', `alias \`*${alias.source}\` has no anchor`, remedy));
    },
  });
  return problems;
}

function textNodes(document: Document<ParsedNode>, ignoredTag?: string): Scalar[] {
  const nodes: Scalar[] = [];
  visit(document, {
    Node: (_, node) => (ignoredTag !== undefined && node.tag === ignoredTag ? visit.SKIP : undefined),
    Scalar(key, node) {
      if (ignoredTag !== undefined && node.tag === ignoredTag) return;
      if (key !== 'key' && typeof node.value === 'string') nodes.push(node);
    },
  });
  return nodes;
}

/** `toJS` throws for aliases without anchor and for too many of them ("billion laughs"). */
function toPlainData(document: Document<ParsedNode>): { data?: unknown; failure?: string } {
  try {
    const data: unknown = document.toJS();
    return { data };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}
