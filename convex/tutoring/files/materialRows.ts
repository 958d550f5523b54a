/** The one module that writes `tutoringMaterials`, and deletes the bytes of files with them. */
import type { WithoutSystemFields } from "convex/server";
import type { Doc, Id } from "../../_generated/dataModel";
import type { MutationCtx } from "../../_generated/server";
import type { MaterialBody } from "../shapes";

type Material = Doc<"tutoringMaterials">;

export const insertMaterial = (ctx: MutationCtx, fields: WithoutSystemFields<Material>) =>
  ctx.db.insert("tutoringMaterials", fields);

const getStorage = (body: MaterialBody) => (body.type === "file" ? body.storageId : null);

/** Writes changes; bytes that the material no longer names are deleted. */
export async function patchMaterial(
  ctx: MutationCtx,
  material: Material,
  changes: Partial<Pick<Material, "title" | "fileName" | "body">>,
): Promise<void> {
  const stored = getStorage(material.body);
  if (changes.body && stored && getStorage(changes.body) !== stored) await ctx.storage.delete(stored);
  await ctx.db.patch("tutoringMaterials", material._id, changes);
}

export async function deleteMaterial(ctx: MutationCtx, material: Material): Promise<void> {
  const stored = getStorage(material.body);
  if (stored) await ctx.storage.delete(stored);
  await ctx.db.delete("tutoringMaterials", material._id);
}

/** Deletes up to `limit` materials of a deleted session; returns whether there may be more. */
export async function deleteMaterialsOf(
  ctx: MutationCtx,
  sessionId: Id<"tutoringSessions">,
  limit: number,
): Promise<boolean> {
  const materials = await ctx.db
    .query("tutoringMaterials")
    .withIndex("by_sessionId", (q) => q.eq("sessionId", sessionId))
    .take(limit);
  for (const material of materials) await deleteMaterial(ctx, material);
  return materials.length === limit;
}
