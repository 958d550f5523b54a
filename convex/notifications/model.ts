/** The one module that writes notifications and their counts. */
import { internal } from "../_generated/api";
import type { Doc, Id } from "../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../_generated/server";
import type { UserAct, Viewer } from "../identity/act";
import { notFound } from "../lib/errors";
import { createIntegerId } from "../lib/ids";
import { clipped, lengthOf } from "../lib/text";
import type { News } from "./tables";

type ReadCtx = { db: QueryCtx["db"] };

/** The documented models keep titles to this. */
const TITLE_MAX = 200;
/** Users notified in one transaction; the others follow in transactions of their own. */
export const NOTIFY_BATCH = 200;
const DELETE_BATCH = 500;

const getCounts = (ctx: ReadCtx, userId: Id<"users">) =>
  ctx.db
    .query("notificationCounts")
    .withIndex("by_userId", (q) => q.eq("userId", userId))
    .unique();

/** Notifies one user. Reads 1 row, writes 2. */
export async function notifyUser(ctx: MutationCtx, userId: Id<"users">, news: News): Promise<void> {
  const counts = await getCounts(ctx, userId);
  const number = (counts?.lastNumber ?? 0) + 1;
  if (counts) await ctx.db.patch("notificationCounts", counts._id, { unread: counts.unread + 1, lastNumber: number });
  else await ctx.db.insert("notificationCounts", { userId, unread: 1, lastNumber: number, readThrough: 0 });
  await ctx.db.insert("notifications", {
    ...news,
    title: shorten(news.title),
    publicId: createIntegerId(),
    userId,
    number,
    read: false,
  });
}

const shorten = (title: string): string => (lengthOf(title) > TITLE_MAX ? `${clipped(title, TITLE_MAX - 1)}…` : title);

/** Notifies several users, each once; the first in this transaction, the others in transactions that it schedules. */
export async function notifyUsers(ctx: MutationCtx, userIds: Id<"users">[], news: News): Promise<void> {
  const each = [...new Set(userIds)];
  for (const userId of each.slice(0, NOTIFY_BATCH)) await notifyUser(ctx, userId, news);
  const rest = each.slice(NOTIFY_BATCH);
  if (rest.length > 0)
    await ctx.scheduler.runAfter(0, internal.notifications.delivery.tellRest, { userIds: rest, news });
}

/** Counts the viewer's unread notifications; reads one row. */
export const countUnread = async (viewer: Viewer): Promise<number> =>
  (await getCounts(viewer, viewer.principal.user._id))?.unread ?? 0;

/** The number up to which all the viewer's notifications are read. */
export const getReadThrough = async (viewer: Viewer): Promise<number> =>
  (await getCounts(viewer, viewer.principal.user._id))?.readThrough ?? 0;

export const isRead = (row: Doc<"notifications">, readThrough: number): boolean =>
  row.read || row.number <= readThrough;

/** Queries the viewer's notifications, newest first; with `before` those older than it, ms of creation. */
export const queryNewest = ({ db, principal }: Viewer, before = Number.MAX_SAFE_INTEGER) =>
  db
    .query("notifications")
    .withIndex("by_userId", (q) => q.eq("userId", principal.user._id).lt("_creationTime", before))
    .order("desc");

/** The viewer's own notification; `NOT_FOUND` alike for unknown ids and other people's. */
export async function requireNotification(viewer: Viewer, publicId: number): Promise<Doc<"notifications">> {
  const row = await viewer.db
    .query("notifications")
    .withIndex("by_userId_and_publicId", (q) => q.eq("userId", viewer.principal.user._id).eq("publicId", publicId))
    .first();
  if (!row) throw notFound("Notification not found.");
  return row;
}

/** Marks one as read; repeating it changes nothing. */
export const markRead = async (act: UserAct, { id }: { id: number }): Promise<void> =>
  await markRowRead(act, await requireNotification(act, id));

async function markRowRead(ctx: MutationCtx, row: Doc<"notifications">): Promise<void> {
  const counts = await getCounts(ctx, row.userId);
  if (!counts || isRead(row, counts.readThrough)) return;
  await ctx.db.patch("notifications", row._id, { read: true });
  await ctx.db.patch("notificationCounts", counts._id, { unread: Math.max(0, counts.unread - 1) });
}

/** Marks a user's notification as read once the request that it is about has been settled. */
export async function markHandled(
  ctx: MutationCtx,
  userId: Id<"users">,
  about: { sessionId: Id<"tutoringSessions">; userId: Id<"users"> },
): Promise<void> {
  const row = await ctx.db
    .query("notifications")
    .withIndex("by_userId_and_sessionId_and_aboutId", (q) =>
      q.eq("userId", userId).eq("session.id", about.sessionId).eq("aboutId", about.userId),
    )
    .order("desc")
    .first();
  if (row) await markRowRead(ctx, row);
}

/** Marks all as read in one write, however many there are. */
export async function markAllRead(act: UserAct): Promise<void> {
  const counts = await getCounts(act, act.principal.user._id);
  if (counts && counts.unread > 0)
    await act.db.patch("notificationCounts", counts._id, { unread: 0, readThrough: counts.lastNumber });
}

/** Deletes a batch of the notifications about a session; true when all of them are gone. */
export async function deleteNotificationsOf(ctx: MutationCtx, sessionId: Id<"tutoringSessions">): Promise<boolean> {
  const rows = await ctx.db
    .query("notifications")
    .withIndex("by_sessionId", (q) => q.eq("session.id", sessionId))
    .take(DELETE_BATCH);
  await deleteNotifications(ctx, rows);
  return rows.length < DELETE_BATCH;
}

/** Deletes notifications; those unread leave their users' counts, which are written once a user. */
export async function deleteNotifications(ctx: MutationCtx, rows: Doc<"notifications">[]): Promise<void> {
  const byUser = new Map<Id<"users">, Doc<"notifications">[]>();
  for (const row of rows) byUser.set(row.userId, [...(byUser.get(row.userId) ?? []), row]);
  for (const [userId, theirs] of byUser) {
    const counts = await getCounts(ctx, userId);
    const unread = counts ? theirs.filter((row) => !isRead(row, counts.readThrough)).length : 0;
    if (counts && unread > 0)
      await ctx.db.patch("notificationCounts", counts._id, { unread: Math.max(0, counts.unread - unread) });
    for (const { _id } of theirs) await ctx.db.delete("notifications", _id);
  }
}
