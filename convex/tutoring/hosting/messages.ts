/** Messages of a creator to all participants of a session. */
import type { UserAct } from "../../identity/act";
import { requireToken } from "../../identity/limits/limits";
import * as Events from "../../events/tutoring";
import { listSeatedUsers } from "../booking/memberRows";
import { refused } from "../booking/refusals";
import { requireOwn } from "../booking/sessionRows";
import { formatName } from "../booking/persons";

/** Sends a message to everybody who has a seat, as a notification. → how many get it. */
export async function messageParticipants(
  act: UserAct,
  { id, message }: { id: number; message: string },
): Promise<number> {
  const session = await requireOwn(act, id);
  const seated = await listSeatedUsers(act, session._id);
  if (seated.length === 0) throw refused("Nobody has a seat");
  await requireToken(act, "participantMessages", `user/${act.principal.user._id}`);
  await Events.participantsTold(act, session, { from: formatName(session.creator), message, userIds: seated });
  return seated.length;
}
