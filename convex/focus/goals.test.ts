import { expect, test } from "vitest";
import { newBackend, signedInUser } from "../setup.testing";
import { api } from "../_generated/api";
import { createUuid } from "../lib/ids";

async function withGoal() {
  const t = newBackend();
  const owner = await signedInUser(t);
  const goalId = createUuid();
  await t.run((ctx) =>
    ctx.db.insert("goals", {
      uuid: goalId,
      userId: owner.user._id,
      title: "Draw every day",
      emoji: "🎨",
      category: { name: "Drawing", color: "#4187a2" },
      status: "active",
      daysTotal: 30,
      daysCompleted: 12,
    }),
  );
  return { t, owner, goalId };
}

test("the owner reads a goal over REST with a SessionID", async () => {
  const { t, owner, goalId } = await withGoal();
  const response = await t.fetch(`/api/v1/goals/${goalId}/`, { headers: owner.headers });
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({
    id: goalId,
    title: "Draw every day",
    emoji: "🎨",
    category: { name: "Drawing", color: "#4187a2" },
    user: owner.user.uuid,
    status: "active",
    days_total: 30,
    days_completed: 12,
  });
  expect(response.headers.get("X-Request-Id")).toBeTruthy();
});

test("another user's goal is unknown, over REST and live", async () => {
  const { t, goalId } = await withGoal();
  const stranger = await signedInUser(t);
  const response = await t.fetch(`/api/v1/goals/${goalId}/`, { headers: stranger.headers });
  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({ detail: "Goal not found.", code: "NOT_FOUND" });
  await expect(stranger.as.query(api.focus.goals.get, { goalId })).rejects.toThrow("NOT_FOUND");
});

test("no credential, a malformed one and a malformed id are refused in the domain's shape", async () => {
  const { t, owner, goalId } = await withGoal();
  const anonymous = await t.fetch(`/api/v1/goals/${goalId}/`);
  expect(anonymous.status).toBe(401);
  expect(anonymous.headers.get("WWW-Authenticate")).toContain("Bearer");
  const malformed = await t.fetch(`/api/v1/goals/${goalId}/`, { headers: { Authorization: "Bearer x.y.z" } });
  expect(malformed.status).toBe(401);
  const unknown = await t.fetch(`/api/v1/goals/not-a-uuid/`, { headers: owner.headers });
  expect(unknown.status).toBe(404);
  expect(Object.keys((await unknown.json()) as object)).toEqual(["detail", "code"]);
});

test("other methods are 405 with Allow, unknown paths 404", async () => {
  const { t, goalId } = await withGoal();
  const wrongMethod = await t.fetch(`/api/v1/goals/${goalId}/`, { method: "DELETE" });
  expect(wrongMethod.status).toBe(405);
  expect(wrongMethod.headers.get("Allow")).toBe("GET, HEAD, OPTIONS");
  const unknown = await t.fetch("/api/nowhere/");
  expect(unknown.status).toBe(404);
  expect(await unknown.json()).toEqual({ error: "Not found", code: "NOT_FOUND" });
});

test("the OpenAPI document and its page list the endpoint", async () => {
  const t = newBackend();
  const document = (await (await t.fetch("/api/openapi.json")).json()) as {
    openapi: string;
    paths: Record<string, unknown>;
  };
  expect(document.openapi).toBe("3.1.0");
  expect(document.paths).toHaveProperty("/api/v1/goals/{goalId}/");
  expect(await (await t.fetch("/api/docs")).text()).toContain("/api/v1/goals/{goalId}/");
});

test("texts are checked alike over REST and the live protocol: valid Unicode, so many characters", async () => {
  const { owner, goalId } = await withGoal();
  const goal = { title: "Draw", emoji: "🎨", category: { name: "Drawing", color: "#4187a2" }, daysTotal: 30 };
  const activity = { name: "Ink", emoji: "🎨", category: "Drawing", color: "#4187a2" };
  const refused = (name: string, reason = "Must be valid Unicode.") => ({
    data: { code: "VALIDATION", fields: { [name]: [reason] } },
  });
  for (const [name, wrong] of [
    ["title", { title: "a\ud800" }],
    ["emoji", { emoji: "\ud83c" }],
    ["category.name", { category: { name: "\udfa8", color: "#4187a2" } }],
  ] as const)
    await expect(owner.as.mutation(api.focus.goals.create, { ...goal, ...wrong })).rejects.toMatchObject(refused(name));
  await expect(owner.as.mutation(api.focus.activities.create, { ...activity, name: "\ud800" })).rejects.toMatchObject(
    refused("name"),
  );
  const start = (devicePlatform: string) =>
    owner.as.mutation(api.focus.sessions.start, {
      goalId,
      activityId: "5f0c5a1e-0000-4000-8000-000000000001",
      devicePlatform,
    });
  await expect(start("\ud800")).rejects.toMatchObject(refused("devicePlatform"));
  await expect(start("📱".repeat(11))).rejects.toMatchObject(
    refused("devicePlatform", "Must have at most 10 characters."),
  );
  await start("📱".repeat(10));
  await owner.as.mutation(api.focus.goals.create, { ...goal, title: "🎨".repeat(200) });
  await expect(owner.as.mutation(api.focus.goals.create, { ...goal, title: "🎨".repeat(201) })).rejects.toMatchObject(
    refused("title", "Must have at most 200 characters."),
  );
});
