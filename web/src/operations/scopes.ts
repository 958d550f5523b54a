import type { Scope } from "@convex/identity/scopes";
import { t } from "@/messages/translate";

/** The access that each scope of a service key gives. */
export const SCOPE_LABELS: Record<Scope, string> = {
  metrics: t("operations.scopeMetrics"),
  "analytics:read": t("operations.scopeAnalytics"),
  "focus:write": t("operations.scopeFocus"),
  webhooks: t("operations.scopeWebhooks"),
};

export const scopeText = (scope: string): string => SCOPE_LABELS[scope as Scope] ?? scope;
