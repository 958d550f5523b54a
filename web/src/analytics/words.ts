import type { AnalyticsEvent, Page } from "@convex/analytics/writer";
import { t } from "@/messages/translate";

type PageEvent = `page_opened.${Page}`;

const EVENT_LABELS: Record<Exclude<AnalyticsEvent, PageEvent>, string> = {
  page_opened: t("analytics.pageOpened"),
  signed_up: t("analytics.signedUp"),
  session_started: t("analytics.sessionStarted"),
  session_finished: t("analytics.sessionFinished"),
  session_abandoned: t("analytics.sessionAbandoned"),
  draft_started: t("analytics.draftStarted"),
  draft_completed: t("analytics.draftCompleted"),
  request_made: t("analytics.requestMade"),
  request_approved: t("analytics.requestApproved"),
  attended: t("analytics.attended"),
};

const PAGE_LABELS: Record<Page, string> = {
  home: t("shell.home"),
  focus: t("shell.focus"),
  tutoring: t("shell.tutoring"),
  room: t("analytics.pageRoom"),
  valuations: t("shell.reports"),
  notifications: t("shell.notifications"),
  account: t("analytics.pageAccount"),
  analytics: t("analytics.analytics"),
  operations: t("shell.operations"),
  other: t("analytics.pageOther"),
};

export const EVENT_OPTIONS = [
  ...Object.entries(EVENT_LABELS).map(([value, label]) => ({ value, label })),
  ...Object.entries(PAGE_LABELS).map(([page, label]) => ({
    value: `page_opened.${page}`,
    label: t("analytics.openedPage", { page: label }),
  })),
];

export const eventLabel = (event: string): string => EVENT_OPTIONS.find(({ value }) => value === event)?.label ?? event;

const FUNNEL_LABELS: Record<string, string> = {
  focus: t("shell.focus"),
  tutoring: t("shell.tutoring"),
  valuations: t("analytics.funnelValuations"),
};

export const funnelLabel = (name: string): string => FUNNEL_LABELS[name] ?? name;
