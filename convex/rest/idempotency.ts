import { v, type Infer } from "convex/values";
import { internal } from "../_generated/api";
import { internalMutation, type MutationCtx } from "../_generated/server";
import { conflict } from "../lib/errors";
import { DAY_MS } from "../lib/time";
import type { Reply } from "./reply";

export { experimental_reuseContext } from "../lib/contexts";

/** The identity of a request: its `Idempotency-Key` and a hash of method, path and body. */
export const vOnce = v.object({ key: v.string(), requestHash: v.string() });
export type Once = Infer<typeof vOnce>;

/** The first answer to this key within 24 h, or null. Throws `CONFLICT` when the key came with another request. */
export async function findStoredReply(ctx: MutationCtx, who: string, once: Once): Promise<Reply | null> {
  const row = await ctx.db
    .query("idempotentReplies")
    .withIndex("by_callerAndKey", (q) => q.eq("callerAndKey", `${who}:${once.key}`))
    .unique();
  if (!row) return null;
  if (row.expiresAt <= Date.now()) {
    await ctx.db.delete("idempotentReplies", row._id);
    return null;
  }
  if (row.requestHash !== once.requestHash) throw conflict("This Idempotency-Key was used with a different request.");
  return { status: row.status, body: row.body, headers: row.headers };
}

export async function storeReply(ctx: MutationCtx, who: string, once: Once, answer: Reply): Promise<void> {
  await ctx.db.insert("idempotentReplies", {
    callerAndKey: `${who}:${once.key}`,
    requestHash: once.requestHash,
    status: answer.status,
    body: answer.replayBody ?? answer.body,
    headers: answer.headers ?? {},
    expiresAt: Date.now() + DAY_MS,
  });
}

const SWEEP_BATCH = 200;

/** Cron: drops replies that may no longer be replayed, a batch at a time. */
export const sweep = internalMutation({
  args: {},
  handler: async (ctx) => {
    const due = await ctx.db
      .query("idempotentReplies")
      .withIndex("by_expiresAt", (q) => q.lte("expiresAt", Date.now()))
      .take(SWEEP_BATCH);
    for (const row of due) await ctx.db.delete("idempotentReplies", row._id);
    if (due.length === SWEEP_BATCH) await ctx.scheduler.runAfter(0, internal.rest.idempotency.sweep, {});
    return null;
  },
});
