import type { FunctionReturnType } from "convex/server";
import type { api } from "@/lib/api";
import { t } from "@/messages/translate";

export type AuditEntry = FunctionReturnType<typeof api.audit.entries.mine>["page"][number];
export type AuditAction = AuditEntry["action"];

/** The label of each audited action. */
export const ACTION_WORDS: Record<AuditAction, string> = {
  sign_in: t("audit.signedIn"),
  sign_in_failed: t("audit.signInFailed"),
  register: t("audit.registered"),
  migration_ignored: t("audit.migrationIgnored"),
  sessions_listed: t("audit.devicesViewed"),
  session_ended: t("audit.sessionEnded"),
  sessions_ended: t("audit.sessionsEnded"),
  password_changed: t("audit.passwordChanged"),
  drafts_claimed: t("audit.draftsClaimed"),
  deleted: t("common.deleted"),
  approved: t("common.approved"),
  rejected: t("audit.rejected"),
  cancelled: t("common.canceled"),
  file_verdict: t("audit.fileVerdict"),
  permission_granted: t("audit.permissionGranted"),
  permission_revoked: t("audit.permissionRevoked"),
  tenant_assigned: t("audit.tenantAssigned"),
  service_key_made: t("audit.serviceKeyMade"),
  service_key_rotated: t("audit.serviceKeyRotated"),
  service_key_ended: t("audit.serviceKeyEnded"),
};

export const ACTION_OPTIONS = [
  { value: "all", label: t("audit.allActions") },
  ...Object.entries(ACTION_WORDS).map(([value, label]) => ({ value, label })),
];

/** The name of who acted: a person's, or the words for whoever is at the console of the deployment. */
export const formatActor = ({ actorName, actor }: AuditEntry): string =>
  actorName ?? (actor === "operator" ? t("audit.operator") : actor);
