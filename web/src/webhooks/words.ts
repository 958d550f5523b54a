import type { BadgeTone } from "@/components/ui/badge";
import { t } from "@/messages/translate";
import type { Delivery, Endpoint, EventType } from "./api";

/** Subscribes to every event. */
export const ALL = "*";

const EVENT_LABELS: Record<EventType, string> = {
  "account.session.started": t("webhooks.signedIn"),
  "account.session.ended": t("webhooks.signedOut"),
  "valuation.created": t("webhooks.created"),
  "valuation.updated": t("webhooks.updated"),
  "valuation.completed": t("common.completed"),
  "valuation.deleted": t("common.deleted"),
  "valuation.claimed": t("webhooks.claimed"),
  "focus.started": t("webhooks.started"),
  "focus.completed": t("common.completed"),
  "tutoring.session.created": t("webhooks.created"),
  "tutoring.session.approved": t("common.approved"),
  "tutoring.session.updated": t("webhooks.updated"),
  "tutoring.session.cancelled": t("common.canceled"),
  "tutoring.session.completed": t("common.completed"),
  "tutoring.request.created": t("webhooks.requestCreated"),
  "tutoring.request.approved": t("common.approved"),
  "tutoring.request.rejected": t("webhooks.rejected"),
  "tutoring.participant.left": t("webhooks.participantLeft"),
};

type Group = { label: string; of: string[] };
const GROUPS: Group[] = [
  { label: t("webhooks.groupFocus"), of: ["focus."] },
  { label: t("webhooks.groupSession"), of: ["tutoring.session.", "tutoring.participant."] },
  { label: t("webhooks.groupRequest"), of: ["tutoring.request."] },
  { label: t("webhooks.groupValuation"), of: ["valuation."] },
  { label: t("webhooks.groupAccount"), of: ["account."] },
];

/** The events that one may choose, by what they are about. */
export const EVENT_GROUPS = GROUPS.map(({ label, of }) => ({
  label,
  events: Object.entries(EVENT_LABELS)
    .filter(([type]) => of.some((prefix) => type.startsWith(prefix)))
    .map(([type, eventLabel]) => ({ type, label: eventLabel })),
}));

export const eventsText = (events: string[]): string =>
  events.includes(ALL) ? t("webhooks.allEvents") : t("webhooks.countEvents", { count: events.length });

/** A URL without its scheme, which is the same for nearly all. */
export const shortUrl = (url: string): string => url.replace(/^https:\/\//, "");

export const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url);

export function lookOf({ enabled, disabledBecause, failingSince }: Endpoint): { label: string; tone: BadgeTone } {
  if (enabled)
    return failingSince === null
      ? { label: t("webhooks.active"), tone: "success" }
      : { label: t("webhooks.failing"), tone: "warning" };
  return disabledBecause === "request"
    ? { label: t("webhooks.paused"), tone: "neutral" }
    : { label: t("webhooks.stopped"), tone: "danger" };
}

export const DELIVERY_LOOK: Record<Delivery["status"], { label: string; tone: BadgeTone }> = {
  pending: { label: t("webhooks.pending"), tone: "neutral" },
  delivered: { label: t("webhooks.delivered"), tone: "success" },
  failed: { label: t("common.failed"), tone: "danger" },
};
