/**
 * Views as the JSON text of tutoring/README §6. Cards keep that text, so that a list is joined from texts without
 * parsing them; live functions and the views of members read it back.
 */
import { toWireTime, toWireTimeOrNull } from "../../lib/time";
import type {
  LinkedMaterial,
  LinkedSession,
  MaterialView,
  ProposalView,
  RequestView,
  SessionView,
  SharedView,
  UserView,
  WaitView,
} from "../views/shapes";
import type { WireMaterial, WireProposal, WireRequest, WireSession, WireShared, WireWait } from "./schemas";

type WireUser = WireSession["creator"];
type ParticipantView = SessionView["participants"][number];
type WireParticipant = WireSession["participants"][number];

export const toWireUser = (user: UserView): WireUser => ({
  id: user.id,
  username: user.username,
  first_name: user.firstName,
  last_name: user.lastName,
  email: user.email,
  date_joined: toWireTime(user.dateJoined),
});

const toUser = (user: WireUser): UserView => ({
  id: user.id,
  username: user.username,
  firstName: user.first_name,
  lastName: user.last_name,
  email: user.email,
  dateJoined: Date.parse(user.date_joined),
});

const toWireRequest = (request: RequestView): WireRequest => ({
  id: request.id,
  session: request.session,
  user: toWireUser(request.user),
  message: request.message,
  status: request.status,
  requested_at: toWireTime(request.requestedAt),
});

const toRequest = (request: WireRequest): RequestView => ({
  id: request.id,
  session: request.session,
  user: toUser(request.user),
  message: request.message,
  status: request.status,
  requestedAt: Date.parse(request.requested_at),
});

const toWireMaterial = <File>(material: MaterialView<File>) => ({
  id: material.id,
  session: material.session,
  title: material.title,
  type: material.type,
  url: material.url,
  file: material.file,
  file_name: material.fileName,
  uploaded_by: toWireUser(material.uploadedBy),
  uploaded_at: toWireTime(material.uploadedAt),
  content: material.content,
  scan_status: material.scanStatus,
});

const toMaterial = (material: WireMaterial): MaterialView => ({
  id: material.id,
  session: material.session,
  title: material.title,
  type: material.type,
  url: material.url,
  file: material.file !== null,
  fileName: material.file_name,
  uploadedBy: toUser(material.uploaded_by),
  uploadedAt: Date.parse(material.uploaded_at),
  content: material.content,
  scanStatus: material.scan_status,
});

const toWireParticipant = (participant: ParticipantView): WireParticipant => ({
  id: participant.id,
  session: participant.session,
  user: toWireUser(participant.user),
  role: participant.role,
  status: participant.status,
  joined_at: toWireTime(participant.joinedAt),
});

const toParticipant = (participant: WireParticipant): ParticipantView => ({
  id: participant.id,
  session: participant.session,
  user: toUser(participant.user),
  role: participant.role,
  status: "approved",
  joinedAt: Date.parse(participant.joined_at),
});

const toWireSession = (session: LinkedSession): WireSession => ({
  id: session.id,
  title: session.title,
  description: session.description,
  subject: session.subject,
  level: session.level,
  date: toWireTime(session.date),
  duration: session.duration,
  max_participants: session.maxParticipants,
  creator: toWireUser(session.creator),
  status: session.status,
  created_at: toWireTime(session.createdAt),
  updated_at: toWireTime(session.updatedAt),
  participants: session.participants.map(toWireParticipant),
  materials: session.materials.map(toWireMaterial),
  booking_requests: session.bookingRequests.map(toWireRequest),
  is_full: session.isFull,
  available_spots: session.availableSpots,
  participant_count: session.participantCount,
  can_join: session.canJoin,
});

const toSession = (session: WireSession): SessionView => ({
  id: session.id,
  title: session.title,
  description: session.description,
  subject: session.subject,
  level: session.level,
  date: Date.parse(session.date),
  duration: session.duration,
  maxParticipants: session.max_participants,
  creator: toUser(session.creator),
  status: session.status,
  createdAt: Date.parse(session.created_at),
  updatedAt: Date.parse(session.updated_at),
  participants: session.participants.map(toParticipant),
  materials: session.materials.map(toMaterial),
  bookingRequests: session.booking_requests.map(toRequest),
  isFull: session.is_full,
  availableSpots: session.available_spots,
  participantCount: session.participant_count,
  canJoin: session.can_join,
});

export const encodeWaitlist = (waitlist: WaitView[]): string =>
  JSON.stringify(
    waitlist.map(({ user, position, since, offerExpiresAt }): WireWait => ({
      user: toWireUser(user),
      position,
      since: toWireTime(since),
      offer_expires_at: toWireTimeOrNull(offerExpiresAt),
    })),
  );
export const encodeProposals = (proposals: ProposalView[]): string =>
  JSON.stringify(
    proposals.map(({ user, date, proposedAt }): WireProposal => ({
      user: toWireUser(user),
      date: toWireTime(date),
      proposed_at: toWireTime(proposedAt),
    })),
  );
export const encodeShared = ({ date, availableSpots, ...same }: SharedView): string =>
  JSON.stringify({ ...same, date: toWireTime(date), available_spots: availableSpots } satisfies WireShared);
export const encodeRequest = (request: RequestView): string => JSON.stringify(toWireRequest(request));
export const encodeMaterials = (materials: LinkedMaterial[]): string => JSON.stringify(materials.map(toWireMaterial));
export const encodeMaterial = (material: LinkedMaterial): string => JSON.stringify(toWireMaterial(material));
export const encodeSession = (session: LinkedSession): string => JSON.stringify(toWireSession(session));

/** In a card's text a file that can be downloaded is `@` and its id, until the viewer's own link takes that place. */
const toFilePlace = ({ id, file }: MaterialView): string | null => (file ? `@${id}` : null);

/** A view as its card keeps it. */
export const encodeCard = (view: SessionView): string =>
  encodeSession({ ...view, materials: view.materials.map((one) => ({ ...one, file: toFilePlace(one) })) });

/** The view that `encodeCard` made a text of. */
export const decodeCard = (text: string): SessionView => toSession(JSON.parse(text) as WireSession);

/** A card's text with one more request at the end of its requests. */
export function appendRequest(text: string, request: RequestView): string {
  const card = JSON.parse(text) as WireSession;
  card.booking_requests.push(toWireRequest(request));
  return JSON.stringify(card);
}

/** Whether a card's text holds a file to link: a quotation mark within a string of JSON text is escaped. */
export const hasFiles = (text: string): boolean => text.includes('"file":"@');
