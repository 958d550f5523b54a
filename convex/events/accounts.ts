/** Effects on other domains when something happens to an account. */
import { internal } from "../_generated/api";
import type { Doc, Id } from "../_generated/dataModel";
import type { MutationCtx } from "../_generated/server";
import { noteEvent } from "../analytics/writer";
import { claimAnonymous, type Claimant } from "../valuations/guests/claim";

/** An anonymous user has signed in to an account: their drafts follow. */
export async function guestSignedIn(account: Claimant, guestId: Id<"users">): Promise<void> {
  await claimAnonymous(account, guestId);
}

/** Somebody has registered. */
export const signedUp = (
  ctx: MutationCtx,
  { tenantId, uuid }: Pick<Doc<"users">, "tenantId" | "uuid">,
): Promise<void> => noteEvent(ctx, tenantId, "signed_up", uuid);

/** A user's name has changed: the sessions that show it are written anew. */
export async function nameChanged(ctx: MutationCtx, userId: Id<"users">): Promise<void> {
  await ctx.scheduler.runAfter(0, internal.tutoring.people.refreshUser, { userId });
}
