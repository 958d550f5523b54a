import { invalid } from "../../lib/errors";
import { findStatus, hasEnded } from "../rules";
import type { Seats } from "./seats";
import type { Session } from "./sessionRows";

/** A refusal that is no wrong field; the contract answers it with 400, so it is `VALIDATION`. */
export const refused = (message: string) => invalid({}, message);

/** Refuses what can be done only before the end, which may have come since the status was written. */
export function requireNotEnded(session: Session, seats: Seats, now: number): void {
  if (hasEnded(findStatus(session, seats.participantCount, now))) throw refused("Session already ended");
}
