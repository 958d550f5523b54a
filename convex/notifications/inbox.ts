/** The live functions of notifications (README, "Live functions"): one's own, newest first. */
import { paginationOptsValidator, paginationResultValidator } from "convex/server";
import { v } from "convex/values";
import { userMutation, userQuery } from "../identity/builders";
import { pageSize } from "../lib/paging";
import * as Notifications from "./model";
import { vNotificationType } from "./tables";

const vItem = v.object({
  id: v.number(),
  title: v.string(),
  message: v.string(),
  type: vNotificationType,
  /** The tutoring session it is about. */
  session: v.union(v.number(), v.null()),
  read: v.boolean(),
  /** ms since the epoch. */
  createdAt: v.number(),
});

const PAGE_MAX = 200;

export const list = userQuery({
  args: { paginationOpts: paginationOptsValidator },
  returns: paginationResultValidator(vItem),
  handler: async (ctx, { paginationOpts }) => {
    const userId = ctx.principal.user._id;
    const readThrough = await Notifications.readThroughOf(ctx, userId);
    const result = await Notifications.newestOf(ctx, userId).paginate({
      ...paginationOpts,
      numItems: pageSize(paginationOpts.numItems, PAGE_MAX),
    });
    return {
      ...result,
      page: result.page.map((row) => ({
        id: row.publicId,
        title: row.title,
        message: row.message,
        type: row.type,
        session: row.session?.publicId ?? null,
        read: Notifications.isRead(row, readThrough),
        createdAt: row._creationTime,
      })),
    };
  },
});

/** Reads one row. */
export const unreadCount = userQuery({
  args: {},
  returns: v.number(),
  handler: async (ctx) => (await Notifications.countsOf(ctx, ctx.principal.user._id))?.unread ?? 0,
});

/** `NOT_FOUND` for an unknown id and for another person's. */
export const markRead = userMutation({
  args: { id: v.number() },
  returns: v.null(),
  handler: async (ctx, { id }) => {
    await Notifications.markRead(ctx, ctx.principal.user._id, id);
    return null;
  },
});

export const markAllRead = userMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    await Notifications.markAllRead(ctx, ctx.principal.user._id);
    return null;
  },
});
