import type { Instant, Mutation, NoArgs, Paginated, Query } from "@/lib/api";

export type Level = "beginner" | "intermediate" | "advanced";
export type TutoringStatus = "pending_approval" | "approved" | "scheduled" | "ongoing" | "completed" | "cancelled" | "expired";
export type Person = { id: number; username: string; firstName: string; lastName: string };
export type Participant = { id: number; user: Person; role: "student" | "tutor"; status: string; joinedAt: Instant };
export type BookingRequest = { id: number; user: Person; message: string; status: string; requestedAt: Instant };

export type TutoringSession = {
  id: number;
  title: string;
  description: string;
  subject: string;
  level: Level;
  date: Instant;
  /** Minutes. */
  duration: number;
  maxParticipants: number;
  creator: Person;
  status: TutoringStatus;
  participants: Participant[];
  bookingRequests: BookingRequest[];
  isFull: boolean;
  availableSpots: number;
  participantCount: number;
  canJoin: boolean;
};

export type TutoringDraft = {
  title: string;
  description: string;
  subject: string;
  level: Level;
  /** RFC 3339 with offset. */
  date: string;
  duration: number;
  maxParticipants?: number;
};

type OfSession = { id: number };

export type TutoringApi = {
  sessions: {
    list: Paginated<{ status?: string; subject?: string; level?: string; search?: string }, TutoringSession>;
    get: Query<OfSession, TutoringSession>;
    mine: Query<NoArgs, { created: TutoringSession[]; joined: TutoringSession[] }>;
    create: Mutation<TutoringDraft, number>;
    join: Mutation<OfSession & { message?: string }, unknown>;
    leave: Mutation<OfSession, unknown>;
    cancel: Mutation<OfSession, unknown>;
    approve: Mutation<OfSession, unknown>;
    approveRequest: Mutation<OfSession & { userId: number }, unknown>;
    rejectRequest: Mutation<OfSession & { userId: number }, unknown>;
  };
};
