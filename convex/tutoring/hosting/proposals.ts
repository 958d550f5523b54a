/**
 * Another time for a session: who has a seat or asks for one proposes it, the creator accepts or declines. Accepting
 * changes the session as its creator would (booking/sessions), and so under the same rules.
 */
import type { UserAct, Viewer } from "../../identity/act";
import * as Events from "../../events/tutoring";
import { getUserByPublicId } from "../../identity/users";
import { AppError, invalid } from "../../lib/errors";
import { findMember } from "../booking/memberRows";
import { refused } from "../booking/refusals";
import { requireSeatFigures } from "../booking/seatFigures";
import { notAuthorized, requireOwn, requireSession, type Session } from "../booking/sessionRows";
import { updateSession } from "../booking/sessions";
import { readTerms } from "../booking/terms";
import type { TimeProposal } from "../inputs";
import { findStatus, hasEnded } from "../rules";
import type { ProposalView } from "../views/shapes";
import { formatName, toPerson } from "../booking/persons";
import { showUser } from "../views/view";
import { deleteProposal, deleteProposalsOf, findProposal, listProposals, setProposal } from "./proposalRows";

/** A session has no more proposals than members that are looked at. */
const PROPOSALS_MAX = 500;

type OfUser = { id: number; userId: number };

async function requireStillToCome(act: UserAct, session: Session): Promise<void> {
  const status = findStatus(session, (await requireSeatFigures(act, session._id)).participantCount, act.now);
  if (hasEnded(status)) throw refused("Session already ended");
  if (status === "ongoing") throw refused("The session has begun");
}

/** Proposes a start, in the place of an earlier proposal of the same person. */
export async function proposeTime(act: UserAct, { id, ...when }: TimeProposal): Promise<void> {
  const { user } = act.principal;
  const session = await requireSession(act, id);
  const member = await findMember(act, session._id, user._id);
  if (!member || (member.seat === null && member.request.status !== "pending")) throw notAuthorized();
  await requireStillToCome(act, session);
  const { startsAt = session.startsAt } = readTerms(when);
  if (startsAt <= act.now) throw invalid({ date: ["Must lie in the future."] });
  if (startsAt === session.startsAt) throw invalid({ date: ["The session starts then already."] });
  const earlier = await findProposal(act, session._id, user._id);
  if (earlier?.startsAt === startsAt) return;
  await setProposal(act, session._id, user._id, { startsAt, proposedAt: act.now });
  await Events.timeProposed(act, session, { id: user._id, name: formatName(toPerson(user)) }, startsAt);
}

/** Takes the caller's own proposal back. */
export async function withdrawProposal(act: UserAct, { id }: { id: number }): Promise<void> {
  const session = await requireSession(act, id);
  await deleteProposal(act, session._id, act.principal.user._id);
}

/** The proposal of the user with this integer id, for the creator to answer. `NOT_FOUND` when there is none. */
async function requireProposal(act: UserAct, { id, userId }: OfUser) {
  const session = await requireOwn(act, id);
  const user = await getUserByPublicId(act, userId);
  const proposal = user && (await findProposal(act, session._id, user._id));
  if (!proposal) throw new AppError("NOT_FOUND", "Proposal not found", { missing: "request" });
  return { session, proposal };
}

/** Moves the session to the proposed time. The other proposals were about the time before, so they end too. */
export async function acceptProposal(act: UserAct, answered: OfUser): Promise<void> {
  const { session, proposal } = await requireProposal(act, answered);
  await requireStillToCome(act, session);
  await updateSession(act, { id: answered.id, date: new Date(proposal.startsAt).toISOString() });
  await deleteProposalsOf(act, session._id, PROPOSALS_MAX);
  await Events.proposalAnswered(act, session, proposal.userId, { answer: "accepted", startsAt: proposal.startsAt });
}

export async function declineProposal(act: UserAct, answered: OfUser): Promise<void> {
  const { session, proposal } = await requireProposal(act, answered);
  await deleteProposal(act, session._id, proposal.userId);
  await Events.proposalAnswered(act, session, proposal.userId, { answer: "declined", startsAt: proposal.startsAt });
}

/** All proposals for the creator, first come first; to everybody else their own. None once the session has begun. */
export async function listProposalViews(viewer: Viewer, id: number): Promise<ProposalView[]> {
  const session = await requireSession(viewer, id);
  const { user: own } = viewer.principal;
  if (hasEnded(session.status) || session.status === "ongoing") return [];
  const proposal = session.creatorId === own._id ? null : await findProposal(viewer, session._id, own._id);
  const rows =
    session.creatorId === own._id
      ? await listProposals(viewer, session._id, PROPOSALS_MAX)
      : proposal === null
        ? []
        : [proposal];
  const views = await Promise.all(
    rows.map(async ({ userId, startsAt, proposedAt }) => {
      const user = await viewer.db.get("users", userId);
      return user ? [{ user: showUser(toPerson(user)), date: startsAt, proposedAt }] : [];
    }),
  );
  return views.flat().sort((a, b) => a.proposedAt - b.proposedAt);
}
