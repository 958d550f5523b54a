"use node";

import { sql, type SQL } from "drizzle-orm";
import { type CompletePayload, type Delivery, type Outcome } from "../../payload";
import { DELIVERY_TIMEOUT_MS, redact } from "../../rules";
import type { Database } from "./connect";
import * as Statements from "./statements";
import { findDriverError, isUnreachable } from "./errors";
import { businessCards } from "./schema";
import { DIMENSIONS, type Xp } from "../../../xp/amounts";

type Transaction = Parameters<Parameters<Database["transaction"]>[0]>[0];

/**
 * Writes the entries in their order, all in one transaction and as many as possible with each statement. What the
 * database refuses is written again in halves, down to the entries that it refuses alone, which take none of the others
 * with them. Returns one outcome per delivery. Throws when the store fails as a whole; then nothing is written.
 *
 * Writing an entry again changes nothing, an entry older than what is stored changes nothing, and corrected totals
 * replace those of the session while the user's totals move by the difference (focus/README.md §5.3).
 */
export async function writeBatch(db: Database, deliveries: Delivery[], secrets: string[]): Promise<Outcome[]> {
  const deadline = Date.now() + DELIVERY_TIMEOUT_MS;
  const outcomes: Outcome[] = deliveries.map(() => ({ kind: "skipped" }));
  const heldUp = new Set<string>();
  await db.transaction(async (transaction) => {
    const write = async (indexes: number[]): Promise<void> => {
      const left = indexes.filter((index) => !heldUp.has(deliveries[index]!.payload.sessionId));
      if (left.length === 0 || Date.now() > deadline) return;
      try {
        await transaction.transaction((savepoint) =>
          writeInTurn(
            savepoint,
            left.map((index) => deliveries[index]!),
          ),
        );
        for (const index of left) outcomes[index] = { kind: "delivered" };
      } catch (error) {
        if (isUnreachable(error) && !(error instanceof RefusedEntry)) throw error;
        const [first, ...others] = left;
        if (others.length > 0) {
          const middle = Math.ceil(left.length / 2);
          await write(left.slice(0, middle));
          await write(left.slice(middle));
        } else if (first !== undefined) {
          heldUp.add(deliveries[first]!.payload.sessionId);
          outcomes[first] = { kind: "failed", error: redact(findDriverError(error), secrets), cause: "rejected" };
        }
      }
    };
    await write(deliveries.map((_, index) => index));
  });
  return outcomes;
}

class RefusedEntry extends Error {}

/** The first entries of all sessions together, then the second ones, and so on. */
async function writeInTurn(tx: Transaction, entries: Delivery[]): Promise<void> {
  const turns: Delivery[][] = [];
  const seen = new Map<string, number>();
  for (const entry of entries) {
    const turn = seen.get(entry.payload.sessionId) ?? 0;
    seen.set(entry.payload.sessionId, turn + 1);
    (turns[turn] ??= []).push(entry);
  }
  for (const turn of turns) await writeTogether(tx, turn);
}

/** Writes entries of as many sessions. */
async function writeTogether(tx: Transaction, entries: Delivery[]): Promise<void> {
  await tx.execute(Statements.insertUsers(entries));
  await tx.execute(Statements.upsertGoals(entries));
  await tx.execute(Statements.upsertActivities(entries));
  const inserted = await listIds(tx, Statements.insertSessions(entries), "id");
  const known = entries.filter(({ payload }) => !inserted.has(payload.sessionId));
  const changed = known.length === 0 ? [] : await updateSessions(tx, known);
  const ended = entries.filter(isEnd).filter(({ payload }) => inserted.has(payload.sessionId));
  await writeLedger(tx, ended, changed);
}

type End = { sequence: number; payload: CompletePayload };
const isEnd = <E extends Statements.Entry>(entry: E): entry is E & End => entry.payload.kind === "complete";

async function listIds(tx: Transaction, statement: SQL, column: string): Promise<Set<unknown>> {
  const { rows } = await tx.execute(statement);
  return new Set(rows.map((row) => row[column]));
}

/**
 * Locks the rows that are there already and gives them their ends; returns the entries that had something to change.
 */
async function updateSessions(tx: Transaction, entries: Delivery[]): Promise<End[]> {
  const { rows } = await tx.execute<{ id: string; user_id: string; sync_sequence: string }>(
    Statements.lockSessions(entries),
  );
  const stored = new Map(rows.map((row) => [row.id, row]));
  const changed: End[] = [];
  for (const entry of entries) {
    const row = stored.get(entry.payload.sessionId);
    if (row === undefined) throw new RefusedEntry("The session was deleted while it was written.");
    if (row.user_id !== entry.payload.userId.toLowerCase())
      throw new RefusedEntry("The session belongs to another user.");
    if (isEnd(entry) && Number(row.sync_sequence) <= entry.sequence) changed.push(entry);
  }
  if (changed.length > 0) await tx.execute(Statements.updateSessions(changed));
  return changed;
}

/**
 * Called with the sessions' rows locked, so that nobody else moves their entries. New sessions have none yet.
 *
 * @param known ends of sessions that were there before
 */
async function writeLedger(tx: Transaction, fresh: End[], known: End[]): Promise<void> {
  const before = known.length === 0 ? new Map<string, Xp>() : await toLedger(tx, known);
  const moved = [...fresh, ...known].flatMap(({ payload: { sessionId, userId, xp } }) => {
    const old = before.get(sessionId);
    if (old !== undefined && DIMENSIONS.every((name) => old[name] === xp[name])) return [];
    const difference = Object.fromEntries(DIMENSIONS.map((name) => [name, xp[name] - (old?.[name] ?? 0)])) as Xp;
    return [{ id: sessionId, userId: userId.toLowerCase(), xp, difference }];
  });
  if (moved.length === 0) return;
  await tx.execute(Statements.upsertLedger(moved));
  const differences = moved.map(({ id, userId, difference }) => ({ id, userId, xp: difference }));
  if (new Set(differences.map(({ userId }) => userId)).size > 1) await tx.execute(Statements.lockLevels(differences));
  const users = await listIds(tx, Statements.moveLevels(differences), "user_id");
  const first = differences.filter(({ userId }) => !users.has(userId));
  if (first.length > 0) await tx.execute(Statements.insertLevels(first));
}

async function toLedger(tx: Transaction, ends: End[]): Promise<Map<string, Xp>> {
  const { rows } = await tx.execute<{ session_id: string } & Record<`xp_${keyof Xp}`, string>>(
    Statements.selectLedger(ends.map(({ payload }) => payload.sessionId)),
  );
  return new Map(
    rows.map((row) => [
      row.session_id,
      Object.fromEntries(DIMENSIONS.map((name) => [name, Number(row[`xp_${name}`])])) as Xp,
    ]),
  );
}

export type CardRow = Omit<typeof businessCards.$inferInsert, "createdAt" | "updatedAt">;

/** Writes cards by token; a token that is there gets the new fields. All of them or, on an error, none. */
export async function writeBusinessCards(db: Database, cards: CardRow[]): Promise<void> {
  await db.transaction(async (tx) => {
    for (const card of cards) {
      const { token: _token, ...fields } = card;
      await tx
        .insert(businessCards)
        .values(card)
        .onConflictDoUpdate({ target: businessCards.token, set: { ...fields, updatedAt: sql`now()` } });
    }
  });
}
