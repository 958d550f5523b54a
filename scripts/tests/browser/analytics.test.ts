/**
 * The analytics page: what pages note of themselves comes back as counts, drawn, told as tables and saved as a file.
 */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { adminClient } from "../../lib/admin";
import { target } from "../support/api";
import { violationsOf } from "../support/axe";
import { useBrowser } from "../support/browser";

const server = target();
const { newUser } = useBrowser();

async function newAnalyst() {
  const analyst = await newUser();
  await adminClient(server.convexUrl, server.adminKey).run("accounts/users:grantPermission", {
    email: analyst.email,
    permission: "view_analytics",
  });
  return analyst;
}

test("opened pages are counted within seconds; a range, its CSV and its mistakes", async () => {
  const { page, context, errors, outside } = await newAnalyst();
  await page.goto(`${server.webUrl}/devices`);
  await page.getByRole("link", { name: "Analytics" }).click();
  const event = page.getByLabel("Event", { exact: true });
  await event.selectOption({ label: "Opened: Account" });
  const counts = page.getByRole("table", { name: "Opened: Account" });
  await counts.getByRole("row").nth(1).waitFor({ state: "attached" });
  expect(Number(await counts.getByRole("row").nth(1).getByRole("cell").first().textContent())).toBeGreaterThan(0);
  await page.getByRole("table", { name: "Weekly returns" }).waitFor({ state: "attached" });
  expect(await page.getByRole("region", { name: "Funnels" }).getByRole("table").count()).toBe(3);

  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export CSV" }).click();
  const saved = await downloading;
  expect(saved.suggestedFilename()).toMatch(/^analytics-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d\.csv$/);
  expect(readFileSync(await saved.path(), "utf8")).toMatch(
    /^day,event,count,people\r\n(.+\r\n)*.+,page_opened\.account,/,
  );

  const today = await page.getByLabel("To", { exact: true }).inputValue();
  await page.getByLabel("From", { exact: true }).fill("2020-01-01");
  await page.getByText("Must not be more than 400 days before to.").first().waitFor();
  await page.getByRole("button", { name: "Export CSV" }).click();
  await page.getByRole("alert").filter({ hasText: "400 days" }).first().waitFor();
  await page.getByText("7 days", { exact: true }).click();
  await counts.waitFor({ state: "attached" });
  await page.getByLabel("To", { exact: true }).fill("2021-01-01");
  await page.getByText("Must not be after to.").first().waitFor();
  await page.getByText("30 days", { exact: true }).click();
  expect(await page.getByLabel("To", { exact: true }).inputValue()).toBe(today);
  await event.selectOption({ label: "Got a seat" });
  await page
    .getByText("Nothing of this was counted")
    .or(page.getByRole("table", { name: "Got a seat" }))
    .first()
    .waitFor();
  expect([errors, outside]).toEqual([[], []]);
  await context.close();
});

test("a browser that asks not to be tracked is not counted", async () => {
  const { page, context } = await newUser({ serviceWorkers: "block" });
  const notes: string[] = [];
  page.on("request", (request) => {
    if (request.postData()?.includes("analytics:note")) notes.push(request.postData()!);
  });
  await page.goto(`${server.webUrl}/focus`);
  await expect.poll(() => notes.length).toBe(1);
  expect(JSON.parse(notes[0]!)).toMatchObject({ args: { page: "focus" } });
  await context.addInitScript(() => Object.defineProperty(navigator, "globalPrivacyControl", { value: true }));
  await page.goto(`${server.webUrl}/reports`);
  await page.getByRole("heading", { level: 1, name: "Reports" }).waitFor();
  await page.waitForLoadState("networkidle");
  expect(notes).toHaveLength(1);
  await context.close();
});

test("without the permission the page says whom to ask; with it, it holds against axe and fits", async () => {
  const stranger = await newUser();
  await stranger.page.goto(`${server.webUrl}/analytics`);
  await stranger.page.getByText("You don't have access to analytics. Ask an administrator.").waitFor();
  expect(await stranger.page.getByRole("link", { name: "Analytics" }).count()).toBe(0);
  await stranger.context.close();
  const { page, context } = await newAnalyst();
  const expectNone = async (where: string) => expect.soft([where, await violationsOf(page)]).toEqual([where, []]);
  await page.goto(`${server.webUrl}/analytics`);
  await page.getByRole("table", { name: "Opened a page" }).waitFor({ state: "attached" });
  for (const width of [360, 768, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    await expectNone(`analytics at ${width}`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  }
  await page.emulateMedia({ colorScheme: "dark" });
  await expectNone("analytics in the dark");
  await context.close();
});
