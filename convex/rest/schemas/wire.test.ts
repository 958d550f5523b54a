import { expect, test } from "vitest";
import { completion, registration } from "../../focus/claims/inputs";
import { text } from "../../lib/schemas/fields";
import { time } from "./fields";
import { wireBody } from "./wire";
import { z } from "./zod";

const ID = "0b8cf4b4-9d0f-4d5c-8f5e-0d8f8a3f7f11";

test("white space around words, ids, times and texts does not count, and fields may still be left out", () => {
  const body = wireBody(
    "Trimmed",
    z.strictObject({
      currentView: z.enum(["MANUAL", "CONVERSATIONAL"]).optional(),
      goalId: z.guid(),
      status: z.literal("active"),
      reason: z.enum(["manual", "timeout"]).default("manual"),
      startedAt: time(),
      title: text({ max: 5 }).nullish(),
    }),
  );
  const least = { goal_id: ` ${ID}\n`, status: "active ", started_at: " 2026-01-15T10:30:00Z\r\n" };
  const startedAt = Date.parse("2026-01-15T10:30:00Z");
  expect(body.parse(least)).toEqual({ goalId: ID, status: "active", reason: "manual", startedAt });
  expect(body.parse({ ...least, current_view: "\tMANUAL", reason: "timeout ", title: " title " })).toMatchObject({
    currentView: "MANUAL",
    reason: "timeout",
    title: "title",
  });
  for (const wrong of [{ status: "act ive" }, { goal_id: 5 }, { current_view: null }, { started_at: " " }])
    expect(body.safeParse({ ...least, ...wrong }).success).toBe(false);
});

test("every word and id of a request is taken so", () => {
  const bodies = [wireBody("Registered", registration), wireBody("Completed", completion.omit({ sessionId: true }))];
  const spaced = { status: " completed", completed_reason: "manual ", goal_id: ` ${ID}` };
  expect(bodies[1]!.safeParse(spaced).error?.issues.map(({ path }) => path[0])).not.toContain("status");
  expect(bodies[0]!.safeParse({ goal_id: ` ${ID} ` }).error?.issues.map(({ path }) => path[0])).not.toContain(
    "goal_id",
  );
});
