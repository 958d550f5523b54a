import { cronJobs } from "convex/server";
import { internal } from "./_generated/api";

const crons = cronJobs();

crons.interval("drop replies that may no longer be replayed", { minutes: 10 }, internal.lib.rest.idempotency.sweep, {});

export default crons;
