/** Sessions as the live functions give them: the same as over REST, in camelCase, times in ms. */
import { v, type Infer } from "convex/values";
import { vLevel, vRequestStatus, vScanStatus, vStatus } from "../shapes";
import type { WireMaterial, WireRequest, WireSession, WireUser } from "./view";

const vUser = v.object({
  id: v.number(),
  username: v.string(),
  firstName: v.string(),
  lastName: v.string(),
  email: v.string(),
  dateJoined: v.number(),
});

export const vRequest = v.object({
  id: v.number(),
  session: v.number(),
  user: vUser,
  message: v.string(),
  status: vRequestStatus,
  requestedAt: v.number(),
});

export const vMaterial = v.object({
  id: v.number(),
  session: v.number(),
  title: v.string(),
  type: v.union(v.literal("file"), v.literal("link"), v.literal("note")),
  url: v.string(),
  /** Where to download it; null until it is found clean, and for those who may not. */
  file: v.union(v.string(), v.null()),
  fileName: v.string(),
  uploadedBy: vUser,
  uploadedAt: v.number(),
  content: v.string(),
  scanStatus: v.union(vScanStatus, v.null()),
});

export const vSession = v.object({
  id: v.number(),
  title: v.string(),
  description: v.string(),
  subject: v.string(),
  level: vLevel,
  date: v.number(),
  /** Minutes. */
  duration: v.number(),
  maxParticipants: v.number(),
  creator: vUser,
  status: vStatus,
  createdAt: v.number(),
  updatedAt: v.number(),
  participants: v.array(
    v.object({
      id: v.number(),
      session: v.number(),
      user: vUser,
      role: v.union(v.literal("student"), v.literal("tutor")),
      status: v.literal("approved"),
      joinedAt: v.number(),
    }),
  ),
  materials: v.array(vMaterial),
  bookingRequests: v.array(vRequest),
  isFull: v.boolean(),
  availableSpots: v.number(),
  participantCount: v.number(),
  canJoin: v.boolean(),
});

const userOf = (user: WireUser): Infer<typeof vUser> => ({
  id: user.id,
  username: user.username,
  firstName: user.first_name,
  lastName: user.last_name,
  email: user.email,
  dateJoined: Date.parse(user.date_joined),
});

export const requestOf = (request: WireRequest): Infer<typeof vRequest> => ({
  id: request.id,
  session: request.session,
  user: userOf(request.user),
  message: request.message,
  status: request.status,
  requestedAt: Date.parse(request.requested_at),
});

export const materialOf = (material: WireMaterial): Infer<typeof vMaterial> => ({
  id: material.id,
  session: material.session,
  title: material.title,
  type: material.type,
  url: material.url,
  file: material.file,
  fileName: material.file_name,
  uploadedBy: userOf(material.uploaded_by),
  uploadedAt: Date.parse(material.uploaded_at),
  content: material.content,
  scanStatus: material.scan_status,
});

export const sessionOf = (view: WireSession): Infer<typeof vSession> => ({
  id: view.id,
  title: view.title,
  description: view.description,
  subject: view.subject,
  level: view.level,
  date: Date.parse(view.date),
  duration: view.duration,
  maxParticipants: view.max_participants,
  creator: userOf(view.creator),
  status: view.status,
  createdAt: Date.parse(view.created_at),
  updatedAt: Date.parse(view.updated_at),
  participants: view.participants.map((one) => ({
    id: one.id,
    session: one.session,
    user: userOf(one.user),
    role: one.role,
    status: one.status,
    joinedAt: Date.parse(one.joined_at),
  })),
  materials: view.materials.map(materialOf),
  bookingRequests: view.booking_requests.map(requestOf),
  isFull: view.is_full,
  availableSpots: view.available_spots,
  participantCount: view.participant_count,
  canJoin: view.can_join,
});
