/** Effects on other domains when something happens to an account. */
import type { Id } from "../_generated/dataModel";
import { claimAnonymous, type Claimant } from "../valuations/guests/claim";

/** An anonymous user has signed in to an account: their drafts follow. */
export async function guestSignedIn(account: Claimant, guestId: Id<"users">): Promise<void> {
  await claimAnonymous(account, guestId);
}
