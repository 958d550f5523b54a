/** Ends single sessions with an entry in the audit log: by their own user's act, or by the clock. */
import type { Doc } from "../../_generated/dataModel";
import type { MutationCtx } from "../../_generated/server";
import * as Audit from "../../audit/writer";
import { requireUserRow } from "../users";
import { endSession, stampActivity, type EndedReason } from "./accountSessions";
import { findCutOffReason } from "./cutOff";

type Actor = Pick<Parameters<typeof Audit.append>[1], "actor" | "about" | "client">;

/** Ends a session by its own user's act; nothing happens when it has ended already. */
export const endSessionAudited = (
  ctx: MutationCtx,
  session: Doc<"accountSessions">,
  reason: EndedReason,
  client: Actor["client"],
): Promise<void> => endAs(ctx, session, reason, (user) => ({ actor: { user }, client }));

/** Ends a session whose time is up; nothing happens when it has ended already. */
export const expireSession = (ctx: MutationCtx, session: Doc<"accountSessions">): Promise<void> =>
  endAs(ctx, session, "expired", (user) => ({ actor: { name: "clock" }, about: user, client: Audit.NO_CLIENT }));

/** Stamps activity. Returns false, and the session has ended, when it had lapsed. */
export async function touchSession(ctx: MutationCtx, session: Doc<"accountSessions">): Promise<boolean> {
  if (await stampActivity(ctx, session)) return true;
  await expireSession(ctx, session);
  return false;
}

async function endAs(
  ctx: MutationCtx,
  session: Doc<"accountSessions">,
  reason: EndedReason,
  actorFor: (user: Doc<"users">) => Actor,
): Promise<void> {
  const user = await requireUserRow(ctx, session.userId);
  // A session that is cut off has ended already, although its row does not say so yet.
  const cutOff = findCutOffReason(user, session);
  if (!(await endSession(ctx, session, cutOff ?? reason)) || cutOff !== null) return;
  await Audit.append(ctx, { action: "session_ended", target: `session ${session.publicId}`, ...actorFor(user) });
}
