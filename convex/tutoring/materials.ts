/** The live functions of materials (README §6.12, §7). */
import { v } from "convex/values";
import { userMutation, userQuery } from "../identity/builders";
import { inLiveTerms } from "../lib/liveErrors";
import { materialOf, vMaterial } from "./views/liveShapes";
import * as Materials from "./files/materials";

/**
 * The materials of a session as the caller may see them; `file` is a link that expires and is renewed while one
 * watches.
 */
export const list = userQuery({
  args: { sessionId: v.number() },
  returns: v.array(vMaterial),
  handler: async (ctx, { sessionId }) => (await Materials.list(ctx, ctx.principal, sessionId)).map(materialOf),
});

/** Where the session's creator sends a file by POST; the answer's `storageId` goes to `add`. */
export const generateUploadUrl = userMutation({
  args: { sessionId: v.number() },
  returns: v.string(),
  handler: async (ctx, { sessionId }) => {
    await Materials.requireMayUpload(ctx, ctx.principal, sessionId);
    return await ctx.storage.generateUploadUrl();
  },
});

const draft = {
  title: v.string(),
  type: v.union(v.literal("file"), v.literal("link"), v.literal("note")),
  url: v.optional(v.string()),
  content: v.optional(v.string()),
  /** Needed for a file: its ending says what the file is. */
  fileName: v.optional(v.string()),
  storageId: v.optional(v.id("_storage")),
};

/** → the material's id. A file is `pending` until it has been scanned. */
export const add = userMutation({
  args: { sessionId: v.number(), ...draft },
  returns: v.number(),
  handler: async (ctx, { sessionId, storageId, ...material }) => {
    const sent = { ...material, ...(storageId && { file: { storageId } }) };
    return await inLiveTerms(Materials.add(ctx, ctx.principal, sessionId, sent, Date.now()), "file");
  },
});

/** States a material anew; without `storageId` its file stays. */
export const update = userMutation({
  args: { sessionId: v.number(), id: v.number(), ...draft },
  returns: v.null(),
  handler: async (ctx, { sessionId, id, storageId, ...material }) => {
    const sent = { ...material, ...(storageId && { file: { storageId } }) };
    await inLiveTerms(Materials.update(ctx, ctx.principal, sessionId, id, sent, Date.now()), "file");
    return null;
  },
});

export const remove = userMutation({
  args: { sessionId: v.number(), id: v.number() },
  returns: v.null(),
  handler: async (ctx, { sessionId, id }) => {
    await Materials.remove(ctx, ctx.principal, sessionId, id);
    return null;
  },
});
