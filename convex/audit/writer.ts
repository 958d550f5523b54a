/** Writes the audit log: the one module that inserts and deletes its entries. */
import { v, type Infer } from "convex/values";
import type { Doc, Id } from "../_generated/dataModel";
import type { MutationCtx } from "../_generated/server";
import { countUp } from "../lib/counters";

/** Everything that is audited (rest/README.md §0). */
export const vAuditAction = v.union(
  v.literal("sign_in"),
  v.literal("sign_in_failed"),
  v.literal("register"),
  v.literal("migration_ignored"),
  v.literal("sessions_listed"),
  v.literal("session_ended"),
  v.literal("sessions_ended"),
  v.literal("password_changed"),
  v.literal("drafts_claimed"),
  v.literal("deleted"),
  v.literal("approved"),
  v.literal("rejected"),
  v.literal("cancelled"),
  v.literal("file_verdict"),
  v.literal("permission_granted"),
  v.literal("permission_revoked"),
  v.literal("tenant_assigned"),
  v.literal("service_key_made"),
  v.literal("service_key_rotated"),
  v.literal("service_key_ended"),
);
export type AuditAction = Infer<typeof vAuditAction>;

/** Where an act came from: an address and a User-Agent header, both kept as they are given. */
export type Origin = { ip: string | null; userAgent: string };

/** The origin of what the server or an operator does. */
export const NO_CLIENT: Origin = { ip: null, userAgent: "" };

/** The counters that metrics show, under their own names. */
export const COUNTED: AuditAction[] = ["sign_in", "sign_in_failed"];

type Person = { _id: Id<"users">; tenantId: Id<"tenants">; uuid: string };

/** One thing that was done, as the log tells it. */
type Deed = {
  action: AuditAction;
  /** A public id, an address, never a credential. */
  target: string;
  outcome?: "success" | "failure";
};

/** Appends one entry about an act of a user. */
export const appendAct = (
  act: MutationCtx & { principal: { user: Person }; client: Origin },
  deed: Deed,
): Promise<void> => append(act, { ...deed, actor: act.principal, client: act.client });

/**
 * Appends one entry at server time; in the caller's transaction, so it stands exactly when the act does.
 *
 * @param entry.actor who did it: a user, or a name (`guest`, `operator`, `scanner`, `clock`, an address)
 * @param entry.about whose log it belongs to when the actor is no user
 * @param entry.tenantId whose log it belongs to when it is about no user either
 */
export async function append(
  ctx: MutationCtx,
  entry: Deed & {
    actor: { user: Person } | { name: string };
    about?: Person | null;
    tenantId?: Id<"tenants"> | null;
    client: Origin;
  },
): Promise<void> {
  if (COUNTED.includes(entry.action)) await countUp(ctx, entry.action);
  const owner = "user" in entry.actor ? entry.actor.user : (entry.about ?? null);
  await ctx.db.insert("auditEntries", {
    tenantId: owner?.tenantId ?? entry.tenantId ?? null,
    userId: owner?._id ?? null,
    at: Date.now(),
    actor: "user" in entry.actor ? entry.actor.user.uuid : entry.actor.name,
    action: entry.action,
    target: entry.target,
    ip: entry.client.ip,
    userAgent: entry.client.userAgent,
    outcome: entry.outcome ?? "success",
  });
}

/** When a user last did `action` to `target`, no longer than `withinMs` ago; else null. */
export async function findLastWithin(
  ctx: MutationCtx,
  userId: Id<"users">,
  what: { action: AuditAction; target: string },
  withinMs: number,
): Promise<Doc<"auditEntries"> | null> {
  // The range is a user's last minute: a handful of rows.
  return await ctx.db
    .query("auditEntries")
    .withIndex("by_userId_and_at", (q) => q.eq("userId", userId).gt("at", Date.now() - withinMs))
    .order("desc")
    // oxlint-disable-next-line @convex-dev/no-filter-in-query -- see above
    .filter((q) => q.and(q.eq(q.field("action"), what.action), q.eq(q.field("target"), what.target)))
    .first();
}

/** Deletes up to `limit` entries older than `before` (ms); returns whether there may be more. For retention only. */
export async function deleteEntriesBefore(ctx: MutationCtx, before: number, limit: number): Promise<boolean> {
  const old = await ctx.db
    .query("auditEntries")
    .withIndex("by_at", (q) => q.lt("at", before))
    .take(limit);
  for (const { _id } of old) await ctx.db.delete("auditEntries", _id);
  return old.length === limit;
}

/** Sessions as a target. */
export const describeSessions = (count: number): string => (count === 1 ? "1 session" : `${count} sessions`);
