/** The declared REST shapes of accounts/README §2 and §3; accounts/wire fills them. */
import { z } from "../../rest/schemas/zod";

const Fields = z.record(z.string(), z.array(z.string())).optional();

export const SignInError = z.object({ detail: z.string(), fields: Fields }).openapi("SignInError");

export const SignedInBody = z.object({ session_id: z.uuid(), expires_at: z.iso.datetime() }).openapi("SignedIn");
export const AccessBody = z.object({ access: z.string(), expires_at: z.iso.datetime() }).openapi("AccessToken");

export const CurrentSession = z
  .object({
    email: z.string(),
    tenant_id: z.string(),
    needs_onboarding: z.boolean(),
    onboarding_completed: z.boolean(),
    permissions: z.array(z.string()),
  })
  .openapi("CurrentSession");

export const Profile = z
  .object({
    id: z.int(),
    uuid: z.uuid(),
    email: z.string(),
    username: z.string(),
    first_name: z.string(),
    last_name: z.string(),
    tenant_id: z.string(),
    time_zone: z.string().nullable().describe("IANA; null: the device's"),
    locale: z.string().nullable().describe("BCP 47; null: the device's"),
    permissions: z.array(z.string()),
    needs_onboarding: z.boolean(),
    onboarding_completed: z.boolean(),
    date_joined: z.iso.datetime(),
  })
  .openapi("Profile");
/** Fields of a profile that clients may send back, which are ignored. */
export const PROFILE_READ_ONLY = [
  "id",
  "uuid",
  "email",
  "tenant_id",
  "permissions",
  "needs_onboarding",
  "onboarding_completed",
  "date_joined",
];

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
