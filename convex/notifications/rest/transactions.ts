/** The transactions that answer the REST requests of routes.ts. */
import { v } from "convex/values";
import type { Doc } from "../../_generated/dataModel";
import { requireUser } from "../../identity/principal";
import { restMutation, restQuery } from "../../rest/functions";
import { reply } from "../../rest/reply";
import { siteUrl } from "../../lib/siteUrl";
import { wireTime } from "../../lib/time";
import * as Notifications from "../model";

/** One answer holds at most this many; `Link: rel="next"` leads to the others. */
export const LIST_MAX = 200;

const wire = (row: Doc<"notifications">, userPublicId: number, readThrough: number) => ({
  id: row.publicId,
  user: userPublicId,
  title: row.title,
  message: row.message,
  type: row.type,
  session: row.session?.publicId ?? null,
  read: Notifications.isRead(row, readThrough),
  created_at: wireTime(row._creationTime),
});

export const list = restQuery({
  args: { before: v.optional(v.number()) },
  handler: async (ctx, { before }) => {
    const { user } = requireUser(ctx.principal);
    const readThrough = await Notifications.readThroughOf(ctx, user._id);
    const rows = await Notifications.newestOf(ctx, user._id, before).take(LIST_MAX + 1);
    const page = rows.slice(0, LIST_MAX);
    const last = page.at(-1);
    const more = rows.length > LIST_MAX && last !== undefined;
    return reply(
      200,
      page.map((row) => wire(row, user.publicId, readThrough)),
      more ? { Link: `<${siteUrl()}/api/notifications/?before=${last._creationTime}>; rel="next"` } : undefined,
    );
  },
});

export const one = restQuery({
  args: { id: v.number() },
  handler: async (ctx, { id }) => {
    const { user } = requireUser(ctx.principal);
    const row = await Notifications.requireOwn(ctx, user._id, id);
    return reply(200, wire(row, user.publicId, await Notifications.readThroughOf(ctx, user._id)));
  },
});

export const markRead = restMutation({
  args: { id: v.number() },
  handler: async (ctx, { id }) => {
    await Notifications.markRead(ctx, requireUser(ctx.principal).user._id, id);
    return reply(200, { message: "Marked as read" });
  },
});

export const markAllRead = restMutation({
  args: {},
  handler: async (ctx) => {
    await Notifications.markAllRead(ctx, requireUser(ctx.principal).user._id);
    return reply(200, { message: "All marked as read" });
  },
});
