import * as v from 'valibot';
import { isRecord } from './record-text.ts';

const text = v.fallback(v.string(), '');
const count = v.fallback(v.number(), 0);
const Frame = { n: count, prev: text, at: text };
const Holder = v.fallback(v.looseObject({ holder: text, reason: text, commit: text }), {
  holder: '',
  reason: '',
  commit: '',
});
/** What is not whole is no approval. */
const Approval = v.fallback(
  v.optional(v.looseObject({ pull: v.number(), by: v.array(v.string()), others: v.optional(v.number()) })),
  undefined,
);
const Evidence = v.fallback(v.array(v.looseObject({ subject: text, verdict: text, seen: text })), []);
const Changes = v.fallback(v.array(v.looseObject({ address: text, action: text, cause: text })), []);

/** The kinds of records. More may come: one that is not known is kept as it is. */
const Known = v.variant('kind', [
  v.looseObject({
    ...Frame,
    kind: v.literal('lease'),
    event: text,
    fence: count,
    from: v.optional(v.number()),
    purpose: v.optional(v.string()),
    by: v.optional(Holder),
  }),
  v.looseObject({
    ...Frame,
    kind: v.literal('begun'),
    transaction: count,
    by: text,
    commit: text,
    dirty: v.optional(v.boolean()),
    planHash: text,
    release: text,
    previousRelease: text,
    adopted: v.optional(v.string()),
    approval: Approval,
    breakGlass: v.optional(text),
    changes: Changes,
  }),
  v.looseObject({
    ...Frame,
    kind: v.literal('ended'),
    transaction: count,
    state: text,
    why: text,
    release: text,
    current: text,
    verdict: v.optional(v.string()),
    evidence: v.optional(Evidence),
  }),
  v.looseObject({ ...Frame, kind: v.literal('recovered'), transaction: count, fence: count, state: text }),
  v.looseObject({ ...Frame, kind: v.literal('alias'), release: text, commit: text, by: text }),
  v.looseObject({
    ...Frame,
    kind: v.literal('hold'),
    event: text,
    commit: v.optional(v.string()),
    commits: v.optional(v.array(text)),
    by: text,
    why: text,
  }),
  v.looseObject({ ...Frame, kind: v.literal('torn'), bytes: count }),
]);
const Any = v.looseObject({ ...Frame, kind: text });
const Line = v.pipe(v.string(), v.check(isRecord), v.parseJson(), Any);

export type KnownRecord = v.InferOutput<typeof Known>;
export type AuditRecord = v.InferOutput<typeof Any>;

/** One line of an audit trail as data; `undefined` if it is none. */
export function parseRecord(line: string): AuditRecord | undefined {
  const parsed = v.safeParse(Line, line);
  return parsed.success ? parsed.output : undefined;
}

/** The record by its kind, if this version knows it. */
export function knownRecord(record: AuditRecord): KnownRecord | undefined {
  const parsed = v.safeParse(Known, record);
  return parsed.success ? parsed.output : undefined;
}
