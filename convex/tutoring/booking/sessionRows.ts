/** Finds tutoring sessions. The one module that writes `tutoringSessions`. */
import type { WithoutSystemFields } from "convex/server";
import type { Doc, Id } from "../../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../../_generated/server";
import type { Viewer } from "../../identity/act";
import { forbidden, notFound } from "../../lib/errors";

type ReadCtx = { db: QueryCtx["db"] };
export type Session = Doc<"tutoringSessions">;

export const getSessionByPublicId = (ctx: ReadCtx, publicId: number): Promise<Session | null> =>
  ctx.db
    .query("tutoringSessions")
    .withIndex("by_publicId", (q) => q.eq("publicId", publicId))
    .unique();

/** A session of the caller's tenant; `NOT_FOUND` alike for unknown ids and other tenants'. */
export async function requireSession(viewer: Viewer, publicId: number): Promise<Session> {
  const session = await getSessionByPublicId(viewer, publicId);
  if (session?.tenantId !== viewer.principal.tenantId) throw notFound("Session not found.");
  return session;
}

/** As `requireSession`, and the caller must be the creator; else `FORBIDDEN`. */
export async function requireOwn(viewer: Viewer, publicId: number): Promise<Session> {
  const session = await requireSession(viewer, publicId);
  if (session.creatorId !== viewer.principal.user._id) throw notAuthorized();
  return session;
}

export const NOT_AUTHORIZED = "Not authorized";
export const notAuthorized = () => forbidden(NOT_AUTHORIZED);

export async function insertSession(ctx: MutationCtx, fields: WithoutSystemFields<Session>): Promise<Session> {
  return (await ctx.db.get("tutoringSessions", await ctx.db.insert("tutoringSessions", fields)))!;
}

/** The fields whose change makes a calendar show the session anew. */
const IN_CALENDARS = ["startsAt", "durationMinutes", "title", "status"] as const;

/**
 * Writes changes of the session. The caller refreshes its card in the same transaction.
 *
 * @param session as it is stored
 */
export const patchSession = (
  ctx: MutationCtx,
  session: Session,
  changes: Partial<WithoutSystemFields<Session>>,
): Promise<void> => {
  const counts = IN_CALENDARS.some((name) => changes[name] !== undefined && changes[name] !== session[name]);
  return ctx.db.patch("tutoringSessions", session._id, {
    ...changes,
    ...(counts && { sequence: (session.sequence ?? 0) + 1 }),
  });
};

export const deleteSessionRow = (ctx: MutationCtx, sessionId: Id<"tutoringSessions">): Promise<void> =>
  ctx.db.delete("tutoringSessions", sessionId);
