import { parse } from "csv-parse/sync";
import { afterEach, expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import type { Doc } from "../_generated/dataModel";
import { newBackend, signedInUser, TEST_CLIENT, type T } from "../setup.testing";
import { DAY_MS } from "../lib/time";
import { formatCsvHeader, formatCsvLines } from "./csv";
import { append, type AuditAction } from "./writer";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

const PAGE = { numItems: 50, cursor: null };

const note = (
  t: T,
  user: Doc<"users">,
  action: AuditAction,
  target: string,
  outcome: "success" | "failure" = "success",
) => t.run((ctx) => append(ctx, { action, target, actor: { user }, client: TEST_CLIENT, outcome }));

/** Ada and Bob of one tenant, Eve of another; Ada and Eve may view the audit log. */
async function withLog() {
  vi.useFakeTimers();
  const t = newBackend();
  const ada = await signedInUser(t, { permissions: ["view_audit"], name: "Ada Lovelace" });
  const bob = await signedInUser(t, { tenantId: ada.user.tenantId });
  const eve = await signedInUser(t, { permissions: ["view_audit"] });
  for (const [user, action, target, outcome] of [
    [ada.user, "sign_in", "session 1", "success"],
    [bob.user, "sign_in_failed", "bob@example.com", "failure"],
    [bob.user, "sign_in", "session 2", "success"],
    [eve.user, "sign_in", "session 3", "success"],
  ] as const) {
    await note(t, user, action, target, outcome);
    vi.advanceTimersByTime(1_000);
  }
  return { t, ada, bob, eve };
}

const targets = (result: { page: { target: string }[] }) => result.page.map((entry) => entry.target);

test("everybody reads their own log, newest first", async () => {
  const { t, ada, bob } = await withLog();
  expect(targets(await bob.as.query(api.audit.entries.mine, { paginationOpts: PAGE }))).toEqual([
    "session 2",
    "bob@example.com",
  ]);
  const [entry] = (await ada.as.query(api.audit.entries.mine, { paginationOpts: PAGE })).page;
  expect(entry).toEqual({
    id: expect.any(String) as string,
    at: expect.any(Number) as number,
    actor: ada.user.uuid,
    actorName: "Ada Lovelace",
    action: "sign_in",
    target: "session 1",
    about: null,
    aboutName: null,
    ip: TEST_CLIENT.ip,
    userAgent: TEST_CLIENT.userAgent,
    outcome: "success",
  });
  await expect(t.query(api.audit.entries.mine, { paginationOpts: PAGE })).rejects.toMatchObject({
    data: { code: "UNAUTHENTICATED" },
  });
});

test("a tenant's log needs the permission and shows no other tenant", async () => {
  const { ada, bob, eve } = await withLog();
  expect(targets(await ada.as.query(api.audit.entries.tenant, { paginationOpts: PAGE }))).toEqual([
    "session 2",
    "bob@example.com",
    "session 1",
  ]);
  expect(targets(await eve.as.query(api.audit.entries.tenant, { paginationOpts: PAGE }))).toEqual(["session 3"]);
  expect(targets(await eve.as.query(api.audit.entries.tenant, { actor: ada.user.uuid, paginationOpts: PAGE }))).toEqual(
    [],
  );
  await expect(bob.as.query(api.audit.entries.tenant, { paginationOpts: PAGE })).rejects.toMatchObject({
    data: { code: "FORBIDDEN" },
  });
});

test("filters by action, outcome, actor and time, and pages through", async () => {
  const { ada, bob } = await withLog();
  const find = async (filters: object) =>
    targets(await ada.as.query(api.audit.entries.tenant, { ...filters, paginationOpts: PAGE }));
  expect(await find({ action: "sign_in" })).toEqual(["session 2", "session 1"]);
  expect(await find({ outcome: "failure" })).toEqual(["bob@example.com"]);
  expect(await find({ actor: bob.user.uuid })).toEqual(["session 2", "bob@example.com"]);
  const [second, first] = (await bob.as.query(api.audit.entries.mine, { paginationOpts: PAGE })).page;
  expect(await find({ from: first!.at, to: second!.at })).toEqual(["bob@example.com"]);
  const page = await ada.as.query(api.audit.entries.tenant, {
    paginationOpts: { numItems: 2, cursor: null },
  });
  expect(page.isDone).toBe(false);
  const rest = await ada.as.query(api.audit.entries.tenant, {
    paginationOpts: { numItems: 2, cursor: page.continueCursor },
  });
  expect([...targets(page), ...targets(rest)]).toEqual(["session 2", "bob@example.com", "session 1"]);
});

test("exports the same entries as CSV, under the same guard", async () => {
  const { t, ada, bob } = await withLog();
  await note(t, ada.user, "deleted", '=HYPERLINK("x"),\nsecond line');
  const { csv, count, complete } = await ada.as.action(api.audit.entries.exportCsv, { scope: "tenant" });
  expect({ count, complete }).toEqual({ count: 4, complete: true });
  const rows = parse<Record<string, string>>(csv, { columns: true, record_delimiter: "\r\n" });
  expect(rows.map((row) => row.target)).toEqual([
    '\'=HYPERLINK("x"),\nsecond line',
    "session 2",
    "bob@example.com",
    "session 1",
  ]);
  expect(rows[0]).toMatchObject({
    actor: ada.user.uuid,
    actor_name: "Ada Lovelace",
    action: "deleted",
    outcome: "success",
  });
  expect((await bob.as.action(api.audit.entries.exportCsv, { scope: "mine", outcome: "failure" })).count).toBe(1);
  await expect(bob.as.action(api.audit.entries.exportCsv, { scope: "tenant" })).rejects.toMatchObject({
    data: { code: "FORBIDDEN" },
  });
});

test("what an operator does to a user tells which user it was", async () => {
  const { t, ada, bob, eve } = await withLog();
  const email = bob.user.email!;
  await t.mutation(internal.accounts.users.grantPermission, { email, permission: "moderate_sessions" });
  const granted = await ada.as.query(api.audit.entries.tenant, { paginationOpts: { ...PAGE, numItems: 1 } });
  const about = { about: bob.user.uuid, aboutName: bob.user.username };
  expect(granted.page).toMatchObject([
    { action: "permission_granted", actor: "operator", actorName: null, target: "moderate_sessions", ...about },
  ]);
  const tenantId = await t.run(async (ctx) => (await ctx.db.get("tenants", eve.user.tenantId))!.uuid);
  await t.mutation(internal.accounts.tenants.assign, { email, tenantId });
  const { csv } = await eve.as.action(api.audit.entries.exportCsv, { scope: "tenant" });
  expect(parse(csv, { columns: true, record_delimiter: "\r\n" })).toMatchObject([
    { action: "sessions_ended", actor: "operator", target: "1 session", about: bob.user.uuid },
    { action: "tenant_assigned", target: `tenant ${tenantId}`, about: bob.user.uuid, about_name: bob.user.username },
    { action: "sign_in", about: "", about_name: "" },
  ]);
});

test("CSV without entries is the header alone", () => {
  expect(formatCsvHeader() + formatCsvLines([])).toBe(
    "at,actor,actor_name,action,target,about,about_name,ip,user_agent,outcome\r\n",
  );
});

test.each([
  [undefined, 365],
  ["30", 30],
  ["nonsense", 365],
  ["0", 365],
])("with AUDIT_RETENTION_DAYS=%s entries leave after %i days", async (setting, days) => {
  const { t } = await withLog();
  if (setting !== undefined) vi.stubEnv("AUDIT_RETENTION_DAYS", setting);
  const left = async () => {
    await t.mutation(internal.audit.sweep.deleteOld, {});
    return await t.run(async (ctx) => (await ctx.db.query("auditEntries").collect()).length);
  };
  vi.advanceTimersByTime(days * DAY_MS - 10_000);
  expect(await left()).toBe(4);
  vi.advanceTimersByTime(10_001);
  expect(await left()).toBe(0);
});
