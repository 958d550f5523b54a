"use node";

import { eq, sql } from "drizzle-orm";
import {
  DIMENSIONS,
  statusOf,
  xpTotal,
  type CompletePayload,
  type Delivery,
  type Outcome,
  type StorePayload,
  type Xp,
} from "../payload";
import { DELIVERY_TIMEOUT_MS, redact } from "../rules";
import type { Database } from "./connect";
import { driverError, isUnreachable } from "./errors";
import { activities, businessCards, goals, lifeLevels, sessions, users, xpLedger } from "./schema";

type Transaction = Parameters<Parameters<Database["transaction"]>[0]>[0];

/**
 * Writes the entries in their order, all in one transaction, each in a savepoint of its own, so that one that the
 * database refuses takes none of the others with it. Returns one outcome per delivery. Throws when the store fails as a
 * whole; then nothing is written.
 *
 * Writing an entry again changes nothing, an entry older than what is stored changes nothing, and corrected totals
 * replace those of the session while the user's totals move by the difference (contracts §5.3).
 */
export async function writeBatch(
  db: Database,
  deliveries: Delivery[],
  secrets: string[],
): Promise<Outcome[]> {
  const deadline = Date.now() + DELIVERY_TIMEOUT_MS;
  return await db.transaction(async (transaction) => {
    const heldUp = new Set<string>();
    const outcomes: Outcome[] = [];
    for (const { sequence, payload } of deliveries) {
      if (heldUp.has(payload.sessionId) || Date.now() > deadline) {
        outcomes.push({ kind: "skipped" });
        continue;
      }
      try {
        await transaction.transaction((savepoint) => writeEntry(savepoint, sequence, payload));
        outcomes.push({ kind: "delivered" });
      } catch (error) {
        if (isUnreachable(error) && !(error instanceof RefusedEntry)) throw error;
        heldUp.add(payload.sessionId);
        outcomes.push({ kind: "failed", error: redact(driverError(error), secrets), cause: "rejected" });
      }
    }
    return outcomes;
  });
}

class RefusedEntry extends Error {}

async function writeEntry(tx: Transaction, sequence: number, payload: StorePayload): Promise<void> {
  await writeReferences(tx, sequence, payload);
  const row = sessionRow(sequence, payload);
  const inserted = await tx.insert(sessions).values(row).onConflictDoNothing().returning({ id: sessions.id });
  const isNew = inserted.length > 0;
  if (!isNew && !(await updateSession(tx, sequence, payload))) return;
  if (payload.kind === "complete") await writeLedger(tx, payload, isNew);
}

async function writeReferences(
  tx: Transaction,
  sequence: number,
  { userId, goal, activity }: StorePayload,
): Promise<void> {
  await tx.insert(users).values({ id: userId }).onConflictDoNothing();
  const goalFields = {
    title: goal.title,
    emoji: goal.emoji,
    categoryName: goal.category.name,
    categoryColor: goal.category.color,
    status: goal.status,
    daysTotal: goal.daysTotal,
    daysCompleted: goal.daysCompleted,
    syncSequence: sequence,
  };
  await tx
    .insert(goals)
    .values({ id: goal.id, userId, ...goalFields })
    .onConflictDoUpdate({
      target: goals.id,
      set: goalFields,
      setWhere: sql`${goals.syncSequence} < ${sequence}`,
    });
  const { id, ...activityFields } = { ...activity, syncSequence: sequence };
  await tx
    .insert(activities)
    .values({ id, ...activityFields })
    .onConflictDoUpdate({
      target: activities.id,
      set: activityFields,
      setWhere: sql`${activities.syncSequence} < ${sequence}`,
    });
}

const xpColumns = (xp: Xp) => ({
  xpPhysique: xp.physique,
  xpEnergy: xp.energy,
  xpLogic: xp.logic,
  xpCreativity: xp.creativity,
  xpSocial: xp.social,
  xpTotal: xpTotal(xp),
});

const outcomeColumns = (payload: CompletePayload) => ({
  status: statusOf(payload),
  startedAt: new Date(payload.startedAt),
  endedAt: new Date(payload.endedAt),
  totalDurationSeconds: payload.totalDurationSeconds,
  focusedDurationSeconds: payload.focusedDurationSeconds,
  completedReason: payload.completedReason,
  ...xpColumns(payload.xp),
});

const sessionRow = (sequence: number, payload: StorePayload) => ({
  id: payload.sessionId,
  userId: payload.userId,
  goalId: payload.goal.id,
  activityId: payload.activity.id,
  devicePlatform: payload.devicePlatform,
  syncSequence: sequence,
  ...(payload.kind === "complete"
    ? outcomeColumns(payload)
    : { status: statusOf(payload), startedAt: new Date(payload.startedAt) }),
});

/** Locks the row that is there already. False when the entry has nothing to change in it. */
async function updateSession(tx: Transaction, sequence: number, payload: StorePayload): Promise<boolean> {
  const [stored] = await tx
    .select({ userId: sessions.userId, syncSequence: sessions.syncSequence })
    .from(sessions)
    .where(eq(sessions.id, payload.sessionId))
    .for("update");
  if (stored === undefined) throw new RefusedEntry("The session was deleted while it was written.");
  if (stored.userId !== payload.userId.toLowerCase())
    throw new RefusedEntry("The session belongs to another user.");
  if (payload.kind === "register" || stored.syncSequence > sequence) return false;
  const columns = outcomeColumns(payload);
  await tx
    .update(sessions)
    .set({
      ...columns,
      devicePlatform: sql`coalesce(${payload.devicePlatform}, ${sessions.devicePlatform})`,
      syncSequence: sequence,
      updatedAt: sql`CASE WHEN ${sameOutcome(payload)} THEN ${sessions.updatedAt} ELSE now() END`,
    })
    .where(eq(sessions.id, payload.sessionId));
  return true;
}

const sameOutcome = (payload: CompletePayload) => {
  const { xp } = payload;
  return sql`(${sessions.status}, ${sessions.endedAt}, ${sessions.totalDurationSeconds}, ${sessions.focusedDurationSeconds},
    ${sessions.completedReason}, ${sessions.xpPhysique}, ${sessions.xpEnergy}, ${sessions.xpLogic}, ${sessions.xpCreativity},
    ${sessions.xpSocial}) IS NOT DISTINCT FROM (${statusOf(payload)}::varchar, ${new Date(payload.endedAt).toISOString()}::timestamptz,
    ${payload.totalDurationSeconds}::bigint, ${payload.focusedDurationSeconds}::bigint, ${payload.completedReason}::varchar,
    ${xp.physique}::bigint, ${xp.energy}::bigint, ${xp.logic}::bigint, ${xp.creativity}::bigint, ${xp.social}::bigint)`;
};

/** Called with the session's row locked, so that nobody else moves this session's entry. A new session has none yet. */
async function writeLedger(
  tx: Transaction,
  { sessionId, userId, xp }: CompletePayload,
  isNew: boolean,
): Promise<void> {
  const [entry] = isNew ? [] : await tx.select().from(xpLedger).where(eq(xpLedger.sessionId, sessionId));
  const before: Xp = {
    physique: entry?.xpPhysique ?? 0,
    energy: entry?.xpEnergy ?? 0,
    logic: entry?.xpLogic ?? 0,
    creativity: entry?.xpCreativity ?? 0,
    social: entry?.xpSocial ?? 0,
  };
  if (entry !== undefined && DIMENSIONS.every((dimension) => before[dimension] === xp[dimension])) return;
  await tx
    .insert(xpLedger)
    .values({ sessionId, userId, ...xpColumns(xp) })
    .onConflictDoUpdate({ target: xpLedger.sessionId, set: { ...xpColumns(xp), updatedAt: sql`now()` } });
  await moveTotals(
    tx,
    userId,
    Object.fromEntries(DIMENSIONS.map((name) => [name, xp[name] - before[name]])) as Xp,
  );
}

async function moveTotals(tx: Transaction, userId: string, difference: Xp): Promise<void> {
  const by = xpColumns(difference);
  const moved = {
    xpPhysique: sql`${lifeLevels.xpPhysique} + ${by.xpPhysique}`,
    xpEnergy: sql`${lifeLevels.xpEnergy} + ${by.xpEnergy}`,
    xpLogic: sql`${lifeLevels.xpLogic} + ${by.xpLogic}`,
    xpCreativity: sql`${lifeLevels.xpCreativity} + ${by.xpCreativity}`,
    xpSocial: sql`${lifeLevels.xpSocial} + ${by.xpSocial}`,
    xpTotal: sql`${lifeLevels.xpTotal} + ${by.xpTotal}`,
    updatedAt: sql`now()`,
  };
  const updated = await tx
    .update(lifeLevels)
    .set(moved)
    .where(eq(lifeLevels.userId, userId))
    .returning({ userId: lifeLevels.userId });
  if (updated.length > 0) return;
  // A user's first entry, hence no negative difference, of which there would be no level. Another batch may have had one.
  await tx
    .insert(lifeLevels)
    .values({ userId, ...by })
    .onConflictDoUpdate({ target: lifeLevels.userId, set: moved });
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
