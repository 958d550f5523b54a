/**
 * The newest commits' changes, from which a transaction as of an earlier time is made. They are kept only while
 * somebody has asked for a time to read at, so that other commits cost nothing.
 */
import { Change, Overlay } from "./overlay";

/** As long as the clients expect a time to be readable. */
const KEPT_MS = 30_000;
/** The text of the documents before and after, all told. */
const MAX_CHARACTERS = 64 * 1024 * 1024;

interface KeptCommit {
  ts: bigint;
  changes: Change[];
  characters: number;
}

export class RecentChanges {
  #commits: KeptCommit[] = [];
  #characters = 0;
  /** Times before this one cannot be read. */
  #oldest: bigint;
  /** When the last time that was asked for ends to be readable. */
  #keptUntilMs = 0;
  readonly #nowMs: () => number;

  constructor(newest: bigint, nowMs = () => performance.now()) {
    this.#oldest = newest;
    this.#nowMs = nowMs;
  }

  /** Keeps what changes from `newest` on, for a while. */
  keepFrom(newest: bigint): void {
    this.#expire(newest);
    this.#keptUntilMs = this.#nowMs() + KEPT_MS;
  }

  add(ts: bigint, changes: Change[]): void {
    this.#expire(ts);
    if (this.#keptUntilMs === 0) return void (this.#oldest = ts);
    const characters = changes.reduce((sum, { before, after }) => sum + measure(before) + measure(after), 0);
    this.#commits.push({ ts, changes, characters });
    this.#characters += characters;
    while (this.#characters > MAX_CHARACTERS) this.#dropFirst();
  }

  /** Nothing before `newest` can be read any more, since tables or schemas are others. */
  forget(newest: bigint): void {
    this.#commits = [];
    this.#characters = 0;
    this.#oldest = newest;
  }

  /** The writes that lead from the newest state back to that of `ts`; null when they are not known. */
  reverseTo(ts: bigint, newest: bigint): Overlay | null {
    this.#expire(newest);
    if (ts < this.#oldest || ts > newest) return null;
    const overlay = new Overlay();
    for (let at = this.#commits.length - 1; at >= 0 && this.#commits[at]!.ts > ts; at--)
      for (const { table, internalId, before, after } of this.#commits[at]!.changes) {
        const newer = overlay.get(table.id, internalId.toString("latin1"));
        overlay.set(new Change(table, internalId, newer ? newer.before : after, before));
      }
    return overlay;
  }

  #expire(newest: bigint): void {
    if (this.#keptUntilMs === 0 || this.#nowMs() < this.#keptUntilMs) return;
    this.#keptUntilMs = 0;
    this.forget(newest);
  }

  #dropFirst(): void {
    const first = this.#commits.shift()!;
    this.#characters -= first.characters;
    this.#oldest = first.ts;
  }
}

const measure = (document: { text: string } | null): number => document?.text.length ?? 0;
