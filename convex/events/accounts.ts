/** Effects on other domains when something happens to an account. */
import type { Id } from "../_generated/dataModel";
import type { MutationCtx } from "../_generated/server";
import type { Client } from "../identity/caller";
import { claimAnonymous } from "../valuations/guests/claim";

/** An anonymous user has signed in to an account: their drafts follow. */
export async function guestSignedIn(
  ctx: MutationCtx,
  userId: Id<"users">,
  guestId: Id<"users">,
  client: Client,
): Promise<void> {
  await claimAnonymous(ctx, userId, guestId, client);
}
