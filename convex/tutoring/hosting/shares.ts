/** Links by which a session is shown without sign-in. The one module that writes `tutoringShares`. */
import type { Doc, Id } from "../../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../../_generated/server";
import type { UserAct, Viewer } from "../../identity/act";
import { notFound } from "../../lib/errors";
import { createSecret } from "../../lib/ids";
import { requireSeatFigures } from "../booking/seatFigures";
import { requireOwn, type Session } from "../booking/sessionRows";
import { countSpots, isOpen } from "../rules";
import type { SharedView } from "../views/shapes";
import { formatName } from "../booking/persons";

type ReadCtx = { db: QueryCtx["db"] };
type OfSession = { id: number };

const findShareOf = (ctx: ReadCtx, sessionId: Id<"tutoringSessions">): Promise<Doc<"tutoringShares"> | null> =>
  ctx.db
    .query("tutoringShares")
    .withIndex("by_sessionId", (q) => q.eq("sessionId", sessionId))
    .unique();

const findShare = (ctx: ReadCtx, token: string): Promise<Doc<"tutoringShares"> | null> =>
  ctx.db
    .query("tutoringShares")
    .withIndex("by_token", (q) => q.eq("token", token))
    .unique();

/** Makes the session's link; again: the same. Creator only. → its token */
export async function shareSession(act: UserAct, { id }: OfSession): Promise<string> {
  const session = await requireOwn(act, id);
  const known = await findShareOf(act, session._id);
  if (known) return known.token;
  const token = createSecret();
  await act.db.insert("tutoringShares", { sessionId: session._id, token });
  return token;
}

/** Ends the link; one that is made later has another token. Creator only. */
export async function endShare(act: UserAct, { id }: OfSession): Promise<void> {
  const session = await requireOwn(act, id);
  await deleteShareOf(act, session._id);
}

export async function deleteShareOf(ctx: MutationCtx, sessionId: Id<"tutoringSessions">): Promise<void> {
  const share = await findShareOf(ctx, sessionId);
  if (share) await ctx.db.delete("tutoringShares", share._id);
}

/** The token of the session's link; null without one. Creator only. */
export async function getShareToken(viewer: Viewer, { id }: OfSession): Promise<string | null> {
  const session = await requireOwn(viewer, id);
  return (await findShareOf(viewer, session._id))?.token ?? null;
}

/** All that a link shows of a session; null for a link that has ended, and while the session awaits approval. */
export async function findShared(ctx: ReadCtx, token: string): Promise<SharedView | null> {
  const session = await findSharedSession(ctx, token);
  if (!session || session.status === "pending_approval") return null;
  const { availableSpots } = countSpots(await requireSeatFigures(ctx, session._id));
  return {
    title: session.title,
    subject: session.subject,
    tutor: formatName(session.creator),
    date: session.startsAt,
    duration: session.durationMinutes,
    status: session.status,
    availableSpots: isOpen(session.status) ? availableSpots : 0,
  };
}

async function findSharedSession(ctx: ReadCtx, token: string): Promise<Session | null> {
  const share = await findShare(ctx, token);
  return share && (await ctx.db.get("tutoringSessions", share.sessionId));
}

/** The id of the session that a link shows, for somebody of its tenant who is signed in; else `NOT_FOUND`. */
export async function requireSharedId(viewer: Viewer, token: string): Promise<number> {
  const session = await findSharedSession(viewer, token);
  if (session?.tenantId !== viewer.principal.tenantId) throw notFound("Session not found.");
  return session.publicId;
}
