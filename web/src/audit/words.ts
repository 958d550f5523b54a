import type { FunctionReturnType } from "convex/server";
import type { api } from "@/lib/api";

export type AuditEntry = FunctionReturnType<typeof api.audit.entries.mine>["page"][number];
export type AuditAction = AuditEntry["action"];

/** What each audited act is called. */
export const ACTION_WORDS: Record<AuditAction, string> = {
  sign_in: "Signed in",
  sign_in_failed: "Sign-in failed",
  register: "Registered",
  migration_ignored: "Older session not moved",
  sessions_listed: "Looked at devices",
  session_ended: "Ended a session",
  sessions_ended: "Ended several sessions",
  password_changed: "Changed the password",
  drafts_claimed: "Claimed guest drafts",
  deleted: "Deleted",
  approved: "Approved",
  rejected: "Rejected",
  cancelled: "Cancelled",
  file_verdict: "File checked",
  permission_granted: "Permission granted",
  permission_revoked: "Permission revoked",
  tenant_assigned: "Moved to an organisation",
};

export const ACTION_OPTIONS = [
  { value: "all", label: "Every act" },
  ...Object.entries(ACTION_WORDS).map(([value, label]) => ({ value, label })),
];
