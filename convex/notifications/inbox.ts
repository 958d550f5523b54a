/** The live functions of notifications (notifications/README, "Live functions"): one's own, newest first. */
import { paginationOptsValidator, paginationResultValidator } from "convex/server";
import { v } from "convex/values";
import { liveCommand, userQuery } from "../identity/builders";
import * as Commands from "./commands";
import * as Notifications from "./model";
import { readPage } from "./pages";
import { vNotificationType } from "./tables";

export { experimental_reuseContext } from "../lib/contexts";

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

export const list = userQuery({
  args: { paginationOpts: paginationOptsValidator },
  returns: paginationResultValidator(vItem),
  handler: async (ctx, { paginationOpts }) => {
    const readThrough = await Notifications.getReadThrough(ctx);
    const result = await readPage(ctx, paginationOpts);
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
export const unreadCount = userQuery({ args: {}, returns: v.number(), handler: Notifications.countUnread });

export const markRead = liveCommand(Commands.markRead);
export const markAllRead = liveCommand(Commands.markAllRead);
