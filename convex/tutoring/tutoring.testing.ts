/** Helpers that the tests of this domain share. */
import { vi } from "vitest";
import { api } from "../_generated/api";
import type { Doc, Id } from "../_generated/dataModel";
import { newBackend, signedInUser, type T, type TestUser } from "../setup.testing";
import { HOUR_MS } from "../lib/time";

export const NOON = Date.parse("2026-03-10T12:00:00Z");

export const draft = {
  title: "Fractions, gently",
  description: "From halves to proportions.",
  subject: "Mathematics",
  level: "beginner" as const,
  date: new Date(NOON + 48 * HOUR_MS).toISOString(),
  duration: 60,
};

export type Setting = { t: T; tenantId: Id<"tenants">; ada: TestUser; bob: TestUser; moderator: TestUser };

/** A backend at noon with a creator, somebody who may ask, and a moderator, all of one tenant. */
export async function people(): Promise<Setting> {
  vi.useFakeTimers({ now: NOON });
  vi.stubEnv("RATE_LIMIT_SCALE", "1000");
  const t = newBackend();
  const ada = await signedInUser(t, { firstName: "Ada", lastName: "Lovelace" });
  const { tenantId } = ada.user;
  const bob = await signedInUser(t, { tenantId, firstName: "Bob", lastName: "Brown" });
  const moderator = await signedInUser(t, { tenantId, permissions: ["moderate_sessions"] });
  return { t, tenantId, ada, bob, moderator };
}

export const another = ({ t, tenantId }: Pick<Setting, "t" | "tenantId">, overrides: Partial<Doc<"users">> = {}) =>
  signedInUser(t, { tenantId, ...overrides });

/** With a session of Ada's that can be joined. */
export async function withOpenSession(
  overrides: Partial<typeof draft> & { maxParticipants?: number } = {},
): Promise<Setting & { id: number }> {
  const setting = await people();
  const id = await setting.ada.as.mutation(api.tutoring.sessions.create, { ...draft, ...overrides });
  await setting.moderator.as.mutation(api.tutoring.sessions.approve, { id });
  return { ...setting, id };
}

/** Gives `user` a seat. */
export async function seat({ ada }: Pick<Setting, "ada">, id: number, user: TestUser): Promise<void> {
  await user.as.mutation(api.tutoring.sessions.join, { id });
  await ada.as.mutation(api.tutoring.sessions.approveRequest, { id, userId: user.user.publicId });
}

/** Lets `ms` pass, running what falls due as the cron and the scheduler would. */
export async function pass(t: T, ms: number): Promise<void> {
  vi.advanceTimersByTime(ms);
  await t.finishInProgressScheduledFunctions();
}

export type Sent<Body = Record<string, unknown>> = { status: number; body: Body; headers: Headers };

/** One REST request; the body is JSON both ways. */
export async function send<Body = Record<string, unknown>>(
  t: T,
  method: string,
  path: string,
  who: { headers: Record<string, string> } | null,
  body?: unknown,
): Promise<Sent<Body>> {
  const response = await t.fetch(path, {
    method,
    headers: { ...who?.headers, ...(body !== undefined && { "Content-Type": "application/json" }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text === "" ? null : JSON.parse(text)) as Body, headers: response.headers };
}
