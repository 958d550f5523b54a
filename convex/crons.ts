import { cronJobs } from "convex/server";
import { internal } from "./_generated/api";

const crons = cronJobs();

crons.interval("drop replies that may no longer be replayed", { minutes: 10 }, internal.lib.rest.idempotency.sweep, {});
// Sessions lapse at their very time; the interval only bounds how far ahead a run looks.
crons.interval("end lapsed sessions", { minutes: 1 }, internal.accounts.sweep.endLapsed, {});
crons.interval("delete ended sessions and old alerts", { hours: 1 }, internal.accounts.sweep.deleteOld, {});
crons.daily("delete audit entries past their retention", { hourUTC: 3, minuteUTC: 40 }, internal.audit.sweep.deleteOld, {});
// Looks at one index range, which is empty while nobody is silent; ends are dated exactly, however late they are noticed.
crons.interval("end silent focus sessions", { minutes: 1 }, internal.focus.sweep.endSilent, {});

export default crons;
