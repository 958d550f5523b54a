/** Single sessions that end, and the log says so: by their own user's act, or by the clock. */
import type { Doc } from "../../_generated/dataModel";
import type { MutationCtx } from "../../_generated/server";
import * as Audit from "../../audit/writer";
import type { Client } from "../caller";
import { cutOffReason } from "./cutOff";
import { end, stamp, type EndedReason } from "./accountSessions";
import { requireRow } from "../users";

type By = (user: Doc<"users">) => Pick<Parameters<typeof Audit.append>[1], "actor" | "about" | "client">;

/** Ends a session by its own user's act and audits that; nothing happens when it has ended already. */
export const endAudited = (
  ctx: MutationCtx,
  session: Doc<"accountSessions">,
  reason: EndedReason,
  client: Client,
): Promise<void> => endBy(ctx, session, reason, (user) => ({ actor: { user }, client }));

/** Ends a session whose time is up, and audits that; nothing happens when it has ended already. */
export const expire = (ctx: MutationCtx, session: Doc<"accountSessions">): Promise<void> =>
  endBy(ctx, session, "expired", (user) => ({
    actor: { name: "clock" },
    about: user,
    client: { ip: null, userAgent: "" },
  }));

/** Stamps activity. False, and the session has ended, when it had lapsed. */
export async function touch(ctx: MutationCtx, session: Doc<"accountSessions">): Promise<boolean> {
  if (await stamp(ctx, session)) return true;
  await expire(ctx, session);
  return false;
}

async function endBy(ctx: MutationCtx, session: Doc<"accountSessions">, reason: EndedReason, by: By): Promise<void> {
  const user = await requireRow(ctx, session.userId);
  // What is cut off has ended already: only its row did not say so yet.
  const cutOff = cutOffReason(user, session);
  if (!(await end(ctx, session, cutOff ?? reason)) || cutOff !== null) return;
  await Audit.append(ctx, { action: "session_ended", target: `session ${session.publicId}`, ...by(user) });
}
