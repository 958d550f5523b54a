import type { Infer } from "convex/values";
import type { Id } from "../_generated/dataModel";
import type { MutationCtx } from "../_generated/server";
import type { vClient } from "../lib/caller";

export type AuditAction =
  | "sign_in"
  | "sign_in_failed"
  | "register"
  | "migration_ignored"
  | "sessions_listed"
  | "session_ended"
  | "sessions_ended"
  | "password_changed"
  | "drafts_claimed"
  | "deleted"
  | "approved"
  | "rejected"
  | "cancelled"
  | "file_verdict"
  | "permission_granted"
  | "permission_revoked";

/** Appends one entry at server time; in the caller's transaction, so it stands exactly when the act does. */
export async function append(
  ctx: MutationCtx,
  entry: {
    action: AuditAction;
    /** What it was done to: a public id, an address, never a credential. */
    target: string;
    actor: { user: { _id: Id<"users">; tenantId: Id<"tenants">; uuid: string } } | { name: string };
    client: Infer<typeof vClient>;
    outcome?: "success" | "failure";
  },
): Promise<void> {
  const user = "user" in entry.actor ? entry.actor.user : null;
  await ctx.db.insert("auditEntries", {
    tenantId: user?.tenantId ?? null,
    userId: user?._id ?? null,
    at: Date.now(),
    actor: "user" in entry.actor ? entry.actor.user.uuid : entry.actor.name,
    action: entry.action,
    target: entry.target,
    ip: entry.client.ip,
    userAgent: entry.client.userAgent,
    outcome: entry.outcome ?? "success",
  });
}
