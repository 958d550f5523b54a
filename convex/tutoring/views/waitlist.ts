/** The waiting list of a session as its viewers see it (tutoring/README §10.1). */
import type { Viewer } from "../../identity/act";
import { requireSession } from "../booking/sessionRows";
import { findWait, getPosition, listWaits } from "../booking/waitRows";
import type { WaitView } from "./shapes";
import { toPerson } from "../booking/persons";
import { showUser } from "./view";

/**
 * All entries for the creator, to everybody else their own. Who only waits has not asked the creator for anything, so
 * their email address is shown to themselves alone.
 */
export async function listWaitlist(viewer: Viewer, id: number): Promise<WaitView[]> {
  const session = await requireSession(viewer, id);
  const { user: own } = viewer.principal;
  if (session.creatorId !== own._id) {
    const wait = await findWait(viewer, session._id, own._id);
    return wait ? [showWait(showUser(toPerson(own)), await getPosition(viewer, wait), wait)] : [];
  }
  const waits = await listWaits(viewer, session._id);
  const users = await Promise.all(waits.map(({ userId }) => viewer.db.get("users", userId)));
  return waits.flatMap((wait, index) => {
    const user = users[index];
    return user ? [showWait({ ...showUser(toPerson(user)), email: "" }, index + 1, wait)] : [];
  });
}

const showWait = (
  user: WaitView["user"],
  position: number,
  { _creationTime, offerExpiresAt }: { _creationTime: number; offerExpiresAt: number | null },
): WaitView => ({ user, position, since: Math.floor(_creationTime), offerExpiresAt });
