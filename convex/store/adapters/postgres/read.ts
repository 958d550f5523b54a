"use node";

import { and, asc, desc, eq, gte, inArray, isNotNull, lt, sql } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import type { BusinessCard, Held, HistoryCursor, StoredSession, UserTotals, UserXp } from "../../shapes";
import type { Database } from "./connect";
import { activities, businessCards, lifeLevels, sessions, xpLedger } from "./schema";
import { type Xp } from "../../../xp/amounts";

export const ping = async (db: Database): Promise<void> => void (await db.execute(sql`SELECT 1`));

// Equal order here and in the live database, whatever language the database sorts in.
const byteOrder = (column: typeof sessions.id) => sql`${column} COLLATE "C"`;

/**
 * Ended sessions of a goal, newest start first, from `before` (exclusive) on.
 *
 * @param limit at least 1
 */
export async function pageEndedSessions(
  db: Database,
  { goalId, before, limit }: { goalId: string; before: HistoryCursor | null; limit: number },
): Promise<StoredSession[]> {
  const older =
    before === null
      ? undefined
      : sql`(${sessions.startedAt}, ${byteOrder(sessions.id)}) < (${new Date(before.startedAt).toISOString()}::timestamptz, ${before.sessionId})`;
  const rows = await endedSessions(db)
    .where(and(eq(sessions.goalId, goalId), isNotNull(sessions.endedAt), older))
    .orderBy(desc(sessions.startedAt), sql`${byteOrder(sessions.id)} DESC`)
    .limit(limit);
  return rows.map(toStoredSession);
}

/** The session of that id if it has ended, or null. */
export async function readEndedSession(db: Database, sessionId: string): Promise<StoredSession | null> {
  const [row] = await endedSessions(db).where(and(eq(sessions.id, sessionId), isNotNull(sessions.endedAt)));
  return row ? toStoredSession(row) : null;
}

const endedSessions = (db: Database) =>
  db
    .select({
      session: sessions,
      activity: { id: activities.id, name: activities.name, emoji: activities.emoji },
    })
    .from(sessions)
    .innerJoin(activities, eq(activities.id, sessions.activityId));

function toStoredSession({ session, activity }: Awaited<ReturnType<typeof endedSessions>>[number]): StoredSession {
  return {
    sessionId: session.id,
    userId: session.userId,
    goalId: session.goalId,
    status: session.status === "abandoned" ? "abandoned" : "completed",
    startedAt: session.startedAt.getTime(),
    endedAt: session.endedAt!.getTime(),
    totalDurationSeconds: session.totalDurationSeconds ?? 0,
    focusedDurationSeconds: session.focusedDurationSeconds ?? 0,
    xp: toXp(session),
    completedReason: session.completedReason ?? "",
    devicePlatform: session.devicePlatform,
    activity,
  };
}

const toXp = (
  row: Pick<typeof lifeLevels.$inferSelect, `xp${"Physique" | "Energy" | "Logic" | "Creativity" | "Social"}`>,
): Xp => ({
  physique: row.xpPhysique,
  energy: row.xpEnergy,
  logic: row.xpLogic,
  creativity: row.xpCreativity,
  social: row.xpSocial,
});

/** The card of `token`, or null. */
export async function readBusinessCard(db: Database, token: string): Promise<BusinessCard | null> {
  const [row] = await db.select().from(businessCards).where(eq(businessCards.token, token));
  if (row === undefined) return null;
  const { token: _token, createdAt: _createdAt, updatedAt: _updatedAt, ...card } = row;
  return card;
}

/**
 * Sessions and ledger XP of each user whose sessions ended with `from` ≤ ended_at < `to` (ms), by user id from
 * `afterUserId` (exclusive) on. XP comes from the ledger, so that a session without its entry shows.
 */
export async function totalsByUser(
  db: Database,
  { from, to, afterUserId, limit }: { from: number; to: number; afterUserId: string | null; limit: number },
): Promise<UserTotals[]> {
  const sumOf = (column: PgColumn) => sql<string>`coalesce(sum(${column}), 0)`;
  const rows = await db
    .select({
      userId: sessions.userId,
      count: sql<string>`count(*)`,
      physique: sumOf(xpLedger.xpPhysique),
      energy: sumOf(xpLedger.xpEnergy),
      logic: sumOf(xpLedger.xpLogic),
      creativity: sumOf(xpLedger.xpCreativity),
      social: sumOf(xpLedger.xpSocial),
    })
    .from(sessions)
    .leftJoin(xpLedger, eq(xpLedger.sessionId, sessions.id))
    .where(
      and(
        gte(sessions.endedAt, new Date(from)),
        lt(sessions.endedAt, new Date(to)),
        afterUserId === null ? undefined : sql`${sessions.userId} > ${afterUserId}::uuid`,
      ),
    )
    .groupBy(sessions.userId)
    .orderBy(asc(sessions.userId))
    .limit(limit);
  return rows.map(({ userId, count, ...xp }) => ({
    userId,
    count: Number(count),
    xp: {
      physique: Number(xp.physique),
      energy: Number(xp.energy),
      logic: Number(xp.logic),
      creativity: Number(xp.creativity),
      social: Number(xp.social),
    },
  }));
}

/** The total XP of each of the users whom the store knows. */
export async function listLevels(db: Database, userIds: string[]): Promise<UserXp[]> {
  if (userIds.length === 0) return [];
  const rows = await db.select().from(lifeLevels).where(inArray(lifeLevels.userId, userIds));
  return rows.map((row) => ({ userId: row.userId, xp: toXp(row) }));
}

/** The given sessions that the store holds as ended, with the XP of their ledger entries. */
export async function listHeld(db: Database, sessionIds: string[]): Promise<Held[]> {
  if (sessionIds.length === 0) return [];
  const rows = await db
    .select({ session: sessions, ledger: xpLedger })
    .from(sessions)
    .innerJoin(xpLedger, eq(xpLedger.sessionId, sessions.id))
    .where(and(inArray(sessions.id, sessionIds), isNotNull(sessions.endedAt)));
  return rows.map(({ session, ledger }) => ({
    sessionId: session.id,
    startedAt: session.startedAt.getTime(),
    endedAt: session.endedAt!.getTime(),
    xp: toXp(ledger),
  }));
}
