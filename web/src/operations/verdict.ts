import { HOUR_MS, MINUTE_MS, formatDuration } from "@/lib/time/time";
import { t } from "@/messages/translate";
import type { OutboxStatus } from "@/store/api";
import { healthOf } from "@/store/health";
import type { DeploymentState, ErrorKind } from "./api";

/** The cron of each minute has missed three runs. */
const STOPPED_MS = 3 * MINUTE_MS;
/** A job may be late by what a cron of each minute is apart. */
const LATE_MS = MINUTE_MS;
/** A receiver that is away for a while is not yet the deployment's trouble. */
const BEHIND_MS = HOUR_MS;
const RECENT_MS = 15 * MINUTE_MS;

export type Part = "store" | "jobs" | "webhooks" | "errors";
export type Everything = { store: OutboxStatus; state: DeploymentState; errors: ErrorKind[] };
/** `part` is what the text is about, if anything. Errors alone are told, but leave everything well. */
export type Verdict = { well: boolean; part: Part | null; title: string; text: string };
type Trouble = { title: string; text: string } | null;

/** The trouble of each part, or null. `text` of stopped jobs is empty: it holds a time, which the page shows. */
export function troubles({ store, state, errors }: Everything, now: number): Record<Part, Trouble> {
  const health = healthOf(store, now);
  const recent = errors.filter(({ source, lastAt }) => source === "server" && now - lastAt < RECENT_MS);
  return {
    jobs: troubleOfJobs(state, now),
    store: health.well ? null : health,
    webhooks:
      state.webhooks.oldestAt !== null && now - state.webhooks.oldestAt > BEHIND_MS
        ? { title: t("operations.webhooksBehind"), text: t("operations.webhooksBehindNote") }
        : null,
    errors:
      recent.length > 0
        ? {
            title: t("operations.recentErrors", { count: recent.length }),
            text: t("operations.recentErrorsNote", { message: recent[0]!.message }),
          }
        : null,
  };
}

export const isStopped = ({ lastTickAt }: DeploymentState, now: number): boolean =>
  lastTickAt !== null && now - lastTickAt > STOPPED_MS;

function troubleOfJobs(state: DeploymentState, now: number): Trouble {
  if (isStopped(state, now)) return { title: t("operations.jobsStopped"), text: "" };
  const lateMs = state.lateMs ?? 0;
  if (lateMs <= LATE_MS) return null;
  const seconds = formatDuration(lateMs / 1_000);
  return { title: t("operations.jobsLate"), text: t("operations.jobsLateNote", { seconds }) };
}

/** The most serious trouble first: without jobs nothing else goes on. Errors have happened, the others go on. */
const ORDER: Part[] = ["jobs", "store", "webhooks"];

export function verdictOf(everything: Everything, now: number): Verdict {
  const found = troubles(everything, now);
  const part = ORDER.find((each) => found[each] !== null);
  if (part) return { well: false, part, ...found[part]! };
  const { title, text } = healthOf(everything.store, now);
  if (!found.errors) return { well: true, part: null, title, text };
  return { well: true, part: "errors", title, text: `${found.errors.title}. ${found.errors.text}` };
}
