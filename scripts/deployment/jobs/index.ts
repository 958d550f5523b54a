/** Functions that run later: scheduled jobs and crons. */
export { CRONS, type CronDefinition, cronsOf } from "./cron-definitions";
export { checkSchedule } from "./cron-times";
export { Crons, type DeclaredCron } from "./crons";
export { Scheduler } from "./scheduler";
