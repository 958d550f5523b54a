/**
 * Query results, shared by everyone whose answer must be equal: one-off calls and watches alike.
 *
 * An *execution* is one run: its result, what it read itself, and what the queries it called answered. An *entry* is an
 * execution that holds for one caller, together with the entries of those queries (`inner`). It is valid until a commit
 * touches what either read. A *slot* is what a caller names: function, arguments, journal. It holds one shared entry,
 * or one for each identity when a run looked at the caller's identity. Watches, and entries that depend on it, keep an
 * entry alive after its slot has moved on.
 */
import type { Outcome } from "../functions";
import type { Identity } from "../identity";
import type { Metrics, ReadSet } from "../transactions";
import type { AnswerTree } from "./answer-tree";
import type { Callee } from "./callee";

export interface Execution {
  readonly outcome: Outcome;
  /** The journal a re-run continues from; null for queries that do not paginate. */
  readonly journal: string | null;
  /** ms since the epoch; a result that looked at the clock or at chance is old for one-off calls after a second. */
  readonly ranAtMs: number;
  readonly sawClock: boolean;
  readonly reads: ReadSet;
  /** The queries it called, in order, each with what it answered. */
  readonly calls: NestedCall[];
  /** Its own reads and those of the queries it called: they count against the caller's limits. */
  readonly cost: Partial<Metrics>;
  /** The registered entries it is in force for. Commits are checked against `reads` while there are any. */
  readonly entries: Set<Entry>;
  /** Ends that other callers find it by its answers; null while none do. */
  withdraw: (() => void) | null;
}

/** A call of a query by a query, and what answered it. */
export interface NestedCall {
  readonly query: Callee;
  readonly value: string;
  readonly entry: Entry;
}

export interface Entry {
  readonly execution: Execution;
  valid: boolean;
  readonly bytes: number;
  /** Found since the last pass of the eviction: gets a second chance. */
  used: boolean;
  /** Whether commits invalidate it, through its execution and the entries it depends on. */
  registered: boolean;
  readonly slots: Slot[];
  readonly identityKey: string | null;
  readonly watchers: Set<Watcher>;
  readonly inner: Entry[];
  /** The entries that depend on this one. */
  readonly outer: Set<Entry>;
}

export interface Watcher {
  /** The entry it shows became invalid. */
  invalidated(): void;
}

export interface Slot {
  key: string;
  shared: Entry | null;
  byIdentity: Map<string, Entry> | null;
  /** Executions that hold for other callers too, if the queries they called have the same answers for them. */
  readonly byAnswers: AnswerTree<Execution>;
}

export const chooseIdentityKey = (sawIdentity: boolean, inner: Entry[], identity: Identity | null): string | null =>
  sawIdentity || inner.some(({ identityKey }) => identityKey !== null) ? (identity?.key ?? "") : null;

export const makeEntry = (execution: Execution, bytes: number, identityKey: string | null, inner: Entry[]): Entry => ({
  execution,
  valid: true,
  bytes,
  used: false,
  registered: false,
  slots: [],
  identityKey,
  watchers: new Set(),
  inner,
  outer: new Set(),
});
