import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type ParsedNode,
  parseDocument,
  type Scalar,
  type YAMLError,
} from 'yaml';
import type { Finding } from '../model.ts';
import { positionsIn } from './text-position.ts';
import { YamlValue } from './yaml-value.ts';
import { expandedSize, walkYaml } from './yaml-walk.ts';

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
  /** The document as the parser's own nodes, for who reads all of it. */
  readonly contents: unknown;
  /** What an alias stands for. */
  readonly behind: (alias: Alias) => unknown;
  /** The document as plain data, with anchors and merge keys resolved. */
  readonly data: unknown;
  /** Every text as it is written, once, wherever aliases lead; without keys and without what carries `ignoredTag`. */
  texts(ignoredTag?: string): readonly YamlValue[];
  /** The place of a character of `text`. */
  positionAt(offset: number): Position;
}

/** Parses one YAML 1.2 document with merge keys (`<<`). Never throws; what is wrong with the text is in `findings`. */
export function parseYamlFile(file: string, text: string): YamlFile {
  const document = parseDocument(text, { merge: true, prettyErrors: false });
  const positionAt = positionsIn(text);
  const aliases = text.includes('*') ? aliasesOf(document) : NO_ALIASES;
  const problems = [
    ...telling(document.errors.map((error) => syntaxProblem(error, text))),
    ...danglingAliases(aliases),
    ...excessiveAliases(document, aliases),
    ...(text.includes('<<') ? malformedMerges(document, aliases) : []),
  ];
  const findings = problems.map(({ offset, ...rest }) => ({ ...rest, file, ...positionAt(offset) }));
  const readable = problems.every(({ rule }) => rule === 'yaml/duplicate-key');
  const behind = (alias: Alias) => aliases.get(alias);
  const source = { behind, positionAt };
  return {
    file,
    text,
    findings,
    contents: document.contents,
    behind,
    positionAt,
    texts: (ignoredTag) => textNodes(document, ignoredTag).map((node) => new YamlValue(source, node)),
    get data(): unknown {
      return readable ? toPlainData(document).data : undefined;
    },
    ...(readable ? { root: new YamlValue(source, document.contents) } : {}),
  };
}

type Aliases = ReadonlyMap<Alias, Node | undefined>;

const NO_ALIASES: Aliases = new Map();

/** An alias stands for the last node above it that carries its anchor. */
function aliasesOf(document: Document<ParsedNode>): Aliases {
  const anchors = new Map<string, Node>();
  const aliases = new Map<Alias, Node | undefined>();
  walkYaml(document.contents, (node) => {
    if (isAlias(node)) aliases.set(node, anchors.get(node.source));
    else if (node.anchor !== undefined) anchors.set(node.anchor, node);
    return true;
  });
  return aliases;
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

function danglingAliases(aliases: Aliases): Problem[] {
  return [...aliases].flatMap(([{ source, range }, node]) => {
    if (node) return [];
    const remedy = `set the anchor \`&${source}\` above this line`;
    return [problem(range?.[0] ?? 0, 'yaml/alias', `alias \`*${source}\` has no anchor`, remedy)];
  });
}

function malformedMerges(document: Document<ParsedNode>, aliases: Aliases): Problem[] {
  const behind = (node: unknown) => (isAlias(node) ? aliases.get(node) : node);
  const problems: Problem[] = [];
  walkYaml(document.contents, (node) => {
    for (const { key, value } of isMap(node) ? node.items : []) {
      if (!isScalar(key) || typeof key.value !== 'symbol') continue;
      const source = behind(value);
      const sources = isSeq(source) ? source.items.map(behind) : [source];
      // An alias without anchor is a problem of its own.
      if (sources.every((one) => one === undefined || isMap(one))) continue;
      const remedy = 'write an alias of a mapping, e.g. `<<: *base`';
      problems.push(problem(key.range?.[0] ?? 0, 'yaml/syntax', '`<<` takes a mapping or a list of mappings', remedy));
    }
    return true;
  });
  return problems;
}

const MOST_NODES = 50_000;

/** A few aliases of aliases may stand for more than any memory holds ("billion laughs"), or for themselves. */
function excessiveAliases(document: Document<ParsedNode>, aliases: Aliases): Problem[] {
  if (aliases.size === 0 || expandedSize(document.contents, aliases) <= MOST_NODES) return [];
  return [problem(0, 'yaml/alias', 'the aliases stand for too much', 'use fewer aliases of aliases')];
}

function textNodes(document: Document<ParsedNode>, ignoredTag?: string): Scalar[] {
  const nodes: Scalar[] = [];
  walkYaml(document.contents, (node, isKey) => {
    if (ignoredTag !== undefined && node.tag === ignoredTag) return false;
    if (!isKey && isScalar(node) && typeof node.value === 'string') nodes.push(node);
    return true;
  });
  return nodes;
}

/** `toJS` throws for what no data can be made of. */
function toPlainData(document: Document<ParsedNode>): { data?: unknown; failure?: string } {
  try {
    const data: unknown = document.toJS({ maxAliasCount: -1 });
    return { data };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}
