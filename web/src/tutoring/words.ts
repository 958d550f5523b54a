import type { BadgeTone } from "@/components/ui/badge";
import type { Level, Person, TutoringStatus } from "./api";

export const STATUS_LOOK: Record<TutoringStatus, { label: string; tone: BadgeTone }> = {
  pending_approval: { label: "Awaiting approval", tone: "warning" },
  approved: { label: "Approved", tone: "accent" },
  scheduled: { label: "Scheduled", tone: "accent" },
  ongoing: { label: "Ongoing", tone: "success" },
  completed: { label: "Completed", tone: "neutral" },
  cancelled: { label: "Cancelled", tone: "danger" },
  expired: { label: "Expired", tone: "neutral" },
};

export const STATUS_OPTIONS = Object.entries(STATUS_LOOK).map(([value, { label }]) => ({ value, label }));

const NEXT: Record<TutoringStatus, string> = {
  pending_approval:
    "A moderator has to approve it before anybody can ask to join. Unapproved at its start, it expires.",
  approved: "Open for requests. The first seat that is given schedules it.",
  scheduled: "It will take place. Everybody in it is reminded a day and an hour before.",
  ongoing: "It has begun and ends by itself.",
  completed: "It is over.",
  cancelled: "It was cancelled; nobody can join it any more.",
  expired: "Its time passed without it taking place.",
};

/** What comes next. */
export const nextText = (status: TutoringStatus): string => NEXT[status];

export const isOver = (status: TutoringStatus): boolean =>
  status === "completed" || status === "cancelled" || status === "expired";

export const LEVEL_LABEL: Record<Level, string> = {
  beginner: "Beginner",
  intermediate: "Intermediate",
  advanced: "Advanced",
};

export const LEVEL_OPTIONS = Object.entries(LEVEL_LABEL).map(([value, label]) => ({ value, label }));

type Named = Pick<Person, "firstName" | "lastName" | "username">;

export const personName = ({ firstName, lastName, username }: Named): string =>
  [firstName, lastName].filter(Boolean).join(" ") || username;

/** "AL" of Ada Lovelace. */
export const initials = (person: Named): string =>
  personName(person)
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0]?.toUpperCase() ?? "")
    .join("");

/** "1 seat free", "5 seats free", "Full". */
export const seatsText = (availableSpots: number): string =>
  availableSpots <= 0 ? "Full" : `${availableSpots} ${availableSpots === 1 ? "seat" : "seats"} free`;

/** "the one participant", "all 5 participants". */
export const allParticipants = (count: number): string =>
  count === 1 ? "the one participant" : `all ${count} participants`;
