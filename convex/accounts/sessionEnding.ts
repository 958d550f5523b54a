import type { Doc } from "../_generated/dataModel";
import type { MutationCtx } from "../_generated/server";
import * as Audit from "../audit/model";
import type { Client } from "../lib/caller";
import { cutOffReason } from "./cutOff";
import { end, type EndedReason } from "./sessionModel";
import { requireRow } from "./userModel";

/** Ends a session by its own user's act and audits that; nothing happens when it has ended already. */
export async function endAudited(
  ctx: MutationCtx,
  session: Doc<"accountSessions">,
  reason: EndedReason,
  client: Client,
): Promise<void> {
  const user = await requireRow(ctx, session.userId);
  // What is cut off has ended already: only its row did not say so yet.
  const cutOff = cutOffReason(user, session);
  if (!(await end(ctx, session, cutOff ?? reason)) || cutOff !== null) return;
  await Audit.append(ctx, {
    action: "session_ended",
    target: `session ${session.publicId}`,
    actor: { user },
    client,
  });
}
