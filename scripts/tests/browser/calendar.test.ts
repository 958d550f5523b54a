/** Calendar files, the private feed and attendance, as the pages fetch them. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { target } from "../support/api";
import { offerSession, useBrowser } from "../support/browser";

const server = target();

const { newUser } = useBrowser();

test("a session is saved as a calendar file, and the feed's address is shown once and replaced", async () => {
  const { page, context, errors, outside } = await newUser({ timezoneId: "UTC" });
  const path = await offerSession(page, { title: "For the calendar" });
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Add to calendar" }).click();
  const saved = await downloading;
  expect(saved.suggestedFilename()).toMatch(/^session-\d+\.ics$/);
  expect(readFileSync(await saved.path(), "utf8")).toContain("SUMMARY:For the calendar");

  await page.goto(`${server.webUrl}/settings`);
  const card = page.getByRole("region", { name: "Calendar feed" });
  const make = async (button: string) => {
    await card.getByRole("button", { name: button }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Make the address" }).click();
    await page.getByRole("alertdialog").waitFor({ state: "detached" });
    return await card.getByLabel("Private address").inputValue();
  };
  const first = await make("Get an address");
  expect(await (await fetch(first)).text()).toContain("SUMMARY:For the calendar");
  const second = await make("New address");
  expect((await fetch(first)).status).toBe(404);
  expect((await fetch(second)).status).toBe(200);
  await page.reload();
  await card.getByRole("button", { name: "Get an address" }).waitFor();
  expect(await card.getByLabel("Private address").count()).toBe(0);

  await page.goto(`${server.webUrl}${path.replace("/tutoring/", "/sessions/")}`);
  await page.getByRole("heading", { level: 1, name: "For the calendar" }).waitFor();
  expect(new URL(page.url()).pathname).toBe(path);
  await page.goto(`${server.webUrl}/my-sessions`);
  await page.waitForURL(/\/tutoring\?view=joined$/);
  expect(errors).toEqual([]);
  expect(outside).toEqual([]);
  await context.close();
});
