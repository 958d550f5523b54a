/** Helpers that the tests of this domain share. */
import { expect, vi } from "vitest";
import { api } from "../_generated/api";
import { newBackend, signedInUser, type T, type TestUser } from "../setup.testing";

export const DRAWING = "5f0c5a1e-0000-4000-8000-000000000001";
export const RUNNING = "5f0c5a1e-0000-4000-8000-000000000015";
export const NOON = Date.parse("2026-03-10T12:00:00Z");
export const SERVICE_KEY = "service-key-of-the-tests";

/** The clock stands at noon and moves only by `vi.advanceTimersByTime`, which also runs what is scheduled. */
export function stopTheClock(at = NOON): void {
  vi.useFakeTimers({ now: at });
}

export const goalFields = {
  title: "Draw every day",
  emoji: "🎨",
  category: { name: "Drawing", color: "#4187a2" },
  daysTotal: 30,
};

export type Setting = { t: T; ada: TestUser; goalId: string };

/** A backend with one user who has one goal. */
export async function withGoal(): Promise<Setting> {
  vi.stubEnv("RATE_LIMIT_SCALE", "1000");
  vi.stubEnv("SERVICE_KEY", SERVICE_KEY);
  const t = newBackend();
  const ada = await signedInUser(t);
  return { t, ada, goalId: await ada.as.mutation(api.focus.goals.create, goalFields) };
}

/** A running session of Ada's drawing. */
export async function withSession(
  options: { plannedSeconds?: number; timeZone?: string } = {},
): Promise<Setting & { sessionId: string }> {
  const setting = await withGoal();
  const sessionId = await setting.ada.as.mutation(api.focus.sessions.start, {
    goalId: setting.goalId,
    activityId: DRAWING,
    ...options,
  });
  return { ...setting, sessionId };
}

/** Lets time pass with a heartbeat every 30 s, as an open page sends them. */
export async function attend(
  { ada, sessionId }: { ada: Pick<TestUser, "as">; sessionId: string },
  ms: number,
): Promise<void> {
  for (let left = ms; left > 0; left -= 30_000) {
    vi.advanceTimersByTime(Math.min(30_000, left));
    await ada.as.mutation(api.focus.sessions.heartbeat, { sessionId });
  }
}

export const SERVICE = { Authorization: `Bearer ${SERVICE_KEY}` };

type Sent = { status: number; body: Record<string, unknown>; headers: Headers };

/** One REST request; the body is JSON both ways. */
export async function send(
  t: T,
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: unknown,
): Promise<Sent> {
  const response = await t.fetch(path, {
    method,
    headers: { ...headers, ...(body !== undefined && { "Content-Type": "application/json" }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    body: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>),
    headers: response.headers,
  };
}

/** Any value of that type, within what is expected. */
export const some = (type: unknown): unknown => expect.any(type) as unknown;
