/** The transactions that answer the REST requests of materialRoutes.ts. */
import { v } from "convex/values";
import { internalQuery } from "../../_generated/server";
import type { UserAct } from "../../identity/act";
import { vCaller } from "../../identity/caller";
import { requireUser, resolvePrincipal } from "../../identity/principal";
import { forbidden, unauthenticated } from "../../lib/errors";
import { restCommand, restQuery } from "../../rest/functions";
import { noContent, type Reply } from "../../rest/reply";
import * as Commands from "../commands";
import { isValidLink } from "../files/links";
import { findDownload, getMaterial, listMaterials, requireOwnSession } from "../files/materials";
import type { OfMaterial } from "../inputs";
import { encodeMaterial, encodeMaterials } from "./wire";

export { experimental_reuseContext } from "../../lib/contexts";

const ofSession = { sessionId: v.number() };
const ofMaterial = { ...ofSession, id: v.number() };

export const list = restQuery({
  args: ofSession,
  handler: async ({ db, principal }, { sessionId }) => ({
    status: 200,
    body: encodeMaterials(await listMaterials({ db, principal: requireUser(principal) }, sessionId)),
  }),
});

export const one = restQuery({
  args: ofMaterial,
  handler: async ({ db, principal }, material) => ({
    status: 200,
    body: encodeMaterial(await getMaterial({ db, principal: requireUser(principal) }, material)),
  }),
});

/** Throws unless the caller may upload: asked before bytes are stored. */
export const mayUpload = restQuery({
  args: ofSession,
  handler: async ({ db, principal }, { sessionId }) => {
    await requireOwnSession({ db, principal: requireUser(principal) }, sessionId);
    return noContent();
  },
});

const answerWith = async (act: UserAct, status: number, material: OfMaterial): Promise<Reply> => ({
  status,
  body: encodeMaterial(await getMaterial(act, material)),
});

export const add = restCommand(Commands.addMaterial, (material, act) => answerWith(act, 201, material));
export const update = restCommand(Commands.updateMaterial, (material, act) => answerWith(act, 200, material));
export const remove = restCommand(Commands.deleteMaterial, noContent);

/**
 * The bytes that a download may serve: to the user whom a valid link names, or to the caller. `now` is an argument, so
 * that no earlier answer is taken for this one.
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
    if (!link) return await findDownload(ctx, requireUser(await resolvePrincipal(ctx, caller)).user, { sessionId, id });
    const { user: userPublicId, expires, signature } = link;
    if (!(await isValidLink(ctx, { materialId: id, userId: userPublicId, expires, signature }, now)))
      throw forbidden("This link has expired or is not valid.");
    const user = await ctx.db
      .query("users")
      .withIndex("by_publicId", (q) => q.eq("publicId", userPublicId))
      .unique();
    if (!user) throw unauthenticated();
    return await findDownload(ctx, user, { sessionId, id });
  },
});
