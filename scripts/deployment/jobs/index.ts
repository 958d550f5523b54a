export { CRONS, type CronDefinition, cronsOf } from "./cron-definitions";
export { checkSchedule } from "./cron-times";
export { Crons } from "./crons";
export { Scheduler } from "./scheduler";
