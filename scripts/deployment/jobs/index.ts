/** Functions that run later: scheduled jobs and crons. */
export { type CronDefinition, CRONS, readCrons } from "./cron-definitions";
export { checkSchedule } from "./cron-times";
export { Crons, type DeclaredCron } from "./crons";
export { Scheduler } from "./scheduler";
