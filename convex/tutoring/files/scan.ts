/**
 * Scanning of files. A scan is an action, which runs at most once; a cron begins those again that never came to an end,
 * so that no file stays pending for good.
 */
import { v } from "convex/values";
import { internal } from "../../_generated/api";
import { internalAction, internalMutation } from "../../_generated/server";
import { MINUTE_MS } from "../../lib/time";
import { inspectWithPauses } from "./inspection";
import { renewLinkKey } from "./links";
import { patchMaterial } from "./materialRows";
import { recordVerdict } from "./materials";
import { vVerdict, type Verdict } from "../shapes";

export { experimental_reuseContext } from "../../lib/contexts";

/** A scan that has not ended by then has failed. */
const RETRY_AFTER_MS = 2 * MINUTE_MS;
const ATTEMPTS_MAX = 5;
const BATCH = 50;

/** Notes that a scan begins. → what to scan, or null when there is nothing to scan any more. */
export const begin = internalMutation({
  args: { materialId: v.id("tutoringMaterials") },
  returns: v.union(v.null(), v.object({ storageId: v.id("_storage"), fileName: v.string() })),
  handler: async (ctx, { materialId }) => {
    const material = await ctx.db.get("tutoringMaterials", materialId);
    if (material?.body.type !== "file" || material.body.scanStatus !== "pending" || !material.body.storageId)
      return null;
    const { body } = material;
    await patchMaterial(ctx, material, {
      body: { ...body, scanAttempts: body.scanAttempts + 1, scanBegunAt: Date.now() },
    });
    return { storageId: material.body.storageId, fileName: material.fileName };
  },
});

export const finish = internalMutation({
  args: { materialId: v.id("tutoringMaterials"), storageId: v.id("_storage"), verdict: vVerdict },
  returns: v.null(),
  handler: async (ctx, { materialId, storageId, verdict }) => {
    await recordVerdict({ ...ctx, now: Date.now() }, { materialId, storageId }, verdict);
    return null;
  },
});

/**
 * Scans one file: by the built-in check, and when `CLAMD_URL` is set by clamd as well. When clamd cannot be asked the
 * file stays pending, and the cron asks again.
 */
export const run = internalAction({
  args: { materialId: v.id("tutoringMaterials") },
  returns: v.null(),
  handler: async (ctx, { materialId }): Promise<null> => {
    const begun = await ctx.runMutation(internal.tutoring.files.scan.begin, { materialId });
    if (!begun) return null;
    const blob = await ctx.storage.get(begun.storageId);
    let verdict: Verdict = blob
      ? await inspectWithPauses(begun.fileName, new Uint8Array(await blob.arrayBuffer()))
      : { status: "error", reason: "The file is gone." };
    if (verdict.status === "clean" && process.env.CLAMD_URL)
      verdict = await ctx.runAction(internal.tutoring.files.clamd.scan, { storageId: begun.storageId });
    await ctx.runMutation(internal.tutoring.files.scan.finish, { materialId, storageId: begun.storageId, verdict });
    return null;
  },
});

/** Cron: begins scans again that came to no end, and gives up after a few; renews the link key when it is time. */
export const sweep = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const now = Date.now();
    const stuck = await ctx.db
      .query("tutoringMaterials")
      .withIndex("by_scanStatus_and_scanBegunAt", (q) =>
        q.eq("body.scanStatus", "pending").lte("body.scanBegunAt", now - RETRY_AFTER_MS),
      )
      .take(BATCH);
    // Begun before the clock was put back, at a time still to come.
    const ahead = await ctx.db
      .query("tutoringMaterials")
      .withIndex("by_scanStatus_and_scanBegunAt", (q) => q.eq("body.scanStatus", "pending").gt("body.scanBegunAt", now))
      .take(BATCH);
    for (const { _id, body } of [...stuck, ...ahead]) {
      if (body.type !== "file" || !body.storageId) continue;
      if (body.scanAttempts < ATTEMPTS_MAX)
        await ctx.scheduler.runAfter(0, internal.tutoring.files.scan.run, { materialId: _id });
      else
        await recordVerdict(
          { ...ctx, now },
          { materialId: _id, storageId: body.storageId },
          { status: "error", reason: "The scanner did not answer." },
        );
    }
    const anyFile = await ctx.db
      .query("tutoringMaterials")
      .withIndex("by_scanStatus_and_scanBegunAt", (q) => q.eq("body.scanStatus", "clean"))
      .first();
    if (anyFile) await renewLinkKey(ctx, now);
    return null;
  },
});
