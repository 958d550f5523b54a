"use node";

import { and, asc, desc, eq, gte, isNotNull, lt, sql } from "drizzle-orm";
import type { BusinessCard, HistoryCursor, StoredSession, UserTotals } from "../shapes";
import type { Xp } from "../payload";
import type { Database } from "./connect";
import { activities, businessCards, sessions } from "./schema";

// Equal order here and in the live database, whatever language the database sorts in.
const byteOrder = (column: typeof sessions.id) => sql`${column} COLLATE "C"`;

/**
 * Ended sessions of a goal or a user, newest start first, from `before` (exclusive) on.
 *
 * @param limit at least 1
 */
export async function pageEndedSessions(
  db: Database,
  { by, before, limit }: { by: { goalId: string } | { userId: string }; before: HistoryCursor | null; limit: number },
): Promise<StoredSession[]> {
  const owner = "goalId" in by ? eq(sessions.goalId, by.goalId) : eq(sessions.userId, by.userId);
  const older =
    before === null
      ? undefined
      : sql`(${sessions.startedAt}, ${byteOrder(sessions.id)}) < (${new Date(before.startedAt).toISOString()}::timestamptz, ${before.sessionId})`;
  const rows = await db
    .select({ session: sessions, activity: { id: activities.id, name: activities.name, emoji: activities.emoji } })
    .from(sessions)
    .innerJoin(activities, eq(activities.id, sessions.activityId))
    .where(and(owner, isNotNull(sessions.endedAt), older))
    .orderBy(desc(sessions.startedAt), sql`${byteOrder(sessions.id)} DESC`)
    .limit(limit);
  return rows.map(({ session, activity }) => ({
    sessionId: session.id,
    userId: session.userId,
    goalId: session.goalId,
    status: session.status === "abandoned" ? "abandoned" : "completed",
    startedAt: session.startedAt.getTime(),
    endedAt: session.endedAt!.getTime(),
    totalDurationSeconds: session.totalDurationSeconds ?? 0,
    focusedDurationSeconds: session.focusedDurationSeconds ?? 0,
    xp: xpOf(session),
    completedReason: session.completedReason ?? "",
    devicePlatform: session.devicePlatform,
    activity,
  }));
}

const xpOf = (row: Pick<typeof sessions.$inferSelect, `xp${"Physique" | "Energy" | "Logic" | "Creativity" | "Social"}`>): Xp => ({
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
  const ledger = (column: string) => sql<string>`coalesce(sum(${sql.identifier("xp_ledger")}.${sql.identifier(column)}), 0)`;
  const rows = await db
    .select({
      userId: sessions.userId,
      count: sql<string>`count(*)`,
      physique: ledger("xp_physique"),
      energy: ledger("xp_energy"),
      logic: ledger("xp_logic"),
      creativity: ledger("xp_creativity"),
      social: ledger("xp_social"),
    })
    .from(sessions)
    .leftJoin(sql`xp_ledger`, sql`xp_ledger.session_id = ${sessions.id}`)
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
