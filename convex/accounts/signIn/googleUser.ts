import type { Doc } from "../../_generated/dataModel";
import type { MutationCtx } from "../../_generated/server";
import type { Client } from "../../identity/caller";
import { endAllSessionsAudited } from "../../identity/sessions/endAllSessions";
import { createUser, getUserByEmail, requireUserRow, verifyEmail } from "../../identity/users";
import { splitName } from "../rules";
import { getPasswordAccount, removePassword } from "./credentials";

/**
 * A person as Google vouches for them; only verified addresses get this far. `email` is as `normalizeEmail` spells it.
 */
export type GoogleProfile = { email: string; emailAsTyped: string; name: string; image?: string };

/**
 * Finds or creates the user behind a Google account that is not known yet: by the verified address, else new.
 *
 * A password account with that address, which nobody ever verified, may have been made by somebody else in advance. The
 * address's true owner takes the user over, so its password stops working and its sessions end.
 */
export async function findGoogleUser(ctx: MutationCtx, profile: GoogleProfile, client: Client): Promise<Doc<"users">> {
  const user = await getUserByEmail(ctx, profile.email);
  if (!user)
    return await createUser(ctx, {
      email: profile.email,
      emailAsTyped: profile.emailAsTyped,
      emailVerified: true,
      ...splitName(profile.name),
      ...(profile.image !== undefined && { image: profile.image }),
    });
  if (user.emailVerificationTime !== undefined) return user;
  await verifyEmail(ctx, user._id);
  const password = await getPasswordAccount(ctx, user._id);
  if (password) {
    await removePassword(ctx, password);
    await endAllSessionsAudited(ctx, user._id, { reason: "password_changed" }, { actor: { user }, client });
  }
  return await requireUserRow(ctx, user._id);
}
