/**
 * Query results, shared by everyone whose answer must be equal: one-off calls and watches alike.
 *
 * An *entry* is one execution's result with what it read. It is valid until a commit touches that. A *slot* is what a
 * caller names: function, arguments, journal. It holds one shared entry, or one for each identity when the function
 * looked at who is asking. Watches keep an entry alive after its slot has moved on.
 */
import type { Commit, Identity, Outcome, ReadSet } from "../types";
import { IntervalIndex } from "../data/ranges";

export interface Entry {
  outcome: Outcome;
  /** The journal a re-run continues from; null for queries that do not paginate. */
  journal: string | null;
  valid: boolean;
  /** ms since the epoch; a result that looked at the clock or at chance is old for one-off calls after a second. */
  ranAtMs: number;
  sawClock: boolean;
  bytes: number;
  reads: ReadSet;
  /** Found since the last look for something to evict. */
  used: boolean;
  /** Whether commits are checked against `reads`. */
  registered: boolean;
  slots: Slot[];
  identityKey: string | null;
  watchers: Set<Watcher>;
}

export interface Watcher {
  /** The entry it shows became invalid. */
  invalidated(): void;
}

interface Slot {
  key: string;
  shared: Entry | null;
  byIdentity: Map<string, Entry> | null;
}

/** What a run produced, ready to be kept. */
export interface Ran {
  outcome: Outcome;
  reads: ReadSet;
  journal: string | null;
  sawIdentity: boolean;
  sawClock: boolean;
  /** False for failures that say nothing about the data (time limit). */
  keep: boolean;
}

const clockStaleAfterMs = 1_000;
const entryOverheadBytes = 600;

export class QueryCache {
  readonly #slots = new Map<string, Slot>();
  readonly #reads = new IntervalIndex<Entry>();
  readonly #registered = new Set<Entry>();
  /** Entries that are in slots, oldest first. What was used gets a second round, so that a hit costs no reordering. */
  readonly #kept = new Set<Entry>();
  #bytes = 0;
  readonly #limitBytes: number;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  static key(component: string, identifier: string, argsText: string, journal: string | null): string {
    return `${component}\n${identifier}\n${journal ?? ""}\n${argsText}`;
  }

  /** A valid entry for this caller; `oneOff` refuses results that saw the clock more than a second ago. */
  find(key: string, identity: Identity | null, oneOff: boolean): Entry | null {
    const slot = this.#slots.get(key);
    if (!slot) return null;
    const entry = slot.shared ?? slot.byIdentity?.get(identity?.key ?? "") ?? null;
    if (!entry || !entry.valid) return null;
    if (oneOff && entry.sawClock && Date.now() - entry.ranAtMs > clockStaleAfterMs) return null;
    entry.used = true;
    return entry;
  }

  /** Keeps a result under the key it was asked for, and under the key its journal makes. */
  store(
    component: string,
    identifier: string,
    argsText: string,
    journal: string | null,
    identity: Identity | null,
    ran: Ran,
  ): Entry {
    const keys = [QueryCache.key(component, identifier, argsText, journal)];
    if (ran.journal !== null && ran.journal !== journal)
      keys.push(QueryCache.key(component, identifier, argsText, ran.journal));
    const text = ran.outcome.ok ? ran.outcome.value : ran.outcome.errorMessage;
    const entry: Entry = {
      outcome: ran.outcome,
      journal: ran.journal ?? journal,
      valid: true,
      ranAtMs: Date.now(),
      sawClock: ran.sawClock,
      bytes: entryOverheadBytes + 2 * (text.length + argsText.length),
      reads: ran.reads,
      used: false,
      registered: false,
      slots: [],
      identityKey: ran.sawIdentity ? (identity?.key ?? "") : null,
      watchers: new Set(),
    };
    if (ran.keep) {
      this.#register(entry);
      for (const key of keys) this.#put(key, entry);
      this.#evict();
    }
    return entry;
  }

  /** Right after the entry was found or stored, before any commit. */
  attach(entry: Entry, watcher: Watcher): void {
    entry.watchers.add(watcher);
    this.#register(entry);
  }

  detach(entry: Entry, watcher: Watcher): void {
    entry.watchers.delete(watcher);
    if (entry.watchers.size === 0 && entry.slots.length === 0) this.#unregister(entry);
  }

  /** Drops what the commits touched. @returns the watchers to tell, each once. */
  invalidate(commits: Commit[]): Watcher[] {
    const told: Watcher[] = [];
    for (const commit of commits) {
      for (const entry of this.#reads.stab(commit.writes)) this.#drop(entry, told);
    }
    return told;
  }

  /** The code or the environment changed: nothing is valid any more. @returns all watchers. */
  clear(): Watcher[] {
    const told: Watcher[] = [];
    for (const entry of [...this.#registered]) this.#drop(entry, told);
    return told;
  }

  get bytes(): number {
    return this.#bytes;
  }

  #drop(entry: Entry, told: Watcher[]): void {
    if (!entry.valid) return;
    entry.valid = false;
    this.#unslot(entry);
    this.#unregister(entry);
    for (const watcher of entry.watchers) told.push(watcher);
  }

  #put(key: string, entry: Entry): void {
    let slot = this.#slots.get(key);
    if (!slot) this.#slots.set(key, (slot = { key, shared: null, byIdentity: null }));
    const replaced =
      entry.identityKey === null ? slot.shared : (slot.byIdentity?.get(entry.identityKey) ?? null);
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

  /** Takes the entry out of one slot; it goes altogether when that was the last one and nobody watches. */
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
    if (entry.watchers.size === 0) this.#unregister(entry);
  }

  #register(entry: Entry): void {
    if (entry.registered || !entry.valid) return;
    entry.registered = true;
    this.#registered.add(entry);
    this.#reads.add(entry, entry.reads);
  }

  #unregister(entry: Entry): void {
    if (!entry.registered) return;
    entry.registered = false;
    this.#registered.delete(entry);
    this.#reads.remove(entry);
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
