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

export const LEVEL_LABEL: Record<Level, string> = { beginner: "Beginner", intermediate: "Intermediate", advanced: "Advanced" };

export const LEVEL_OPTIONS = Object.entries(LEVEL_LABEL).map(([value, label]) => ({ value, label }));

export const personName = ({ firstName, lastName, username }: Pick<Person, "firstName" | "lastName" | "username">): string =>
  [firstName, lastName].filter(Boolean).join(" ") || username;

/** "1 seat free", "5 seats free", "Full". */
export const seatsText = (availableSpots: number): string =>
  availableSpots <= 0 ? "Full" : `${availableSpots} ${availableSpots === 1 ? "seat" : "seats"} free`;
