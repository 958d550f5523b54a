import type { Outcome } from "../functions";
import type { Identity } from "../identity";
import type { Commit, Metrics, ReadSet } from "../transactions";
import { AnswerTree } from "./answer-tree";
import {
  type Entry,
  type Execution,
  chooseIdentityKey,
  type NestedCall,
  makeEntry,
  type Slot,
  type Watcher,
} from "./cache-entries";
import type { Callee } from "./callee";
import { EntryRegistry } from "./entry-registry";

/** The parts of a cache key. */
export interface QueryName {
  component: string;
  identifier: string;
  argsText: string;
  journal: string | null;
}

/** The result of a run, ready for the cache. */
export interface Ran {
  outcome: Outcome;
  reads: ReadSet;
  calls: NestedCall[];
  cost: Partial<Metrics>;
  journal: string | null;
  /** By itself: what the queries it called saw is known of their entries. */
  sawIdentity: boolean;
  sawClock: boolean;
  /** False for failures that say nothing about the data (time limit). */
  keep: boolean;
}

const CLOCK_STALE_AFTER_MS = 1_000;
const ENTRY_OVERHEAD_BYTES = 600;

/** Entries by the slots that name them, bounded by their size, and kept valid by the registry. */
export class QueryCache {
  readonly #slots = new Map<string, Slot>();
  readonly #registry = new EntryRegistry();
  /** Entries that are in slots, oldest first. Eviction is second-chance, so that a hit costs no reordering. */
  readonly #kept = new Set<Entry>();
  #bytes = 0;
  readonly #limitBytes: number;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  static makeKey(component: string, identifier: string, argsText: string, journal: string | null): string {
    return `${component}\n${identifier}\n${journal ?? ""}\n${argsText}`;
  }

  /** A valid entry for this caller; `oneOff` refuses results that saw the clock more than a second ago. */
  find(key: string, identity: Identity | null, oneOff: boolean): Entry | null {
    const slot = this.#slots.get(key);
    if (!slot) return null;
    const entry = slot.shared ?? slot.byIdentity?.get(identity?.key ?? "") ?? null;
    if (!entry || !entry.valid) return null;
    const { sawClock, ranAtMs } = entry.execution;
    if (oneOff && sawClock && Date.now() - ranAtMs > CLOCK_STALE_AFTER_MS) return null;
    entry.used = true;
    return entry;
  }

  /**
   * An execution that is in force for others and is for this caller, whose calls `answer` answers; see `AnswerTree`.
   */
  findShared<Found extends { value: string }>(key: string, answer: (query: Callee) => Found | null) {
    return this.#slots.get(key)?.byAnswers.find(answer) ?? null;
  }

  /** Puts an execution in force for one more caller, for whom its calls are answered by `inner`. */
  share(key: string, execution: Execution, identity: Identity | null, inner: Entry[]): Entry {
    const entry = makeEntry(execution, ENTRY_OVERHEAD_BYTES, chooseIdentityKey(false, inner, identity), inner);
    this.#registry.add(entry);
    this.#put(key, entry);
    this.#evict();
    return entry;
  }

  /** Keeps a result under the key it was asked for, and under the key its journal makes. */
  store(query: QueryName, identity: Identity | null, ran: Ran): Entry {
    const { component, identifier, argsText, journal } = query;
    const keys = [QueryCache.makeKey(component, identifier, argsText, journal)];
    if (ran.journal !== null && ran.journal !== journal)
      keys.push(QueryCache.makeKey(component, identifier, argsText, ran.journal));
    const text = ran.outcome.ok ? ran.outcome.value : ran.outcome.errorMessage;
    const execution: Execution = {
      outcome: ran.outcome,
      journal: ran.journal ?? journal,
      ranAtMs: Date.now(),
      sawClock: ran.sawClock,
      reads: ran.reads,
      calls: ran.calls,
      cost: ran.cost,
      entries: new Set(),
      withdraw: null,
    };
    const inner = ran.calls.map((call) => call.entry);
    const bytes = ENTRY_OVERHEAD_BYTES + 2 * (text.length + argsText.length);
    const entry = makeEntry(execution, bytes, chooseIdentityKey(ran.sawIdentity, inner, identity), inner);
    if (ran.keep) {
      this.#registry.add(entry);
      for (const key of keys) this.#put(key, entry);
      const forOthers = inner.length > 0 && !ran.sawIdentity && !ran.sawClock && execution.journal === null;
      if (forOthers)
        execution.withdraw = this.#slots.get(keys[0] as string)?.byAnswers.add(execution.calls, execution) ?? null;
      this.#evict();
    }
    return entry;
  }

  /** Right after the entry was found or stored, before any commit. */
  attach(entry: Entry, watcher: Watcher): void {
    entry.watchers.add(watcher);
    this.#registry.add(entry);
  }

  detach(entry: Entry, watcher: Watcher): void {
    entry.watchers.delete(watcher);
    this.#registry.removeUnheld(entry);
  }

  /** Drops the entries that the commits touched. @returns their watchers, each once. */
  invalidate(commits: Commit[]): Watcher[] {
    const invalidated: Watcher[] = [];
    for (const commit of commits)
      for (const { entries } of this.#registry.findTouched(commit.writes))
        for (const entry of [...entries]) this.#drop(entry, invalidated);
    return invalidated;
  }

  /** The code or the environment changed: nothing is valid any more. @returns all watchers. */
  clear(): Watcher[] {
    const invalidated: Watcher[] = [];
    for (const entry of this.#registry.list()) this.#drop(entry, invalidated);
    return invalidated;
  }

  get bytes(): number {
    return this.#bytes;
  }

  #drop(entry: Entry, invalidated: Watcher[]): void {
    if (!entry.valid) return;
    entry.valid = false;
    for (const outer of [...entry.outer]) this.#drop(outer, invalidated);
    this.#unslot(entry);
    this.#registry.remove(entry);
    for (const watcher of entry.watchers) invalidated.push(watcher);
  }

  #put(key: string, entry: Entry): void {
    let slot = this.#slots.get(key);
    if (!slot) this.#slots.set(key, (slot = { key, shared: null, byIdentity: null, byAnswers: new AnswerTree() }));
    const replaced = entry.identityKey === null ? slot.shared : (slot.byIdentity?.get(entry.identityKey) ?? null);
    if (replaced) this.#leave(replaced, slot);
    if (entry.identityKey === null) {
      slot.shared = entry;
    } else {
      // A shared result of an earlier run says nothing about this function any more: it looked at the identity now.
      if (slot.shared) this.#leave(slot.shared, slot);
      slot = this.#slots.get(key) ?? slot;
      this.#slots.set(key, slot);
      (slot.byIdentity ??= new Map()).set(entry.identityKey, entry);
    }
    if (!this.#slots.has(key)) this.#slots.set(key, slot);
    if (entry.slots.length === 0) {
      this.#bytes += entry.bytes;
      this.#kept.add(entry);
    }
    entry.slots.push(slot);
  }

  /** Takes the entry out of one slot; it is removed when that was the last one and it has no watchers. */
  #leave(entry: Entry, slot: Slot): void {
    if (slot.shared === entry) slot.shared = null;
    if (entry.identityKey !== null && slot.byIdentity?.get(entry.identityKey) === entry)
      slot.byIdentity.delete(entry.identityKey);
    if (slot.shared === null && !slot.byIdentity?.size) this.#slots.delete(slot.key);
    const at = entry.slots.indexOf(slot);
    if (at >= 0) entry.slots.splice(at, 1);
    if (entry.slots.length > 0) return;
    this.#bytes -= entry.bytes;
    this.#kept.delete(entry);
    this.#registry.removeUnheld(entry);
  }

  #unslot(entry: Entry): void {
    for (const slot of [...entry.slots]) this.#leave(entry, slot);
  }

  #evict(): void {
    if (this.#bytes <= this.#limitBytes) return;
    let rounds = 2 * this.#kept.size;
    for (const entry of this.#kept) {
      if (this.#bytes <= this.#limitBytes || rounds-- === 0) return;
      if (entry.watchers.size === 0 && !entry.used) {
        this.#unslot(entry);
        continue;
      }
      entry.used = false;
      this.#kept.delete(entry);
      this.#kept.add(entry);
    }
  }
}
