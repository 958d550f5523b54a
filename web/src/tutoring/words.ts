import type { BadgeTone } from "@/components/ui/badge";
import { t } from "@/messages/translate";
import type { Level, Person, TutoringStatus } from "./types";

export const STATUS_LOOK: Record<TutoringStatus, { label: string; tone: BadgeTone }> = {
  pending_approval: { label: t("tutoring.awaitingApproval"), tone: "warning" },
  approved: { label: t("common.approved"), tone: "accent" },
  scheduled: { label: t("tutoring.scheduled"), tone: "accent" },
  ongoing: { label: t("common.inProgress"), tone: "success" },
  completed: { label: t("common.completed"), tone: "neutral" },
  cancelled: { label: t("common.canceled"), tone: "danger" },
  expired: { label: t("tutoring.expired"), tone: "neutral" },
};

export const STATUS_OPTIONS = Object.entries(STATUS_LOOK).map(([value, { label }]) => ({ value, label }));

const NEXT: Record<TutoringStatus, string> = {
  pending_approval: t("tutoring.nextAwaiting"),
  approved: t("tutoring.nextApproved"),
  scheduled: t("tutoring.nextScheduled"),
  ongoing: t("tutoring.nextOngoing"),
  completed: t("tutoring.nextCompleted"),
  cancelled: t("tutoring.nextCanceled"),
  expired: t("tutoring.nextExpired"),
};

/** The sentence about the next step. */
export const nextText = (status: TutoringStatus): string => NEXT[status];

export const LEVEL_LABEL: Record<Level, string> = {
  beginner: t("tutoring.beginner"),
  intermediate: t("tutoring.intermediate"),
  advanced: t("tutoring.advanced"),
};

export const LEVEL_OPTIONS = Object.entries(LEVEL_LABEL).map(([value, label]) => ({ value, label }));

type Named = Pick<Person, "firstName" | "lastName" | "username">;

export const personName = ({ firstName, lastName, username }: Named): string =>
  [firstName, lastName].filter(Boolean).join(" ") || username;

/** The initials of a name: "AL" for Ada Lovelace. */
export const initials = (person: Named): string =>
  personName(person)
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0]?.toUpperCase() ?? "")
    .join("");

/** "1 seat free", "5 seats free", "Full". */
export const seatsText = (availableSpots: number): string =>
  t("tutoring.seatsFree", { count: Math.max(0, availableSpots) });
