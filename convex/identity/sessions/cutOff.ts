/**
 * The cut-off of a user: one field that ends all their sessions but one, however many there are, in one write. It
 * covers the generations before its own. Times would not do: a session may begin in the millisecond, even in the
 * transaction, of a cut-off. Whoever asks whether a session is active asks here too, until its own row says that it
 * ended.
 */
import type { Infer } from "convex/values";
import type { Doc, Id } from "../../_generated/dataModel";
import type { vEndedReason } from "../validators";

type User = Pick<Doc<"users">, "sessionsCutOff">;

/** The generation of sessions that begin now. */
export const getGeneration = ({ sessionsCutOff }: User): number => sessionsCutOff?.generation ?? 0;

/** Why the user's cut-off ended the session; null when it did not. */
export function findCutOffReason(
  user: User,
  session: { _id: Id<"accountSessions">; generation: number },
): Infer<typeof vEndedReason> | null {
  const cutOff = user.sessionsCutOff;
  if (!cutOff || cutOff.except === session._id || session.generation >= cutOff.generation) return null;
  return cutOff.reason;
}
