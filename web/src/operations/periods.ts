import { t } from "@/messages/translate";

/** The spans of time that history can be shown for, and request times as well. */
export const PERIODS = [
  { value: "day", label: t("operations.day") },
  { value: "week", label: t("operations.week") },
] as const;
export type Period = (typeof PERIODS)[number]["value"];

export const LATENCY_PERIODS = [...PERIODS, { value: "month", label: t("operations.month") }] as const;
export type LatencyPeriod = (typeof LATENCY_PERIODS)[number]["value"];

/** Not in minutes: the lines of an axis are round in seconds. */
export const formatDelay = (ms: number): string =>
  ms > 0 && ms < 1_000
    ? t("operations.milliseconds", { count: Math.round(ms) })
    : t("common.seconds", { count: Math.round(ms / 100) / 10 });
