import type { Instant, Mutation, NoArgs, Paginated, Query } from "@/lib/api";

export type Notification = {
  id: number;
  title: string;
  message: string;
  type: "reminder" | "booking_request" | "session_update" | "general";
  /** The tutoring session it is about, or null. */
  session: number | null;
  read: boolean;
  createdAt: Instant;
};

export type NotificationsApi = {
  inbox: {
    list: Paginated<Record<never, never>, Notification>;
    unreadCount: Query<NoArgs, number>;
    markRead: Mutation<{ id: number }, unknown>;
    markAllRead: Mutation<NoArgs, unknown>;
  };
};
