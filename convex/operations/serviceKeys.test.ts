import { expect, test } from "vitest";
import { api, internal } from "../_generated/api";
import { newBackend, signedInUser } from "../setup.testing";

test("keys are made, listed, rotated and ended by who may manage them, with their scopes alone", async () => {
  const t = newBackend();
  const { as, user } = await signedInUser(t, { permissions: ["manage_service_keys"] });
  const keys = api.operations.serviceKeys;
  const first = await as.mutation(keys.make, { name: "prometheus", scopes: ["metrics", "analytics:read"] });
  expect(first).toMatch(/^lsk_/);
  expect(await as.query(keys.list, {})).toMatchObject([
    { name: "prometheus", scopes: ["analytics:read", "metrics"], endsAt: null },
  ]);
  const scrape = async (key: string, path = "/api/metrics/") =>
    (await t.fetch(path, { headers: { Authorization: `Bearer ${key}` } })).status;
  expect([await scrape(first), await scrape(first, "/api/v1/analytics/daily/")]).toEqual([200, 200]);
  expect(await t.run(async (ctx) => (await ctx.db.query("serviceKeys").first())?.tenantId)).toBe(user.tenantId);

  const second = await as.mutation(keys.rotate, { name: "prometheus" });
  expect([await scrape(first), await scrape(second)]).toEqual([200, 200]);
  expect(await as.query(keys.list, {})).toHaveLength(2);
  await as.mutation(keys.end, { name: "prometheus" });
  expect([await scrape(first), await scrape(second)]).toEqual([401, 401]);
  expect(await as.query(keys.list, {})).toEqual([]);
});

test("wrong names and scopes are refused with the field, a name in force and one that is none with a reason", async () => {
  const t = newBackend();
  const { as } = await signedInUser(t, { permissions: ["manage_service_keys"] });
  const keys = api.operations.serviceKeys;
  const fields = (data: object) => ({ data: expect.objectContaining({ code: "VALIDATION", ...data }) as unknown });
  await expect(as.mutation(keys.make, { name: " ", scopes: ["metrics"] })).rejects.toMatchObject(
    fields({ fields: { name: expect.anything() as unknown } }),
  );
  await expect(as.mutation(keys.make, { name: "x", scopes: ["everything"] })).rejects.toMatchObject(
    fields({ fields: { scopes: expect.anything() as unknown } }),
  );
  await as.mutation(keys.make, { name: "x", scopes: ["metrics"] });
  await expect(as.mutation(keys.make, { name: "x", scopes: ["metrics"] })).rejects.toThrow("in force");
  await expect(as.mutation(keys.end, { name: "y" })).rejects.toThrow("No key named y");
  const viewer = await signedInUser(t, { permissions: ["view_operations"] });
  await expect(viewer.as.mutation(keys.make, { name: "z", scopes: ["metrics"] })).rejects.toThrow(
    "manage_service_keys",
  );
});

test("the audit log tells who made, rotated and ended which key, and no key", async () => {
  const t = newBackend();
  const { as, user } = await signedInUser(t, { permissions: ["manage_service_keys", "view_audit"] });
  const keys = api.operations.serviceKeys;
  const beginning = (key: string) => `${key.slice(0, 12)}…`;
  const log = async () => {
    const paginationOpts = { numItems: 20, cursor: null };
    return (await as.query(api.audit.entries.tenant, { paginationOpts })).page
      .reverse()
      .map(({ actor, action, target }) => [actor, action, target]);
  };
  const first = await as.mutation(keys.make, { name: "prometheus", scopes: ["metrics"] });
  const second = await as.mutation(keys.rotate, { name: "prometheus" });
  await as.mutation(keys.end, { name: "prometheus" });
  const third = await t.mutation(internal.identity.serviceKeys.make, { name: "sync", scopes: ["focus:write"] });
  const fourth = await t.mutation(internal.identity.serviceKeys.rotate, { name: "sync", overlapHours: 0 });
  await t.mutation(internal.identity.serviceKeys.end, { name: "sync" });
  await expect(as.mutation(keys.end, { name: "sync" })).rejects.toThrow("No key named sync");
  expect(await log()).toEqual([
    [user.uuid, "service_key_made", `prometheus (${beginning(first)})`],
    [user.uuid, "service_key_rotated", `prometheus (${beginning(second)})`],
    [user.uuid, "service_key_ended", `prometheus (${beginning(first)})`],
    [user.uuid, "service_key_ended", `prometheus (${beginning(second)})`],
    ["operator", "service_key_made", `sync (${beginning(third)})`],
    ["operator", "service_key_rotated", `sync (${beginning(fourth)})`],
    ["operator", "service_key_ended", `sync (${beginning(fourth)})`],
  ]);
});

test("keys of another tenant, and of none, are neither seen nor changed", async () => {
  const t = newBackend();
  const ours = await signedInUser(t, { permissions: ["manage_service_keys"] });
  const theirs = await signedInUser(t, { permissions: ["manage_service_keys"] });
  const keys = api.operations.serviceKeys;
  await ours.as.mutation(keys.make, { name: "figures", scopes: ["analytics:read"] });
  await t.mutation(internal.identity.serviceKeys.make, { name: "sync", scopes: ["focus:write"] });
  await expect(theirs.as.mutation(keys.rotate, { name: "sync" })).rejects.toThrow("No key named sync");
  expect(await theirs.as.query(keys.list, {})).toEqual([]);
  await expect(theirs.as.mutation(keys.rotate, { name: "figures" })).rejects.toThrow("No key named figures");
  await expect(theirs.as.mutation(keys.end, { name: "figures" })).rejects.toThrow("No key named figures");
  expect(await ours.as.query(keys.list, {})).toMatchObject([{ name: "figures", endsAt: null }]);
});
