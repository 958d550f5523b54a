/**
 * All that people do with tutoring sessions, but for signals of calls and presence, which are no commands. Each is
 * mounted live, most as REST too; live only are the room with its chat and notes, and `createWeekly`, for which REST
 * makes a session and repeats it.
 */
import { userCommand } from "../identity/command";
import * as Requests from "./booking/requests";
import * as Sessions from "./booking/sessions";
import * as Waiting from "./booking/waiting";
import * as Materials from "./files/materials";
import * as Messages from "./hosting/messages";
import * as Proposals from "./hosting/proposals";
import * as Shares from "./hosting/shares";
import * as Weekly from "./hosting/weekly";
import * as Room from "./rooms/acts";
import * as Notes from "./rooms/notes";
import {
  Changes,
  ChatMessage,
  Draft,
  NotesChange,
  MaterialUpdate,
  NewMaterial,
  OfMaterial,
  OfSession,
  OfUser,
  ParticipantMessage,
  Repetition,
  SeatRequest,
  TimeProposal,
  WeeklyDraft,
} from "./inputs";

export const createSession = userCommand({ input: Draft, run: Sessions.createSession });
/** Makes one session for each of some weeks, or none. */
export const createWeekly = userCommand({ input: WeeklyDraft, run: Weekly.createWeekly });
/** Makes a session once more for each of some weeks after it, or none. Creator only. */
export const repeatWeekly = userCommand({ input: Repetition, run: Weekly.repeatWeekly });
/** Changes the fields that are given. Creator only. */
export const updateSession = userCommand({ input: Changes.extend(OfSession.shape), run: Sessions.updateSession });
/** Creator only. */
export const deleteSession = userCommand({ input: OfSession, run: Sessions.deleteSession });
/** Permission `moderate_sessions`. */
export const approveSession = userCommand({ input: OfSession, run: Sessions.approveSession });
/** Ends the session for everybody: by its creator or a participant. */
export const cancelSession = userCommand({ input: OfSession, run: Sessions.cancelSession });

/** Asks for a seat; clients know it as `join`. */
export const requestSeat = userCommand({ input: SeatRequest, run: Requests.requestSeat });
/** `VALIDATION` "Session is full" when no seat is left, `NOT_FOUND` without a pending request. Creator only. */
export const approveRequest = userCommand({ input: OfUser, run: Requests.approveRequest });
export const rejectRequest = userCommand({ input: OfUser, run: Requests.rejectRequest });
/** Takes a participant's seat, who may ask again; `NOT_FOUND` for who has none. Creator only. */
export const removeParticipant = userCommand({ input: OfUser, run: Requests.removeParticipant });
/** Tells all participants something; `VALIDATION` when there are none. Creator only. */
export const messageParticipants = userCommand({ input: ParticipantMessage, run: Messages.messageParticipants });
/** By who has a seat or asks for one; the creator answers with one of the two that follow. */
export const proposeTime = userCommand({ input: TimeProposal, run: Proposals.proposeTime });
export const acceptProposal = userCommand({ input: OfUser, run: Proposals.acceptProposal });
export const declineProposal = userCommand({ input: OfUser, run: Proposals.declineProposal });
/** Takes the caller's own proposal back. */
export const withdrawProposal = userCommand({ input: OfSession, run: Proposals.withdrawProposal });
/** Makes a link that shows the session without sign-in; again: the same. Creator only. */
export const shareSession = userCommand({ input: OfSession, run: Shares.shareSession });
export const endShare = userCommand({ input: OfSession, run: Shares.endShare });
/** Frees the caller's seat or takes back a pending request; `VALIDATION` once the session is over. */
export const leaveSession = userCommand({ input: OfSession, run: Requests.leaveSession });
/** Takes a place on the waiting list of a full session; `VALIDATION` when it is not full. */
export const joinWaitlist = userCommand({ input: OfSession, run: Waiting.joinWaitlist });
export const leaveWaitlist = userCommand({ input: OfSession, run: Waiting.leaveWaitlist });
/** Takes the seat that is held for the caller; `VALIDATION` "No offer" when it is not, or no longer. */
export const acceptOffer = userCommand({ input: OfSession, run: Waiting.acceptOffer });

/** Enters the room, or says that one is still there. */
export const enterRoom = userCommand({ input: OfSession, run: Room.enterRoom });
export const knock = userCommand({ input: OfSession, run: Room.knock });
export const leaveRoom = userCommand({ input: OfSession, run: Room.leaveRoom });
/** Creator only, as `removeFromRoom`. */
export const admitToRoom = userCommand({ input: OfUser, run: Room.admitToRoom });
export const removeFromRoom = userCommand({ input: OfUser, run: Room.removeFromRoom });
export const applyToNotes = userCommand({ input: NotesChange, run: Notes.applyToNotes });
export const sayInRoom = userCommand({ input: ChatMessage, run: Room.sayInRoom });

/** A file is `pending` until it has been scanned. */
export const addMaterial = userCommand({ input: NewMaterial, run: Materials.addMaterial });
/** States a material anew; without `storageId` its file stays. */
export const updateMaterial = userCommand({ input: MaterialUpdate, run: Materials.updateMaterial });
export const deleteMaterial = userCommand({ input: OfMaterial, run: Materials.removeMaterial });
