/**
 * Rows as the REST shapes of accounts/README §2 and §3. Apart from the declarations, whose libraries no transaction should load.
 */
import type { z } from "../../rest/schemas/zod";
import type { Doc } from "../../_generated/dataModel";
import type { UserPrincipal } from "../../identity/principal";
import { toWireSession } from "../../identity/sessions/sessionEvents";
import { getShownEmail } from "../../identity/users";
import { toOnboardingFlags } from "../rules";
import type { CurrentSession, Device } from "./schemas";

export function toWireCurrentSession(
  { user, permissions }: UserPrincipal,
  tenant: Doc<"tenants">,
): z.infer<typeof CurrentSession> {
  const { needsOnboarding, onboardingCompleted } = toOnboardingFlags(user);
  return {
    email: getShownEmail(user) ?? "",
    tenant_id: tenant.uuid,
    needs_onboarding: needsOnboarding,
    onboarding_completed: onboardingCompleted,
    permissions,
  };
}

export const toWireDevice = (
  session: Doc<"accountSessions">,
  facts: { lastActivityAt: number; isCurrent: boolean },
): z.infer<typeof Device> => toWireSession(session, facts);
