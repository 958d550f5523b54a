import { afterEach, describe, expect, test, vi } from "vitest";
import { api } from "../_generated/api";
import { UUID_PATTERN } from "../lib/ids";
import { signedInUser } from "../setup.testing";
import { BUILT_IN_ACTIVITIES } from "./catalog/builtIn";
import { DRAWING, goalFields, send, withGoal, some } from "./focus.testing";

afterEach(() => void vi.unstubAllEnvs());

const climbing = { name: "Indoor bouldering", emoji: "🧗", category: "Fitness", color: "#AA0000" };

describe("goals", () => {
  test("are created, listed newest first and read by their owner alone", async () => {
    const { t, ada, goalId } = await withGoal();
    const second = await ada.as.mutation(api.focus.goals.create, {
      ...goalFields,
      title: "  Run\u0000 far ",
      daysTotal: 1,
    });
    const goals = await ada.as.query(api.focus.goals.list, {});
    expect(goals.map(({ id, title }) => [id, title])).toEqual([
      [second, "Run far"],
      [goalId, "Draw every day"],
    ]);
    expect(await ada.as.query(api.focus.goals.get, { goalId })).toEqual({
      id: goalId,
      ...goalFields,
      status: "active",
      daysCompleted: 0,
    });
    const stranger = await signedInUser(t);
    expect(await stranger.as.query(api.focus.goals.list, {})).toEqual([]);
    await expect(t.query(api.focus.goals.list, {})).rejects.toThrow("UNAUTHENTICATED");
  });

  test.each<[string, object]>([
    ["title", { title: " " }],
    ["title", { title: "x".repeat(201) }],
    ["emoji", { emoji: "" }],
    ["category.name", { category: { name: "", color: "#000000" } }],
    ["category.color", { category: { name: "x", color: "red" } }],
    ["daysTotal", { daysTotal: 0 }],
    ["daysTotal", { daysTotal: 1.5 }],
    ["daysTotal", { daysTotal: Infinity }],
  ])("create names %s in %j", async (field, wrong) => {
    const { ada } = await withGoal();
    await expect(ada.as.mutation(api.focus.goals.create, { ...goalFields, ...wrong })).rejects.toMatchObject({
      data: { code: "VALIDATION", fields: { [field]: some(Array) } },
    });
  });

  test("a goal is completed on its last day", async () => {
    const { ada } = await withGoal();
    const goalId = await ada.as.mutation(api.focus.goals.create, { ...goalFields, daysTotal: 1 });
    vi.useFakeTimers({ now: Date.now() });
    const sessionId = await ada.as.mutation(api.focus.sessions.start, { goalId, activityId: DRAWING });
    vi.advanceTimersByTime(5_000);
    await ada.as.mutation(api.focus.sessions.complete, { sessionId });
    vi.useRealTimers();
    expect(await ada.as.query(api.focus.goals.get, { goalId })).toMatchObject({
      status: "completed",
      daysCompleted: 1,
    });
  });
});

describe("activities", () => {
  test("the built-in ones are there without seeding, with ids of their own", async () => {
    const { ada } = await withGoal();
    const all = await ada.as.query(api.focus.activities.list, {});
    expect(all).toHaveLength(BUILT_IN_ACTIVITIES.length);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(all.every(({ id, color }) => UUID_PATTERN.test(id) && /^#[0-9a-f]{6}$/.test(color))).toBe(true);
    expect(all.map(({ name }) => name)).toEqual(all.map(({ name }) => name).sort());
  });

  test("anybody's additions are everybody's, and the same one is added once", async () => {
    const { t, ada } = await withGoal();
    const stranger = await signedInUser(t);
    const id = await ada.as.mutation(api.focus.activities.create, climbing);
    expect(await stranger.as.mutation(api.focus.activities.create, climbing)).toBe(id);
    expect(await stranger.as.mutation(api.focus.activities.create, { ...climbing, emoji: "⛰️" })).not.toBe(id);
    expect(await stranger.as.query(api.focus.activities.list, {})).toContainEqual({
      id,
      ...climbing,
      color: "#aa0000",
    });
    const drawing = BUILT_IN_ACTIVITIES[0]!;
    const { id: known, ...fields } = drawing;
    expect(await ada.as.mutation(api.focus.activities.create, fields)).toBe(known);
    const { status, body } = await send(t, "GET", `/api/v1/activities/${id}/`, stranger.headers);
    expect([status, body]).toEqual([200, { id, ...climbing, color: "#aa0000" }]);
  });

  test("5.5 answers with the documented shape, 404 and 401", async () => {
    const { t, ada } = await withGoal();
    const known = await send(t, "GET", `/api/v1/activities/${DRAWING}/`, ada.headers);
    expect(known.body).toEqual({ id: DRAWING, name: "Drawing", emoji: "🎨", category: "Creativity", color: "#4187a2" });
    const unknown = await send(t, "GET", "/api/v1/activities/00000000-0000-4000-8000-00000000dead/", ada.headers);
    expect([unknown.status, unknown.body]).toEqual([404, { detail: "Activity not found.", code: "NOT_FOUND" }]);
    expect((await send(t, "GET", "/api/v1/activities/drawing/", ada.headers)).status).toBe(404);
    expect((await send(t, "GET", `/api/v1/activities/${DRAWING}/`, {})).status).toBe(401);
    expect((await send(t, "PATCH", `/api/v1/activities/${DRAWING}/`, ada.headers, {})).headers.get("Allow")).toBe(
      "GET, HEAD, OPTIONS",
    );
    expect((await send(t, "GET", "/api/v1/sessions/", ada.headers)).headers.get("Allow")).toBe("OPTIONS, POST");
  });

  test.each(["name", "emoji", "category", "color"])("create names %s when it is empty", async (field) => {
    const { ada } = await withGoal();
    await expect(ada.as.mutation(api.focus.activities.create, { ...climbing, [field]: "" })).rejects.toMatchObject({
      data: { fields: { [field]: some(Array) } },
    });
  });
});
