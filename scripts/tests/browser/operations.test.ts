/** The operations page: history, errors and service keys, for those who may see each. */
import { expect, test } from "vitest";
import { anyApi, type FunctionReference } from "convex/server";
import { adminClient } from "../../lib/admin";
import { call, newAccount, target } from "../support/api";
import { violationsOf } from "../support/axe";
import { useBrowser } from "../support/browser";

const server = target();
const admin = adminClient(server.convexUrl, server.adminKey);
const { newUser } = useBrowser();

async function newOperator(permissions: string[], options: Parameters<typeof newUser>[0] = {}) {
  const operator = await newUser(options);
  for (const permission of permissions)
    await admin.run("accounts/users:grantPermission", { email: operator.email, permission });
  return operator;
}

/** Reports an error as a page does. */
async function reportError(name: string, message: string): Promise<void> {
  const account = await newAccount();
  await account.http.mutation(anyApi.operations!.errors!.report as FunctionReference<"mutation">, {
    name,
    message,
    stack: `${name}: ${message}\n    at draw (app.js:1:2)`,
    place: "focus",
  });
}

test("one look says that all is well; history is recorded, drawn and told as a table", async () => {
  const { page, context, errors, outside } = await newOperator(["view_operations"]);
  await admin.run("operations/history/samples:take");
  await call("POST", "/api/auth/login/", { body: { email: "nobody@example.com", password: "wrong horse battery" } });
  await newAccount();
  await page.goto(`${server.webUrl}/operations`);
  await page.getByText("Everything is working").waitFor();
  const parts = page.getByRole("list", { name: "Parts" }).getByRole("link");
  expect(await parts.count()).toBe(4);
  await parts.filter({ hasText: "Permanent store" }).getByText("Working").waitFor({ state: "attached" });
  const history = page.getByRole("region", { name: "History" });
  await admin.run("operations/history/samples:take");
  const signIns = history.getByRole("table", { name: "Sign-ins" });
  await signIns.getByRole("row").nth(1).waitFor({ state: "attached" });
  await history.getByText("7 days").click();
  await signIns.getByRole("row").nth(1).waitFor({ state: "attached" });
  expect(await page.getByRole("region", { name: "Service keys" }).count()).toBe(0);
  expect([errors, outside]).toEqual([[], []]);
  await context.close();
});

test("request times are shown by operation, slowest first, and sorted by keyboard", async () => {
  const { page, context, errors } = await newOperator(["view_operations"]);
  const table = page.getByRole("region", { name: "Request times" }).getByRole("table");
  const column = (index: number) =>
    table.getByRole("row").evaluateAll((rows, at) => rows.slice(1).map((row) => row.children[at]!.textContent), index);
  await call("GET", "/api/health/");
  await page.waitForTimeout(11_000);
  await call("GET", "/api/health/");
  await page.goto(`${server.webUrl}/operations`);
  await table.getByRole("rowheader", { name: "GET /api/health/" }).waitFor();
  const slowest = table.getByRole("columnheader", { name: "95th percentile" });
  expect(await slowest.getAttribute("aria-sort")).toBe("descending");
  const byName = table.getByRole("columnheader", { name: "Operation" });
  await byName.getByRole("button").focus();
  await page.keyboard.press("Enter");
  expect([await byName.getAttribute("aria-sort"), await slowest.getAttribute("aria-sort")]).toEqual([
    "ascending",
    "none",
  ]);
  const names = (await column(0)).filter((name) => name.includes("/api/"));
  expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b, "en")));
  await page.keyboard.press("Space");
  expect(await byName.getAttribute("aria-sort")).toBe("descending");
  await table.getByRole("columnheader", { name: "Requests" }).getByRole("button").click();
  const counts = (await column(1)).map((count) => Number(count.replaceAll(",", "")));
  expect(counts).toEqual([...counts].sort((a, b) => b - a));
  expect(await violationsOf(page)).toEqual([]);
  expect(errors).toEqual([]);
  await context.close();
});

test("an error is listed with its count, place and sample, opened by keyboard, and dismissed", async () => {
  const { page, context } = await newOperator(["view_operations"]);
  await page.goto(`${server.webUrl}/operations`);
  const list = page.getByRole("list", { name: "Errors" });
  await reportError("DrawingError", "no canvas for line 7");
  const row = list.getByRole("listitem").filter({ hasText: "DrawingError" });
  await row.getByText("once").waitFor();
  await reportError("DrawingError", "no canvas for line 8");
  await row.getByText("2 times").waitFor();
  await row.getByText("Browser", { exact: true }).waitFor();
  await row.locator("summary").focus();
  await page.keyboard.press("Enter");
  await row.getByText("at draw (app.js:1:2)").waitFor();
  await row.getByText("focus", { exact: true }).waitFor();
  await row.getByRole("button", { name: "Dismiss" }).click();
  await row.waitFor({ state: "detached" });
  await context.close();
});

test("what fails in a page is told there, once, without what was typed", async () => {
  const { page, context } = await newOperator(["view_operations"]);
  await page.goto(`${server.webUrl}/operations`);
  await page.getByRole("region", { name: "Errors" }).waitFor();
  const row = page.getByRole("list", { name: "Errors" }).getByRole("listitem").filter({ hasText: "PageError" });
  await page.evaluate(() => {
    const fail = () => {
      const error = new Error("cannot draw for ada@example.com");
      error.name = "PageError";
      throw error;
    };
    setTimeout(fail);
    void Promise.reject(new DOMException("left", "AbortError"));
    setTimeout(fail, 100);
  });
  await row.getByText("once").waitFor();
  expect(await row.textContent()).not.toContain("ada@example.com");
  await page.waitForTimeout(1_000);
  expect(await row.getByText("once").count()).toBe(1);
  expect(await page.getByRole("list", { name: "Errors" }).getByText("AbortError").count()).toBe(0);
  await context.close();
});

test("a service key is made with its scopes, shown once, rotated and ended", async () => {
  const { page, context, errors } = await newOperator(["view_operations", "manage_service_keys"]);
  await page.goto(`${server.webUrl}/operations`);
  const card = page.getByRole("region", { name: "Service keys" });
  await card.getByRole("button", { name: "New key" }).click();
  const form = page.getByRole("dialog", { name: "New key" });
  await form.getByRole("button", { name: "New key" }).click();
  await form.getByText("Enter a name.").waitFor();
  await form.getByText("Choose at least one.").waitFor();
  const name = `scraper-${Date.now()}`;
  await form.getByLabel("Name").fill(name);
  await form.getByLabel("Read metrics").check();
  await form.getByLabel("Manage this organization's webhooks").check();
  await form.getByRole("button", { name: "New key" }).click();
  const shown = page.getByRole("dialog", { name: "Service key" });
  const take = async () => {
    const key = await shown.getByLabel("Service key").inputValue();
    await shown.getByRole("button", { name: "Done" }).click();
    expect(await page.content()).not.toContain(key);
    return key;
  };
  const scrape = async (key: string) =>
    (await fetch(`${server.siteUrl}/api/metrics/`, { headers: { Authorization: `Bearer ${key}` } })).status;
  const first = await take();
  expect(await scrape(first)).toBe(200);
  expect((await call("GET", "/api/v1/webhooks/", { auth: `Bearer ${first}` })).status).toBe(200);
  await card.getByRole("button", { name: "New key" }).click();
  await form.getByLabel("Name").fill(name);
  await form.getByLabel("Read metrics").check();
  await form.getByRole("button", { name: "New key" }).click();
  await form.getByText(/is in force/).waitFor();
  await page.keyboard.press("Escape");
  await card.getByRole("button", { name: `Rotate ${name}` }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Rotate" }).click();
  const second = await take();
  expect([await scrape(first), await scrape(second)]).toEqual([200, 200]);
  const rows = card.getByRole("listitem").filter({ hasText: name });
  await rows.nth(1).waitFor();
  await card.getByRole("button", { name: `End ${name}` }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "End" }).click();
  await rows.first().waitFor({ state: "detached" });
  expect([await scrape(first), await scrape(second)]).toEqual([401, 401]);
  expect(errors).toEqual([]);
  await context.close();
});

test("the page holds against axe, light and dark, and fits at every width", async () => {
  const { page, context } = await newOperator(["view_operations", "manage_service_keys"]);
  const expectNone = async (where: string) => expect.soft([where, await violationsOf(page)]).toEqual([where, []]);
  await admin.run("operations/history/samples:take");
  await reportError("RenderError", "a part is missing");
  await page.goto(`${server.webUrl}/operations`);
  await page.getByRole("table", { name: "Sign-ins" }).waitFor({ state: "attached" });
  await page.getByRole("listitem").filter({ hasText: "RenderError" }).locator("summary").click();
  for (const width of [360, 768, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    await expectNone(`operations at ${width}`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  }
  await page.emulateMedia({ colorScheme: "dark" });
  await expectNone("operations in the dark");
  await page.getByRole("button", { name: "New key" }).click();
  await expectNone("new key");
  await context.close();
});
