/**
 * Links to files (tutoring/README §6.12): they name the viewer, expire, and are signed; the download checks access
 * again. Expiry follows the keys in `tutoringLinkKeys`, which a cron renews, so that answers holding links are built
 * anew in time.
 */
import type { Doc } from "../../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../../_generated/server";
import type { Viewer } from "../../identity/act";
import { readSiteUrl } from "../../lib/siteUrl";
import { HOUR_MS, SECOND_MS } from "../../lib/time";
import type { LinkedMaterial, MaterialView } from "../views/shapes";

type ReadCtx = { db: QueryCtx["db"] };

export const LINK_LIFETIME_MS = 2 * HOUR_MS;
/** A new key takes over when the newest has this long to go. */
const RENEWAL_MS = HOUR_MS;

const findNewestKey = (ctx: ReadCtx) =>
  ctx.db.query("tutoringLinkKeys").withIndex("by_expiresAt").order("desc").first();

type Signed = { materialId: number; userId: number; expires: number };

async function sign(secret: string, { materialId, userId, expires }: Signed): Promise<string> {
  const encode = (text: string) => new TextEncoder().encode(text);
  const key = await crypto.subtle.importKey("raw", encode(secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const mac = await crypto.subtle.sign("HMAC", key, encode(`${materialId} ${userId} ${expires}`));
  return Array.from(new Uint8Array(mac), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Puts the viewer's own links into materials. Reads a row only when there is a file, and
 * gives no link when there is no key yet.
 */
export async function linkFiles({ db, principal }: Viewer, materials: MaterialView[]): Promise<LinkedMaterial[]> {
  const key = materials.some(({ file }) => file) ? await findNewestKey({ db }) : null;
  return await Promise.all(
    materials.map(async (material) => ({
      ...material,
      file: key && material.file ? await signLink(key, material, principal.user.publicId) : null,
    })),
  );
}

async function signLink(key: Doc<"tutoringLinkKeys">, material: MaterialView, userId: number): Promise<string> {
  const expires = Math.floor(key.expiresAt / SECOND_MS);
  const signed = await sign(key.secret, { materialId: material.id, userId, expires });
  return `${readSiteUrl()}/api/sessions/${material.session}/materials/${material.id}/download/?user=${userId}&expires=${expires}&signature=${signed}`;
}

/** Whether a link's parameters were signed here and it has not expired at `now`. */
export async function isValidLink(ctx: ReadCtx, link: Signed & { signature: string }, now: number): Promise<boolean> {
  if (link.expires * SECOND_MS <= now) return false;
  const keys = await ctx.db.query("tutoringLinkKeys").withIndex("by_expiresAt").order("desc").take(3);
  for (const { secret, expiresAt } of keys)
    if (Math.floor(expiresAt / SECOND_MS) === link.expires) return isEqual(await sign(secret, link), link.signature);
  return false;
}

function isEqual(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}

/** Inserts a new key when the newest is about to expire, and deletes keys that have expired. */
export async function renewLinkKey(ctx: MutationCtx, now: number): Promise<void> {
  const newest = await findNewestKey(ctx);
  if (newest && newest.expiresAt > now + RENEWAL_MS) return;
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const secret = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  await ctx.db.insert("tutoringLinkKeys", { secret, expiresAt: now + LINK_LIFETIME_MS });
  const old = await ctx.db
    .query("tutoringLinkKeys")
    .withIndex("by_expiresAt", (q) => q.lte("expiresAt", now))
    .take(10);
  for (const key of old) await ctx.db.delete("tutoringLinkKeys", key._id);
}
