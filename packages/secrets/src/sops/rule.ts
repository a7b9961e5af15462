import { expression } from './expression.ts';

/** Which values of a file are encrypted. At most one of the first four is set; a part of a path that fits decides. */
export interface SopsRule {
  readonly unencryptedSuffix?: string;
  readonly encryptedSuffix?: string;
  readonly unencryptedRegex?: string;
  readonly encryptedRegex?: string;
  readonly unencryptedCommentRegex?: string;
  readonly encryptedCommentRegex?: string;
  /** The MAC covers encrypted values alone: the others can be changed by anybody. */
  readonly macOnlyEncrypted: boolean;
}

/** What SOPS leaves unencrypted where no rule says otherwise. */
export const DEFAULT_UNENCRYPTED_SUFFIX = '_unencrypted';

/** A leaf as far as the rule looks at it. */
interface RuledLeaf {
  readonly path: readonly (string | number)[];
  readonly comments: readonly (readonly string[])[];
  readonly isComment: boolean;
}

/**
 * Whether SOPS encrypts a value or comment. The path is that of the value, for comments that of the map or list they
 * stand in; indexes of lists do not count.
 */
export function isRuledEncrypted(rule: SopsRule, leaf: RuledLeaf): boolean {
  const names = leaf.path.filter((part) => typeof part === 'string');
  return byComment(rule, leaf, byPath(rule, names));
}

function byPath(rule: SopsRule, names: readonly string[]): boolean {
  const ends = (suffix: string) => names.some((name) => name.endsWith(suffix));
  const fits = (regex: string) => names.some((name) => expression(regex).test(name));
  let isEncrypted = true;
  if (rule.unencryptedSuffix && ends(rule.unencryptedSuffix)) isEncrypted = false;
  if (rule.encryptedSuffix) isEncrypted = ends(rule.encryptedSuffix);
  if (rule.unencryptedRegex && fits(rule.unencryptedRegex)) isEncrypted = false;
  if (rule.encryptedRegex) isEncrypted = fits(rule.encryptedRegex);
  return isEncrypted;
}

function byComment(rule: SopsRule, { comments, isComment }: RuledLeaf, isEncrypted: boolean): boolean {
  const all = comments.flat();
  if (rule.encryptedCommentRegex) {
    // A comment that asks for encryption is not encrypted itself, or nobody could read the request.
    const others = isComment ? all.slice(0, -1) : all;
    return others.some((text) => expression(rule.encryptedCommentRegex ?? '').test(text));
  }
  if (rule.unencryptedCommentRegex && all.some((text) => expression(rule.unencryptedCommentRegex ?? '').test(text)))
    return false;
  return isEncrypted;
}
