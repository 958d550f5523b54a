/** Refusals: the acts on a session that people may not do, and how they are told. */
import type { UserAct } from "../../identity/act";
import { invalid } from "../../lib/errors";
import { countFreeSeats, findStatus, hasEnded, isOpen } from "../rules";
import type { Member } from "./memberRows";
import type { SeatFigures } from "./seatFigures";
import type { Session } from "./sessionRows";

/** A refusal that is no wrong field; the contract answers it with 400, so it is `VALIDATION`. */
export const refused = (message: string) => invalid({}, message);

/** Refuses what can be done only before the end, which may have come since the status was written. */
export function requireNotEnded(session: Session, figures: SeatFigures, now: number): void {
  if (hasEnded(findStatus(session, figures.participantCount, now))) throw refused("Session already ended");
}

type Wish = { session: Session; figures: SeatFigures; known: Member | null };

/** Why a user may not ask for a seat, in the order of §6.6; null when they may. `known` is their row as a member. */
export const findRequestHindrance = (act: UserAct, wish: Wish): string | null =>
  countFreeSeats(wish.figures) <= 0 ? "Session is full" : findPartHindrance(act, wish);

/** Why a user may neither ask for a seat nor wait for one: what §6.6 lists after "Session is full". */
export function findPartHindrance(act: UserAct, { session, figures, known }: Wish): string | null {
  if (known?.seat) return "Already joined";
  if (known?.request.status === "pending") return "Request already pending";
  if (known) return "Request was rejected";
  if (session.creatorId === act.principal.user._id) return "Cannot join your own session";
  if (!isOpen(findStatus(session, figures.participantCount, act.now))) return "Session is not open for joining";
  return null;
}
