/** The read model: what is shown of sessions, in the names of the domain and ms. Live functions return it as it is. */
import { v, type Infer } from "convex/values";
import { vLevel, vRequestStatus, vScanStatus, vStatus } from "../shapes";

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

export const vWait = v.object({
  user: vUser,
  /** 1 for the first. */
  position: v.number(),
  since: v.number(),
  offerExpiresAt: v.union(v.number(), v.null()),
});
export type WaitView = Infer<typeof vWait>;

export const vProposal = v.object({
  user: vUser,
  /** The start that is proposed. */
  date: v.number(),
  proposedAt: v.number(),
});
export type ProposalView = Infer<typeof vProposal>;

/** What a link shows of a session to anybody. */
export const vShared = v.object({
  title: v.string(),
  subject: v.string(),
  /** The creator's name. */
  tutor: v.string(),
  date: v.number(),
  /** Minutes. */
  duration: v.number(),
  status: vStatus,
  /** 0 once it can no longer be joined. */
  availableSpots: v.number(),
});
export type SharedView = Infer<typeof vShared>;

/** A session in a calendar. */
export const vCalendarEntry = v.object({
  id: v.number(),
  title: v.string(),
  subject: v.string(),
  level: vLevel,
  tutor: v.string(),
  date: v.number(),
  /** Minutes. */
  duration: v.number(),
  status: vStatus,
  /** Whether the viewer gives it or has a seat in it. */
  isMine: v.boolean(),
});
export type CalendarEntry = Infer<typeof vCalendarEntry>;

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

export type UserView = Infer<typeof vUser>;
export type RequestView = Infer<typeof vRequest>;
/** A material before links are made: `file` is whether there is one to download. */
export type MaterialView<File = boolean> = Omit<Infer<typeof vMaterial>, "file"> & { file: File };
export type SessionView<File = boolean> = Omit<Infer<typeof vSession>, "materials"> & {
  materials: MaterialView<File>[];
};
/** The view as it is answered, with the viewer's own links to files. */
export type LinkedMaterial = MaterialView<string | null>;
export type LinkedSession = SessionView<string | null>;
