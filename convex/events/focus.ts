/** Effects on the permanent store when a focus session starts, ends or is corrected. */
import type { MutationCtx } from "../_generated/server";
import type { StorePayload } from "../store/payload";
import { enqueue, getNextPlace, type Place } from "../store/queue/entries";

/** The place of a session's next outbox entry; its `sequence` is stored with the session in the same transaction. */
export type OutboxPlace = Place;

/** @param last the sequence of the session's newest entry, 0 when it has had none */
export const getNextOutboxPlace = (ctx: MutationCtx, last: number): Promise<OutboxPlace> => getNextPlace(ctx, last);

/** The session has started, ended or was corrected: the permanent store gets these figures. */
export const enqueueForStore = (ctx: MutationCtx, payload: StorePayload, place: OutboxPlace): Promise<void> =>
  enqueue(ctx, payload, place);
