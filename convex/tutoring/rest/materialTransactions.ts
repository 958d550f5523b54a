/** The transactions that answer the REST requests of materialRoutes.ts. */
import { v } from "convex/values";
import { internalQuery } from "../../_generated/server";
import { requireUser, resolvePrincipal } from "../../identity/principal";
import { vCaller } from "../../identity/caller";
import { forbidden, unauthenticated } from "../../lib/errors";
import { restMutation, restQuery } from "../../rest/functions";
import { noContent, reply } from "../../rest/reply";
import { isValidLink } from "../files/links";
import * as Materials from "../files/materials";
import { inWireNames } from "./wireNames";

const ofSession = { sessionId: v.number() };
const ofMaterial = { ...ofSession, id: v.number() };
const draft = v.object({
  title: v.string(),
  type: v.union(v.literal("file"), v.literal("link"), v.literal("note")),
  url: v.optional(v.string()),
  content: v.optional(v.string()),
  fileName: v.optional(v.string()),
  file: v.optional(v.object({ storageId: v.id("_storage"), name: v.optional(v.string()) })),
});

export const list = restQuery({
  args: ofSession,
  handler: async (ctx, { sessionId }) => reply(200, await Materials.list(ctx, requireUser(ctx.principal), sessionId)),
});

export const one = restQuery({
  args: ofMaterial,
  handler: async (ctx, { sessionId, id }) =>
    reply(200, await Materials.get(ctx, requireUser(ctx.principal), sessionId, id)),
});

/** Whether the caller may upload at all: asked before bytes are stored. Throws when not. */
export const mayUpload = restQuery({
  args: ofSession,
  handler: async (ctx, { sessionId }) => {
    await Materials.requireMayUpload(ctx, requireUser(ctx.principal), sessionId);
    return noContent();
  },
});

export const add = restMutation({
  args: { ...ofSession, material: draft },
  handler: async (ctx, { sessionId, material }) => {
    const principal = requireUser(ctx.principal);
    const id = await inWireNames(Materials.add(ctx, principal, sessionId, material, Date.now()));
    return reply(201, await Materials.get(ctx, principal, sessionId, id));
  },
});

export const update = restMutation({
  args: { ...ofMaterial, material: draft },
  handler: async (ctx, { sessionId, id, material }) => {
    const principal = requireUser(ctx.principal);
    await inWireNames(Materials.update(ctx, principal, sessionId, id, material, Date.now()));
    return reply(200, await Materials.get(ctx, principal, sessionId, id));
  },
});

export const remove = restMutation({
  args: ofMaterial,
  handler: async (ctx, { sessionId, id }) => {
    await Materials.remove(ctx, requireUser(ctx.principal), sessionId, id);
    return noContent();
  },
});

/**
 * What a download may serve: to the user whom a valid link names, or to the caller. `now` is an argument, so that no
 * earlier answer is taken for this one.
 */
export const download = internalQuery({
  args: {
    caller: vCaller,
    ...ofMaterial,
    link: v.union(v.null(), v.object({ user: v.number(), expires: v.number(), signature: v.string() })),
    now: v.number(),
  },
  returns: v.object({ storageId: v.id("_storage"), fileName: v.string(), contentType: v.string() }),
  handler: async (ctx, { caller, sessionId, id, link, now }) => {
    if (!link)
      return await Materials.downloadable(ctx, requireUser(await resolvePrincipal(ctx, caller)).user, sessionId, id);
    const { user: userPublicId, expires, signature } = link;
    if (!(await isValidLink(ctx, { materialId: id, userId: userPublicId, expires, signature }, now)))
      throw forbidden("This link has expired or is not valid.");
    const user = await ctx.db
      .query("users")
      .withIndex("by_publicId", (q) => q.eq("publicId", userPublicId))
      .unique();
    if (!user) throw unauthenticated();
    return await Materials.downloadable(ctx, user, sessionId, id);
  },
});
