/** The REST shapes of contracts §2 and §3. */
import { z } from "@hono/zod-openapi";
import type { Doc } from "../_generated/dataModel";
import { wireTime } from "../lib/time";
import type { UserPrincipal } from "./principal";
import { onboardingFlags } from "./rules";

const Fields = z.record(z.string(), z.array(z.string())).optional();

export const SignInError = z.object({ detail: z.string(), fields: Fields }).openapi("SignInError");

export const SignedInBody = z
  .object({ session_id: z.uuid(), expires_at: z.iso.datetime() })
  .openapi("SignedIn");
export const AccessBody = z
  .object({ access: z.string(), expires_at: z.iso.datetime() })
  .openapi("AccessToken");

export const CurrentSession = z
  .object({
    email: z.string(),
    tenant_id: z.string(),
    needs_onboarding: z.boolean(),
    onboarding_completed: z.boolean(),
    permissions: z.array(z.string()),
  })
  .openapi("CurrentSession");

export function wireCurrentSession({
  user,
  tenant,
  permissions,
}: UserPrincipal): z.infer<typeof CurrentSession> {
  const { needsOnboarding, onboardingCompleted } = onboardingFlags(user);
  return {
    email: user.email ?? "",
    tenant_id: tenant.uuid,
    needs_onboarding: needsOnboarding,
    onboarding_completed: onboardingCompleted,
    permissions,
  };
}

export const DeviceError = z
  .object({
    success: z.literal(false),
    error: z.object({ code: z.string(), message: z.string(), fields: Fields }),
  })
  .openapi("DeviceError");

export const Device = z
  .object({
    id: z.int(),
    session_key: z.string(),
    ip_address: z.string(),
    user_agent: z.string(),
    device_info: z.object({ browser: z.string(), os: z.string(), device: z.string() }),
    location: z.string().nullable(),
    is_active: z.boolean(),
    last_activity: z.iso.datetime(),
    created_at: z.iso.datetime(),
    device_name: z.string(),
    login_method: z.string(),
    is_current: z.boolean(),
  })
  .openapi("Device");

export const wireDevice = (
  session: Doc<"accountSessions">,
  facts: { lastActivityAt: number; isCurrent: boolean },
): z.infer<typeof Device> => ({
  id: session.publicId,
  session_key: session.keyStub,
  ip_address: session.ipAddress ?? "",
  user_agent: session.userAgent,
  device_info: { ...session.deviceInfo },
  location: session.location,
  is_active: session.state.kind === "active",
  last_activity: wireTime(facts.lastActivityAt),
  created_at: wireTime(session.createdAt),
  device_name: session.deviceName,
  login_method: session.loginMethod,
  is_current: facts.isCurrent,
});

export const DeviceList = z
  .object({
    success: z.literal(true),
    data: z.object({ sessions: z.array(Device), total_count: z.int() }),
  })
  .openapi("DeviceList");

export const DeviceEnded = z
  .object({
    success: z.literal(true),
    message: z.string(),
    data: z.object({ session_id: z.int(), device_name: z.string() }),
  })
  .openapi("DeviceEnded");

export const DevicesEnded = z
  .object({ success: z.literal(true), message: z.string(), data: z.object({ terminated_count: z.int() }) })
  .openapi("DevicesEnded");
