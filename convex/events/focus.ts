/** Effects on the permanent store when a focus session starts, ends or is corrected: its next outbox entry. */
export { enqueue as enqueueForStore, getNextPlace as getNextOutboxPlace } from "../store/queue/entries";
export type { Place as OutboxPlace } from "../store/queue/entries";
