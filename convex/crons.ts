import { cronJobs } from "convex/server";
import { internal } from "./_generated/api";
import { LAPSE_INTERVAL_MS } from "./accounts/sweep";
import { MINUTE_MS } from "./lib/time";
import { CLOCK_INTERVAL_MS } from "./tutoring/clock/statusClock";

const crons = cronJobs();

crons.interval("drop replies that may no longer be replayed", { hours: 1 }, internal.rest.idempotency.sweep, {});
// Sessions lapse at their very time; the interval only bounds how far ahead a run looks.
crons.interval(
  "end lapsed sessions",
  { minutes: LAPSE_INTERVAL_MS / MINUTE_MS },
  internal.accounts.sweep.endLapsed,
  {},
);
crons.interval(
  "delete ended sessions, old alerts and unused rate limits",
  { hours: 1 },
  internal.accounts.sweep.deleteOld,
  {},
);
crons.daily(
  "delete audit entries past their retention",
  { hourUTC: 3, minuteUTC: 40 },
  internal.audit.sweep.deleteOld,
  {},
);
// Looks at one index range, which is empty while nobody is silent; ends are dated exactly, however late they are
// noticed.
crons.interval("end silent focus sessions", { minutes: 1 }, internal.focus.sweep.endSilent, {});
// Statuses move and reminders go out at their very time; the interval only bounds how far ahead a chain of runs looks.
crons.interval(
  "run the clock of tutoring sessions",
  { minutes: CLOCK_INTERVAL_MS / MINUTE_MS },
  internal.tutoring.sweep.startClock,
  {},
);
// Deliveries are scheduled with what is to be delivered; the tick finds what backed off or was cut short.
crons.interval("deliver what is due to the permanent store", { minutes: 1 }, internal.store.drain.tick, {});
crons.daily(
  "delete notifications past their retention",
  { hourUTC: 3, minuteUTC: 50 },
  internal.notifications.sweep.deleteOld,
  {},
);
crons.daily("compare with the permanent store", { hourUTC: 2, minuteUTC: 10 }, internal.store.reconcile.start, {});
crons.daily("let stored sessions leave", { hourUTC: 4, minuteUTC: 10 }, internal.store.retention.run, {});
// Drafts of a guest id that nobody can present any more go with it.
crons.interval("end guest ids after 90 days without use", { hours: 1 }, internal.valuations.sweep.deleteOld, {});
// One row says that it has been done.
crons.interval(
  "count drafts from before there were ledgers",
  { hours: 24 },
  internal.valuations.migrations.countAll,
  {},
);
// Reads ranges that are empty while no scan hangs; renews the key of file links an hour before it expires.
crons.interval("see to file scans and links of tutoring", { minutes: 5 }, internal.tutoring.files.scan.sweep, {});
crons.daily(
  "delete uploads that no material uses",
  { hourUTC: 4, minuteUTC: 30 },
  internal.tutoring.files.uploads.dropUnused,
  {},
);
// Pages that close without a word.
crons.interval("end silent visits to tutoring sessions", { minutes: 1 }, internal.tutoring.presence.sweep, {});
crons.interval("end silent visits to rooms", { minutes: 2 }, internal.tutoring.rooms.sweep.endSilent, {});
// The health check tells when this has not run.
crons.interval("show that the scheduler runs", { minutes: 1 }, internal.operations.ticks.note, {});
// For the history on the operations page.
crons.interval("record figures of operation", { minutes: 5 }, internal.operations.history.samples.take, {});
// Signals that nobody fetched.
crons.interval("delete old signals of tutoring calls", { minutes: 10 }, internal.tutoring.signals.sweep, {});
// Attempts are made at their very time; the tick finds what was cut short.
crons.interval("send webhooks that are due", { minutes: 10 }, internal.webhooks.queue.wake, {});
crons.interval("delete old webhook events", { hours: 1 }, internal.webhooks.queue.deleteOld, {});
// Scheduled with what happens; the cron finds what was cut short.
crons.interval("fold what happened into days", { hours: 1 }, internal.analytics.folding.run, {});
crons.daily("delete old analytics", { hourUTC: 4, minuteUTC: 50 }, internal.analytics.folding.deleteOld, {});

export default crons;
