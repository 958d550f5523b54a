import { defineTable } from "convex/server";
import { v } from "convex/values";
import { vLevel, vMaterialBody, vPerson, vRequestStatus, vSignalKind, vStatus } from "./shapes";

export const tutoringTables = {
  /**
   * A tutoring session as it is offered. Changes when its creator edits it or its status moves, not when somebody
   * joins, so that pages of many watchers do not re-run for that. Written by booking/sessionRows; its children are
   * deleted with it or right after it.
   */
  tutoringSessions: defineTable({
    publicId: v.number(),
    tenantId: v.id("tenants"),
    creatorId: v.id("users"),
    creator: vPerson,
    title: v.string(),
    description: v.string(),
    subject: v.string(),
    level: vLevel,
    startsAt: v.number(),
    durationMinutes: v.number(),
    maxParticipants: v.number(),
    status: vStatus,
    updatedAt: v.number(),
    /** Changes of time, title and status so far, as calendars count them (RFC 5545 SEQUENCE); absent: none. */
    sequence: v.optional(v.number()),
    /** Unguessable; names the session in the queries of live.ts. */
    liveKey: v.string(),
    /** Title, subject, creator and description, as `lib/folding/search` folds and divides them. */
    searchText: v.string(),
  })
    .index("by_publicId", ["publicId"])
    .index("by_creatorId", ["creatorId"])
    .index("by_liveKey", ["liveKey"])
    .index("by_tenantId_and_status_and_startsAt", ["tenantId", "status", "startsAt"])
    .searchIndex("search", { searchField: "searchText", filterFields: ["tenantId", "status", "level"] }),

  /**
   * One row per session: the documented answer as one JSON text, so that a list reads one row per session however much
   * is nested in it. `text` is what people see who have no part in the session; null when it is too large, then it is
   * put together from the rows. Written by views/cards only, in the transaction of every change.
   */
  tutoringCards: defineTable({
    sessionId: v.id("tutoringSessions"),
    tenantId: v.id("tenants"),
    creatorId: v.id("users"),
    /** `_creationTime` of the session. */
    sessionCreatedAt: v.number(),
    status: vStatus,
    level: vLevel,
    /** `rules.toSubjectKey`. */
    subjectKey: v.string(),
    shelfId: v.id("tutoringShelves"),
    fullCardId: v.id("tutoringFullCards"),
    text: v.union(v.string(), v.null()),
  })
    .index("by_sessionId", ["sessionId"])
    // oxlint-disable-next-line @convex-dev/no-duplicate-indexes -- newest first over all kinds
    .index("by_tenantId", ["tenantId"])
    .index("by_tenantId_and_status_and_level", ["tenantId", "status", "level"])
    .index("by_tenantId_and_subjectKey_and_status_and_level", ["tenantId", "subjectKey", "status", "level"]),

  /** The same answer with all that its creator sees, from which what participants and requesters see is taken. */
  tutoringFullCards: defineTable({
    sessionId: v.id("tutoringSessions"),
    text: v.union(v.string(), v.null()),
  }).index("by_sessionId", ["sessionId"]),

  /**
   * The figures that move, one small row per session, watched by everyone through `tutoring/live:seats`. The capacity
   * rule is decided on this row. Written by booking/seatFigures in the transaction that changes what it counts.
   */
  tutoringSeats: defineTable({
    sessionId: v.id("tutoringSessions"),
    liveKey: v.string(),
    status: vStatus,
    maxParticipants: v.number(),
    /** Members with a seat; at most `maxParticipants`. */
    participantCount: v.number(),
    pendingRequestCount: v.number(),
    /** Rows in `tutoringMembers`. */
    memberCount: v.number(),
    /** Rows in `tutoringWaits`, and those of them that a seat is held for; absent while nobody waits. */
    waiting: v.optional(v.object({ people: v.number(), held: v.number() })),
  })
    .index("by_sessionId", ["sessionId"])
    .index("by_liveKey", ["liveKey"]),

  /**
   * A user's part in a session: the booking request, and the seat once it is approved. One row per session and user, so
   * that nobody can hold two. Written by booking/memberRows; deleted on leaving.
   */
  tutoringMembers: defineTable({
    sessionId: v.id("tutoringSessions"),
    /** `_creationTime` of the session: the order of lists. */
    sessionCreatedAt: v.number(),
    userId: v.id("users"),
    user: vPerson,
    request: v.object({ publicId: v.number(), message: v.string(), status: vRequestStatus, requestedAt: v.number() }),
    seat: v.union(
      v.null(),
      v.object({ publicId: v.number(), role: v.union(v.literal("student"), v.literal("tutor")), joinedAt: v.number() }),
    ),
  })
    .index("by_sessionId_and_userId", ["sessionId", "userId"])
    .index("by_sessionId_and_status", ["sessionId", "request.status"])
    .index("by_userId_and_sessionCreatedAt", ["userId", "sessionCreatedAt"]),

  /**
   * A user's place on the waiting list of a full session, in the order of `_creationTime`. Written by booking/waitRows;
   * goes with the seat that is taken, with an offer that lapses, and when the session can no longer be joined.
   */
  tutoringWaits: defineTable({
    sessionId: v.id("tutoringSessions"),
    userId: v.id("users"),
    /** Until when a seat is held for the user; null while none is free. */
    offerExpiresAt: v.union(v.number(), v.null()),
  })
    // oxlint-disable-next-line @convex-dev/no-duplicate-indexes -- in the order in which people came
    .index("by_sessionId", ["sessionId"])
    .index("by_sessionId_and_userId", ["sessionId", "userId"])
    .index("by_sessionId_and_offerExpiresAt", ["sessionId", "offerExpiresAt"])
    .index("by_userId", ["userId"]),

  /**
   * Another start that a member proposes, one for each. Written by hosting/proposalRows; goes when it is answered or
   * taken back, with the member, and with the session.
   */
  tutoringProposals: defineTable({
    sessionId: v.id("tutoringSessions"),
    userId: v.id("users"),
    startsAt: v.number(),
    proposedAt: v.number(),
  }).index("by_sessionId_and_userId", ["sessionId", "userId"]),

  /**
   * The link by which a session is shown without sign-in. The token is kept as it is, because the creator may look it
   * up again and it shows less than any signed-in user sees. Written by hosting/shares; goes when its creator ends it,
   * and with the session.
   */
  tutoringShares: defineTable({ sessionId: v.id("tutoringSessions"), token: v.string() })
    .index("by_sessionId", ["sessionId"])
    .index("by_token", ["token"]),

  /**
   * A user's private calendar feed. Its address holds the token, of which only the SHA-256 is stored. Written by
   * calendar/feeds.
   */
  tutoringFeeds: defineTable({ userId: v.id("users"), tokenHash: v.string() })
    .index("by_userId", ["userId"])
    .index("by_tokenHash", ["tokenHash"]),

  /**
   * Links, notes and files of a session, at most `MATERIALS_MAX` each. Written by files/materialRows; go with the
   * session.
   */
  tutoringMaterials: defineTable({
    publicId: v.number(),
    sessionId: v.id("tutoringSessions"),
    title: v.string(),
    fileName: v.string(),
    body: vMaterialBody,
  })
    .index("by_sessionId", ["sessionId"])
    .index("by_publicId", ["publicId"])
    .index("by_scanStatus_and_scanBegunAt", ["body.scanStatus", "body.scanBegunAt"])
    .index("by_storageId", ["body.storageId"]),

  /**
   * When a session next needs attention: a change of status or a reminder. One row per session that has such a time
   * ahead. Everything due up to `coveredUntil` has happened, which is why nothing happens twice. Written by
   * clock/statusClock.
   */
  tutoringClocks: defineTable({ sessionId: v.id("tutoringSessions"), dueAt: v.number(), coveredUntil: v.number() })
    .index("by_sessionId", ["sessionId"])
    .index("by_dueAt", ["dueAt"]),

  /**
   * Numbers of sessions of each kind, so that no list is counted by reading it. Rows with `subjectKey` null count
   * all subjects; rows that reach zero go. Written by views/cards.
   */
  tutoringCounts: defineTable({
    tenantId: v.id("tenants"),
    subjectKey: v.union(v.string(), v.null()),
    status: vStatus,
    level: vLevel,
    count: v.number(),
  }).index("by_tenantId_and_subjectKey_and_status_and_level", ["tenantId", "subjectKey", "status", "level"]),

  /**
   * Blocks of up to `BLOCK_SIZE` cards in the order of their creation: a page far down is reached by skipping blocks,
   * not cards (lib/paging/rank). Written by views/cards, which deletes an empty block.
   */
  tutoringShelves: defineTable({
    tenantId: v.id("tenants"),
    /** `_creationTime` of the first card of the block. */
    firstCardAt: v.number(),
    /** Cards in the block now, and cards that were ever in it. */
    count: v.number(),
    placed: v.number(),
  }).index("by_tenantId", ["tenantId"]),

  /**
   * A page that shows a session: the only thing its beats write. Written by presence.ts, which deletes it when the page
   * is left or silent.
   */
  tutoringVisits: defineTable({
    sessionId: v.id("tutoringSessions"),
    liveKey: v.string(),
    userId: v.id("users"),
    visitId: v.string(),
    until: v.number(),
  })
    .index("by_sessionId_and_userId_and_visitId", ["sessionId", "userId", "visitId"])
    .index("by_until", ["until"]),

  /** Number of different people in `tutoringVisits` for a session; no row for 0. Written by presence.ts. */
  tutoringAudiences: defineTable({ liveKey: v.string(), people: v.number() }).index("by_liveKey", ["liveKey"]),

  /**
   * A person's part in the room of a session: their knock, whether they are inside, and how long they were. One row for
   * a person, however many tabs. Written by rooms/people; goes with the session.
   */
  tutoringRoomPeople: defineTable({
    sessionId: v.id("tutoringSessions"),
    userId: v.id("users"),
    /** What the creator said to the person, or has to; `none` for those who need not knock. */
    standing: v.union(v.literal("none"), v.literal("knocking"), v.literal("admitted"), v.literal("removed")),
    /** When the visit that goes on began; null while outside. */
    insideSince: v.union(v.number(), v.null()),
    firstJoinedAt: v.union(v.number(), v.null()),
    lastLeftAt: v.union(v.number(), v.null()),
    /** Of all visits that have ended. */
    attendedMs: v.number(),
  })
    .index("by_sessionId_and_userId", ["sessionId", "userId"])
    .index("by_sessionId_and_insideSince", ["sessionId", "insideSince"])
    .index("by_sessionId_and_standing", ["sessionId", "standing"]),

  /**
   * A sign of life from somebody in a room, apart from `tutoringRoomPeople` because no page watches it. Written by
   * rooms/people.
   */
  tutoringRoomBeats: defineTable({ personId: v.id("tutoringRoomPeople"), until: v.number() })
    .index("by_personId", ["personId"])
    .index("by_until", ["until"]),

  /** When the room of a session last opened or closed: what makes its pages look again. Written by rooms/turns. */
  tutoringRoomTurns: defineTable({ sessionId: v.id("tutoringSessions"), turnedAt: v.number() }).index("by_sessionId", [
    "sessionId",
  ]),

  /**
   * The notes that a session's room shares; none until somebody writes. Written by rooms/notes; go with the session.
   */
  tutoringNotes: defineTable({
    sessionId: v.id("tutoringSessions"),
    text: v.string(),
    /** Changes so far. */
    revision: v.number(),
  }).index("by_sessionId", ["sessionId"]),

  /** What was said in a session's room. Written by rooms/chat; goes with the session. */
  tutoringChat: defineTable({ sessionId: v.id("tutoringSessions"), userId: v.id("users"), text: v.string() }).index(
    "by_sessionId",
    ["sessionId"],
  ),

  /**
   * A message from one participant's browser to another's to set up a call. Written by calls/signalRows; deleted when
   * received, or a minute later.
   */
  tutoringSignals: defineTable({
    sessionId: v.id("tutoringSessions"),
    toId: v.id("users"),
    /** The sender's integer id. */
    from: v.number(),
    kind: vSignalKind,
    body: v.string(),
  }).index("by_sessionId_and_toId", ["sessionId", "toId"]),

  /**
   * Keys that file links are signed with. The newest signs; it and the one before are accepted. Written by files/links;
   * renewed by a cron.
   */
  tutoringLinkKeys: defineTable({ secret: v.string(), expiresAt: v.number() }).index("by_expiresAt", ["expiresAt"]),
};
