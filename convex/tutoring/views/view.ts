/**
 * The documented session answer (README §6 "Shapes"), and who sees what of it. `fullView` puts together what its
 * creator sees; `publicView` and `viewOfMember` are the one place that decides what others do.
 */
import type { Doc } from "../../_generated/dataModel";
import { wireTime } from "../../lib/time";
import { isOpen, seatsOf } from "../rules";
import type { Level, Person, ScanStatus, Status } from "../shapes";

export type WireUser = {
  id: number;
  username: string;
  first_name: string;
  last_name: string;
  email: string;
  date_joined: string;
};
export type WireParticipant = {
  id: number;
  session: number;
  user: WireUser;
  role: "student" | "tutor";
  status: "approved";
  joined_at: string;
};
export type WireRequest = {
  id: number;
  session: number;
  user: WireUser;
  message: string;
  status: "pending" | "approved" | "rejected";
  requested_at: string;
};
export type WireMaterial = {
  id: number;
  session: number;
  title: string;
  type: "file" | "link" | "note";
  url: string;
  /** `@<id>` until links.ts puts the viewer's own link there. */
  file: string | null;
  file_name: string;
  uploaded_by: WireUser;
  uploaded_at: string;
  content: string;
  /** Null for what is no file. */
  scan_status: ScanStatus | null;
};
export type WireSession = {
  id: number;
  title: string;
  description: string;
  subject: string;
  level: Level;
  date: string;
  duration: number;
  max_participants: number;
  creator: WireUser;
  status: Status;
  created_at: string;
  updated_at: string;
  participants: WireParticipant[];
  materials: WireMaterial[];
  booking_requests: WireRequest[];
  is_full: boolean;
  available_spots: number;
  participant_count: number;
  can_join: boolean;
};

export const personOf = (user: Doc<"users">): Person => ({
  publicId: user.publicId,
  username: user.username,
  firstName: user.firstName,
  lastName: user.lastName,
  email: user.email ?? "",
  joinedAt: user._creationTime,
});

export const fullName = ({ firstName, lastName, username }: Person): string =>
  [firstName, lastName].filter(Boolean).join(" ") || username;

export const wireUser = (person: Person): WireUser => ({
  id: person.publicId,
  username: person.username,
  first_name: person.firstName,
  last_name: person.lastName,
  email: person.email,
  date_joined: wireTime(person.joinedAt),
});

type Session = Doc<"tutoringSessions">;
type Member = Doc<"tutoringMembers">;

/** The part of a member that a request shows. */
export type Asking = Pick<Member, "user" | "request">;

export const wireRequest = (session: Session, member: Asking): WireRequest => ({
  id: member.request.publicId,
  session: session.publicId,
  user: wireUser(member.user),
  message: member.request.message,
  status: member.request.status,
  requested_at: wireTime(member.request.requestedAt),
});

export function wireMaterial(session: Session, material: Doc<"tutoringMaterials">): WireMaterial {
  const { body } = material;
  return {
    id: material.publicId,
    session: session.publicId,
    title: material.title,
    type: body.type,
    url: body.type === "link" ? body.url : "",
    file: body.type === "file" && body.scanStatus === "clean" ? `@${material.publicId}` : null,
    file_name: material.fileName,
    uploaded_by: wireUser(session.creator),
    uploaded_at: wireTime(material._creationTime),
    content: body.type === "note" ? body.content : "",
    scan_status: body.type === "file" ? body.scanStatus : null,
  };
}

/** All of a session, as its creator sees it. Participants and requests in the order of their coming. */
export function fullView(session: Session, members: Member[], materials: Doc<"tutoringMaterials">[]): WireSession {
  const seated = members
    .flatMap((member) => (member.seat ? [{ user: member.user, seat: member.seat }] : []))
    .sort((a, b) => a.seat.joinedAt - b.seat.joinedAt);
  const { isFull, availableSpots } = seatsOf(seated.length, session.maxParticipants);
  return {
    id: session.publicId,
    title: session.title,
    description: session.description,
    subject: session.subject,
    level: session.level,
    date: wireTime(session.startsAt),
    duration: session.durationMinutes,
    max_participants: session.maxParticipants,
    creator: wireUser(session.creator),
    status: session.status,
    created_at: wireTime(session._creationTime),
    updated_at: wireTime(session.updatedAt),
    participants: seated.map(({ user, seat }) => ({
      id: seat.publicId,
      session: session.publicId,
      user: wireUser(user),
      role: seat.role,
      status: "approved",
      joined_at: wireTime(seat.joinedAt),
    })),
    materials: materials.map((material) => wireMaterial(session, material)),
    booking_requests: [...members]
      .sort((a, b) => a._creationTime - b._creationTime)
      .map((member) => wireRequest(session, member)),
    is_full: isFull,
    available_spots: availableSpots,
    participant_count: seated.length,
    can_join: !isFull && isOpen(session.status),
  };
}

export const withoutEmail = (user: WireUser): WireUser => (user.email === "" ? user : { ...user, email: "" });

/** A material as others than creator and participants see it: that it is there, without its content. */
export const blankMaterial = (material: WireMaterial): WireMaterial => ({
  ...material,
  url: "",
  content: "",
  file: null,
});

/** A session as any signed-in user sees it: no e-mails, no requests, blank materials. */
export function publicView(full: WireSession): WireSession {
  const creator = withoutEmail(full.creator);
  return {
    ...full,
    creator,
    participants: full.participants.map((one) => ({ ...one, user: withoutEmail(one.user) })),
    materials: full.materials.map((material) => ({ ...blankMaterial(material), uploaded_by: creator })),
    booking_requests: [],
  };
}

/**
 * The public view with what a requester or participant sees besides: the creator's e-mail and their own, their own
 * request, and with a seat the contents of `materials`.
 */
export function viewOfMember(
  shared: WireSession,
  session: Session,
  member: Member,
  materials: Doc<"tutoringMaterials">[],
): WireSession {
  const creator = wireUser(session.creator);
  return {
    ...shared,
    creator,
    participants: shared.participants.map((one) =>
      one.user.id === member.user.publicId ? { ...one, user: wireUser(member.user) } : one,
    ),
    materials: member.seat
      ? materials.map((material) => wireMaterial(session, material))
      : shared.materials.map((material) => ({ ...material, uploaded_by: creator })),
    booking_requests: [wireRequest(session, member)],
    can_join: shared.can_join && !member.seat,
  };
}
