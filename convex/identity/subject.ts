/**
 * Reads and writes the `sub` of an access token. Convex Auth's own reader of it would bring the whole sign-in library
 * into every authenticated function.
 */
import type { Auth } from "convex/server";
import type { Id } from "../_generated/dataModel";

// Convex Auth's: `<user>|<session>`.
const DIVIDER = "|";

export const getSubject = (userId: Id<"users">, authSessionId: Id<"authSessions">): string =>
  `${userId}${DIVIDER}${authSessionId}`;

/** Finds the user whom a verified subject names, or null. */
export function readSubject(subject: string): { userId: string; authSessionId: Id<"authSessions"> } | null {
  const [userId = "", authSessionId, ...more] = subject.split(DIVIDER);
  return authSessionId === undefined || more.length > 0
    ? null
    : { userId, authSessionId: authSessionId as Id<"authSessions"> };
}

/** The Convex Auth session in a verified subject, or null. */
export const readAuthSession = (subject: string | undefined): Id<"authSessions"> | null =>
  (subject?.split(DIVIDER)[1] as Id<"authSessions"> | undefined) ?? null;

/** The Convex Auth session of the caller's token, or null without one. The session may have ended. */
export async function getAuthSessionId(ctx: { auth: Auth }): Promise<Id<"authSessions"> | null> {
  return readAuthSession((await ctx.auth.getUserIdentity())?.subject);
}
