/**
 * Makes of rows what is shown of sessions, members and materials; `audience.ts` decides who sees what of it. Times are
 * whole ms, as REST writes them: a creation time has fractions.
 */
import type { Doc } from "../../_generated/dataModel";
import { isOpen, countSpots } from "../rules";
import type { Person } from "../shapes";
import type { MaterialView, RequestView, SessionView, UserView } from "./shapes";
import { formatName } from "../booking/persons";
import type { Session } from "../booking/sessionRows";

/** The texts of a session that are searched. */
export const joinSearched = (
  { title, subject, description }: Pick<Doc<"tutoringSessions">, "title" | "subject" | "description">,
  creator: Person,
): string => [title, subject, formatName(creator), description].join("\n");

export const showUser = ({ publicId, username, firstName, lastName, email, joinedAt }: Person): UserView => ({
  id: publicId,
  username,
  firstName,
  lastName,
  email,
  dateJoined: Math.floor(joinedAt),
});

type Member = Doc<"tutoringMembers">;

/** The part of a member that a request shows. */
export type Asking = Pick<Member, "user" | "request">;

export const showRequest = (session: Session, { user, request }: Asking): RequestView => ({
  id: request.publicId,
  session: session.publicId,
  user: showUser(user),
  message: request.message,
  status: request.status,
  requestedAt: request.requestedAt,
});

export function showMaterial(session: Session, material: Doc<"tutoringMaterials">): MaterialView {
  const { body } = material;
  return {
    id: material.publicId,
    session: session.publicId,
    title: material.title,
    type: body.type,
    url: body.type === "link" ? body.url : "",
    file: body.type === "file" && body.scanStatus === "clean",
    fileName: material.fileName,
    uploadedBy: showUser(session.creator),
    uploadedAt: Math.floor(material._creationTime),
    content: body.type === "note" ? body.content : "",
    scanStatus: body.type === "file" ? body.scanStatus : null,
  };
}

/** The rows that a session is shown with; `waiting` is one of its seat figures. */
type SessionParts = {
  members: Member[];
  materials: Doc<"tutoringMaterials">[];
  waiting: Doc<"tutoringSeats">["waiting"];
};

/**
 * Everything about a session, as its creator sees it. Participants and requests are in the order in which they came.
 */
export function showSession(session: Session, { members, materials, waiting }: SessionParts): SessionView {
  const seated = members
    .flatMap(({ user, seat }) => (seat ? [{ user, seat }] : []))
    .sort((a, b) => a.seat.joinedAt - b.seat.joinedAt);
  const { maxParticipants } = session;
  const { isFull, availableSpots } = countSpots({ participantCount: seated.length, maxParticipants, waiting });
  return {
    id: session.publicId,
    title: session.title,
    description: session.description,
    subject: session.subject,
    level: session.level,
    date: session.startsAt,
    duration: session.durationMinutes,
    maxParticipants,
    creator: showUser(session.creator),
    status: session.status,
    createdAt: Math.floor(session._creationTime),
    updatedAt: Math.floor(session.updatedAt),
    participants: seated.map(({ user, seat }) => ({
      id: seat.publicId,
      session: session.publicId,
      user: showUser(user),
      role: seat.role,
      status: "approved",
      joinedAt: seat.joinedAt,
    })),
    materials: materials.map((material) => showMaterial(session, material)),
    bookingRequests: [...members]
      .sort((a, b) => a._creationTime - b._creationTime)
      .map((member) => showRequest(session, member)),
    isFull,
    availableSpots,
    participantCount: seated.length,
    canJoin: !isFull && isOpen(session.status),
  };
}
