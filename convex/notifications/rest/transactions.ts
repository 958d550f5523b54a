/** The transactions that answer the REST requests of routes.ts. */
import { v } from "convex/values";
import type { Doc } from "../../_generated/dataModel";
import { requireUser } from "../../identity/principal";
import { restCommand, restQuery } from "../../rest/functions";
import { reply } from "../../rest/reply";
import { readSiteUrl } from "../../lib/siteUrl";
import { toWireTime } from "../../lib/time";
import * as Commands from "../commands";
import * as Notifications from "../model";

export { experimental_reuseContext } from "../../lib/contexts";

/** One answer holds at most this many; `Link: rel="next"` leads to the others. */
export const LIST_MAX = 200;

const toWire = (row: Doc<"notifications">, userPublicId: number, readThrough: number) => ({
  id: row.publicId,
  user: userPublicId,
  title: row.title,
  message: row.message,
  type: row.type,
  session: row.session?.publicId ?? null,
  read: Notifications.isRead(row, readThrough),
  created_at: toWireTime(row._creationTime),
});

export const list = restQuery({
  args: { before: v.optional(v.number()) },
  handler: async ({ db, principal }, { before }) => {
    const viewer = { db, principal: requireUser(principal) };
    const readThrough = await Notifications.getReadThrough(viewer);
    const rows = await Notifications.queryNewest(viewer, before).take(LIST_MAX + 1);
    const page = rows.slice(0, LIST_MAX);
    const last = page.at(-1);
    const more = rows.length > LIST_MAX && last !== undefined;
    return reply(
      200,
      page.map((row) => toWire(row, viewer.principal.user.publicId, readThrough)),
      more ? { Link: `<${readSiteUrl()}/api/notifications/?before=${last._creationTime}>; rel="next"` } : undefined,
    );
  },
});

export const one = restQuery({
  args: { id: v.number() },
  handler: async ({ db, principal }, { id }) => {
    const viewer = { db, principal: requireUser(principal) };
    const row = await Notifications.requireNotification(viewer, id);
    return reply(200, toWire(row, viewer.principal.user.publicId, await Notifications.getReadThrough(viewer)));
  },
});

export const markRead = restCommand(Commands.markRead, () => reply(200, { message: "Marked as read" }));
export const markAllRead = restCommand(Commands.markAllRead, () => reply(200, { message: "All marked as read" }));
