/** The live functions of materials (tutoring/README §6.12, §7). */
import { v } from "convex/values";
import { liveCommand, userMutation, userQuery } from "../identity/builders";
import * as Commands from "./commands";
import { listMaterials, requireOwnSession } from "./files/materials";
import { vMaterial } from "./views/shapes";

export { experimental_reuseContext } from "../lib/contexts";

/**
 * The materials of a session as the caller may see them; `file` is a link that expires and is renewed while one
 * watches.
 */
export const list = userQuery({
  args: { sessionId: v.number() },
  returns: v.array(vMaterial),
  handler: async (ctx, { sessionId }) => await listMaterials(ctx, sessionId),
});

/** Where the session's creator sends a file by POST; the answer's `storageId` goes to `add`. */
export const generateUploadUrl = userMutation({
  args: { sessionId: v.number() },
  returns: v.string(),
  handler: async (ctx, { sessionId }) => {
    await requireOwnSession(ctx, sessionId);
    return await ctx.storage.generateUploadUrl();
  },
});

/** → the material's id. */
export const add = liveCommand(Commands.addMaterial, { returns: v.number(), present: ({ id }) => id });
export const update = liveCommand(Commands.updateMaterial);
export const remove = liveCommand(Commands.deleteMaterial);
