import type { QueryOutcome } from "../../functions";
import type { Watch } from "../../queries";
import { type AddQuery, ProtocolError } from "./client-messages";
import { formatModification, formatRemoval } from "./server-messages";

interface Subscription {
  query: AddQuery;
  watch: Watch;
  /** The outcome that the client has, or null before the first answer. */
  sent: QueryOutcome | null;
  /** The outcome as of the newest commit, where it is known already. */
  fresh: QueryOutcome | null;
}

/** So few are brought up together, however long it takes: changes that come all the time must not keep them back. */
const TOGETHER_MAX = 100;

type OpenWatch = (query: AddQuery, journal: string | null, onDirty: () => void) => Watch;

/** The subscriptions of a socket, and which of them have changes that its client lacks. */
export class QuerySet {
  readonly #subscriptions = new Map<number, Subscription>();
  readonly #dirty = new Set<Subscription>();
  /** The dirty ones whose outcome is not known as of the newest commit. */
  readonly #stale = new Set<Subscription>();
  #removed: number[] = [];
  readonly #open: OpenWatch;
  readonly #onChange: () => void;

  /** @param onChange called whenever there is something to send. */
  constructor(open: OpenWatch, onChange: () => void) {
    this.#open = open;
    this.#onChange = onChange;
  }

  get changed(): boolean {
    return this.#dirty.size > 0 || this.#removed.length > 0;
  }

  /** @throws ProtocolError when the id is taken. */
  add(query: AddQuery): void {
    if (this.#subscriptions.has(query.queryId)) throw new ProtocolError(`Query ${query.queryId} was added twice`);
    this.#watch(query, null);
  }

  /** @throws ProtocolError when there is no such query. */
  remove(queryId: number): void {
    const subscription = this.#subscriptions.get(queryId);
    if (subscription === undefined) throw new ProtocolError(`Query ${queryId} was removed but never added`);
    this.#drop(subscription);
    this.#removed.push(queryId);
  }

  /** Runs every query with the session's new identity; an outcome that stays the same is not sent again. */
  rewatch(): void {
    for (const subscription of [...this.#subscriptions.values()]) {
      this.#drop(subscription);
      this.#watch(subscription.query, subscription.sent);
    }
  }

  /**
   * Brings what changed up to the newest commit, as far as there is time until `deadline`. → false when some is left.
   * Many that change all the time may never be done.
   */
  refresh(deadline: number): boolean {
    if (this.#dirty.size <= TOGETHER_MAX) return true;
    for (const subscription of this.#stale) {
      subscription.fresh = subscription.watch.refresh();
      this.#stale.delete(subscription);
      if (performance.now() > deadline) return false;
    }
    return true;
  }

  /**
   * Brings what changed up to the newest commit and forgets that it changed.
   * @param visible what the client may see of an outcome.
   * @returns the modifications of a transition as JSON text, separated by commas; empty when all is as before.
   */
  takeModifications(visible: (outcome: QueryOutcome) => QueryOutcome): string {
    let text = "";
    for (const queryId of this.#removed) text += (text === "" ? "" : ",") + formatRemoval(queryId);
    for (const subscription of this.#dirty) {
      const outcome = visible(subscription.fresh ?? subscription.watch.refresh());
      subscription.fresh = null;
      if (subscription.sent !== null && isSameAnswer(subscription.sent, outcome)) continue;
      subscription.sent = outcome;
      text += (text === "" ? "" : ",") + formatModification(subscription.query.queryId, outcome);
    }
    this.#dirty.clear();
    this.#stale.clear();
    this.#removed = [];
    return text;
  }

  close(): void {
    for (const subscription of this.#subscriptions.values()) subscription.watch.close();
    this.#subscriptions.clear();
    this.#dirty.clear();
    this.#stale.clear();
  }

  #watch(query: AddQuery, sent: QueryOutcome | null): void {
    const watch = this.#open(query, sent?.journal ?? query.journal, () => {
      subscription.fresh = null;
      this.#note(subscription);
      this.#onChange();
    });
    const subscription: Subscription = { query, watch, sent, fresh: null };
    this.#subscriptions.set(query.queryId, subscription);
    this.#note(subscription);
  }

  #note(subscription: Subscription): void {
    this.#dirty.add(subscription);
    this.#stale.add(subscription);
  }

  #drop(subscription: Subscription): void {
    subscription.watch.close();
    this.#subscriptions.delete(subscription.query.queryId);
    this.#dirty.delete(subscription);
    this.#stale.delete(subscription);
  }
}

function isSameAnswer(a: QueryOutcome, b: QueryOutcome): boolean {
  if (a === b) return true;
  if (
    a.journal !== b.journal ||
    a.logLines.length !== b.logLines.length ||
    a.logLines.some((line, i) => line !== b.logLines[i])
  )
    return false;
  if (a.ok) return b.ok && a.value === b.value;
  return !b.ok && a.errorMessage === b.errorMessage && a.errorData === b.errorData;
}
