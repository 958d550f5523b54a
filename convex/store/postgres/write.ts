"use node";

import { eq, sql } from "drizzle-orm";
import { DIMENSIONS, statusOf, xpTotal, type CompletePayload, type Delivery, type Outcome, type StorePayload, type Xp } from "../payload";
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
export async function writeBatch(db: Database, deliveries: Delivery[], secrets: string[]): Promise<Outcome[]> {
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
  if (inserted.length === 0 && !(await updateSession(tx, sequence, payload))) return;
  if (payload.kind === "complete") await writeLedger(tx, payload);
}

async function writeReferences(tx: Transaction, sequence: number, { userId, goal, activity }: StorePayload): Promise<void> {
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
    .onConflictDoUpdate({ target: goals.id, set: goalFields, setWhere: sql`${goals.syncSequence} < ${sequence}` });
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
  if (stored.userId !== payload.userId.toLowerCase()) throw new RefusedEntry("The session belongs to another user.");
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

/** Called with the session's row locked, so that nobody else moves this session's entry. */
async function writeLedger(tx: Transaction, { sessionId, userId, xp }: CompletePayload): Promise<void> {
  const [entry] = await tx.select().from(xpLedger).where(eq(xpLedger.sessionId, sessionId));
  const before: Xp = {
    physique: entry?.xpPhysique ?? 0,
    energy: entry?.xpEnergy ?? 0,
    logic: entry?.xpLogic ?? 0,
    creativity: entry?.xpCreativity ?? 0,
    social: entry?.xpSocial ?? 0,
  };
  if (entry !== undefined && DIMENSIONS.every((dimension) => before[dimension] === xp[dimension])) return;
  const columns = { ...xpColumns(xp), updatedAt: sql`now()` };
  await tx
    .insert(xpLedger)
    .values({ sessionId, userId, ...xpColumns(xp) })
    .onConflictDoUpdate({ target: xpLedger.sessionId, set: columns });
  const moved = xpColumns(Object.fromEntries(DIMENSIONS.map((name) => [name, xp[name] - before[name]])) as Xp);
  // Inserted empty first: the difference may be negative, and of that there is no level, not even in a row proposed.
  await tx.insert(lifeLevels).values({ userId }).onConflictDoNothing();
  await tx
    .update(lifeLevels)
    .set({
      xpPhysique: sql`${lifeLevels.xpPhysique} + ${moved.xpPhysique}`,
      xpEnergy: sql`${lifeLevels.xpEnergy} + ${moved.xpEnergy}`,
      xpLogic: sql`${lifeLevels.xpLogic} + ${moved.xpLogic}`,
      xpCreativity: sql`${lifeLevels.xpCreativity} + ${moved.xpCreativity}`,
      xpSocial: sql`${lifeLevels.xpSocial} + ${moved.xpSocial}`,
      xpTotal: sql`${lifeLevels.xpTotal} + ${moved.xpTotal}`,
      updatedAt: sql`now()`,
    })
    .where(eq(lifeLevels.userId, userId));
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
