/**
 * Rows as the REST shapes of accounts/README §2 and §3. Apart from the declarations, whose libraries no transaction
 * should load.
 */
import type { z } from "../../rest/schemas/zod";
import type { Doc } from "../../_generated/dataModel";
import type { UserPrincipal } from "../../identity/principal";
import { toWireSession } from "../../identity/sessions/sessionEvents";
import { getShownEmail } from "../../identity/users";
import { toWireTime } from "../../lib/time";
import { toOnboardingFlags } from "../rules";
import type { CurrentSession, Device, Profile } from "./schemas";

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

export function toWireProfile({ user, permissions }: UserPrincipal, tenant: Doc<"tenants">): z.infer<typeof Profile> {
  const { needsOnboarding, onboardingCompleted } = toOnboardingFlags(user);
  return {
    id: user.publicId,
    uuid: user.uuid,
    email: getShownEmail(user) ?? "",
    username: user.username,
    first_name: user.firstName,
    last_name: user.lastName,
    tenant_id: tenant.uuid,
    time_zone: user.timeZone ?? null,
    locale: user.locale ?? null,
    permissions,
    needs_onboarding: needsOnboarding,
    onboarding_completed: onboardingCompleted,
    date_joined: toWireTime(Math.floor(user._creationTime)),
  };
}

export const toWireDevice = (
  session: Doc<"accountSessions">,
  facts: { lastActivityAt: number; isCurrent: boolean },
): z.infer<typeof Device> => toWireSession(session, facts);
