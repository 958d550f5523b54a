/** What a hand expects: figures with their currency, units in their place, nothing twice, nothing lost in between. */
import { randomUUID } from "node:crypto";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { call, target } from "../support/api";
import { createGoalAndActivity, PASSWORD, useBrowser } from "../support/browser";

const server = target();

const { visit, newUser } = useBrowser({ locale: "en-US" });

const saved = (page: Page) => page.getByRole("status").getByText("Saved", { exact: true }).waitFor();

async function newReport(page: Page): Promise<string> {
  await page.goto(`${server.webUrl}/reports`);
  await page.getByRole("button", { name: "New report" }).first().click();
  await page.waitForURL(/\/reports\/./);
  await page.getByLabel("Company name").waitFor();
  return page.url();
}

/** Reads the answers through REST with the page's own credential. */
async function answersOf(page: Page): Promise<unknown> {
  const token = await page.evaluate(
    () => Object.entries(localStorage).find(([key]) => key.startsWith("__convexAuthJWT"))?.[1] ?? "",
  );
  const { body } = await call("GET", `/api/sessions/${page.url().split("/").at(-1)}`, { auth: `Bearer ${token}` });
  return (body as { form_data: unknown }).form_data;
}

describe("a report", () => {
  test("a revenue is stored with its currency, which follows the country until another is chosen or typed", async () => {
    const { page, context } = await newUser();
    await newReport(page);
    const currency = page.getByLabel("Currency");
    expect(await currency.inputValue()).toBe("USD");
    await page.getByLabel("Country").selectOption({ label: "Belgium" });
    await expect.poll(() => currency.inputValue()).toBe("EUR");
    await page.getByLabel("Annual revenue").fill("1,200");
    await page.getByText("Read as 1,200", { exact: true }).waitFor();
    await saved(page);
    expect(await answersOf(page)).toEqual({ country_code: "BE", revenue: 1_200, revenue_currency: "EUR" });

    await page.getByLabel("Country").selectOption({ label: "United Kingdom" });
    await expect.poll(() => currency.inputValue()).toBe("GBP");
    await page.getByLabel("Annual revenue").fill("CHF 3,400");
    await expect.poll(() => currency.inputValue()).toBe("CHF");
    await page.getByLabel("Country").selectOption({ label: "Belgium" });
    await saved(page);
    expect(await answersOf(page)).toEqual({ country_code: "BE", revenue: 3_400, revenue_currency: "CHF" });
    await currency.selectOption("JPY");
    await saved(page);
    expect(await answersOf(page)).toMatchObject({ revenue_currency: "JPY" });
    await page.getByRole("button", { name: "Complete" }).click();
    await page.getByRole("button", { name: "Continue" }).waitFor();
    await page.getByText("¥3,400").waitFor();
    await page.getByText("Belgium", { exact: true }).waitFor();
    await context.close();
  });

  test("an empty one is not completed, is opened again instead of a second, and goes without a flash", async () => {
    const { page, context } = await newUser();
    const first = await newReport(page);
    expect(await page.getByRole("button", { name: "Complete" }).isDisabled()).toBe(true);
    await page.getByText("Answer at least one question to complete the report.").waitFor();
    expect(await newReport(page)).toBe(first);
    await page.getByLabel("City").fill("Ghent");
    await saved(page);
    expect(await page.getByRole("button", { name: "Complete" }).isDisabled()).toBe(false);
    expect(await newReport(page)).not.toBe(first);

    await page.evaluate(() => {
      const told: string[] = ((window as unknown as { told: string[] }).told = []);
      new MutationObserver(() => {
        if (document.body.textContent?.includes("was deleted, here or")) told.push("flash");
      }).observe(document.body, { childList: true, subtree: true, characterData: true });
    });
    await page.getByRole("button", { name: "Delete" }).click();
    await page.waitForURL(/\/reports$/);
    await page.getByRole("button", { name: "Undo" }).waitFor();
    expect(await page.evaluate(() => (window as unknown as { told: string[] }).told)).toEqual([]);
    await context.close();
  });
});

test("a time that a clock skips is told while it is entered, and one that comes twice is asked", async () => {
  const { page, context } = await newUser({ timezoneId: "Europe/Berlin" });
  await page.goto(`${server.webUrl}/tutoring`);
  await page.getByRole("button", { name: "Offer a session" }).first().click();
  const dialog = page.getByRole("dialog");
  for (const [zone, skipped, twice] of [
    ["Europe/Berlin", "2027-03-28T02:30", "2027-10-31T02:30"],
    ["Australia/Lord_Howe", "2027-10-03T02:15", "2027-04-04T01:45"],
    ["Pacific/Chatham", "2027-09-26T03:00", "2027-04-04T03:00"],
  ] as const) {
    await dialog.getByLabel("Time zone", { exact: true }).fill(zone);
    await dialog.getByLabel("Starts").fill(skipped);
    await dialog.getByText(`Clocks in ${zone} skip this time.`).waitFor();
    await dialog.getByLabel("Starts").fill(twice);
    await dialog.getByText("Clocks go back that day, so this time happens twice. Which one?").waitFor();
    expect(await dialog.getByRole("radio").count()).toBe(2);
  }
  await context.close();
});

test("in a page from right to left, units stay behind their numbers", async () => {
  const { page, context } = await newUser();
  await page.goto(server.webUrl);
  const unit = page.getByText(/XP to level 2$/);
  await unit.waitFor();
  await page.evaluate(() => document.documentElement.setAttribute("dir", "rtl"));
  /** Where a word of the text begins on the screen. */
  const left = (word: string) =>
    unit.evaluate((element, text) => {
      const node = element.firstChild!;
      const range = document.createRange();
      const start = node.textContent!.indexOf(text);
      range.setStart(node, start);
      range.setEnd(node, start + text.length);
      return range.getBoundingClientRect().left;
    }, word);
  expect(await left("10,000")).toBeLessThan(await left("XP"));
  expect(await left("XP")).toBeLessThan(await left("level"));
  const direction = await unit.evaluate((element) => getComputedStyle(element).direction);
  expect(direction).toBe("rtl");
  await context.close();
});

test("a sign-up that a reload interrupts says that the account may exist", async () => {
  const { page, context } = await visit();
  const email = `u-${randomUUID()}@example.com`;
  await page.goto(server.webUrl);
  await page.getByText("Create account", { exact: true }).first().click();
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  // The answer never comes: the call does not leave the page.
  await page.evaluate(() => {
    type Send = (this: WebSocket, data: Parameters<WebSocket["send"]>[0]) => void;
    const send = Object.getOwnPropertyDescriptor(WebSocket.prototype, "send")!.value as Send;
    WebSocket.prototype.send = function (data) {
      if (typeof data !== "string" || !data.includes('"auth:signIn"')) send.call(this, data);
    };
  });
  await page.getByRole("button", { name: "Create account", exact: true }).last().click();
  await page.getByText("One moment…").waitFor();
  await page.reload();
  await page.getByText("Creating your account was interrupted.").waitFor();
  await page.reload();
  await page.getByLabel("Email").waitFor();
  expect(await page.getByText("Creating your account was interrupted.").count()).toBe(0);
  await context.close();
});

test("a guest's sign-up that a reload interrupts says so as well, once the guest is gone", async () => {
  const { page, context } = await visit();
  await page.goto(server.webUrl);
  await page.getByRole("button", { name: "Continue as guest" }).click();
  await page.getByRole("button", { name: "Keep my work" }).click();
  const dialog = page.getByRole("dialog");
  const email = `u-${randomUUID()}@example.com`;
  await dialog.getByLabel("Email").fill(email);
  await dialog.getByLabel("Password", { exact: true }).fill(PASSWORD);
  // The call leaves, and its answer never comes.
  await page.evaluate(() => {
    type Send = (this: WebSocket, data: Parameters<WebSocket["send"]>[0]) => void;
    const send = Object.getOwnPropertyDescriptor(WebSocket.prototype, "send")!.value as Send;
    WebSocket.prototype.send = function (data) {
      if (typeof data === "string" && data.includes('"auth:signIn"')) this.onmessage = null;
      send.call(this, data);
    };
  });
  await dialog.getByRole("button", { name: "Create account", exact: true }).last().click();
  await page.getByText("One moment…").waitFor();
  await page.reload();
  await page.getByText("Creating your account was interrupted.").waitFor();
  // The account exists, and its form is ready for it.
  expect(await page.getByLabel("Email").inputValue()).toBe(email);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).last().click();
  await page.getByRole("heading", { level: 1, name: /^Hello/ }).waitFor();
  await context.close();
});

test("at 360 px a choice of few stays one line, and a button that waits stays in its card", async () => {
  const { page, context } = await newUser({ viewport: { width: 360, height: 740 } });
  const lines = (name: string) =>
    page
      .getByRole("radiogroup", { name })
      .evaluate((group) => new Set([...group.children].map((each) => each.getBoundingClientRect().top)).size);
  for (const [path, name] of [
    ["/focus", "Planned length"],
    ["/tutoring", "Which sessions"],
    ["/reports", "Status"],
  ] as const) {
    await page.goto(`${server.webUrl}${path}`);
    await page.getByRole("radiogroup", { name }).waitFor();
    expect(await lines(name), name).toBe(1);
  }
  await context.setOffline(true);
  await page.getByText(/^Offline\./).waitFor();
  const card = page.getByRole("region", { name: "Reports" });
  const button = card.getByRole("button", { name: "New report" });
  await button.click();
  await button.getByText("(waiting for the connection)").waitFor();
  const [outer, inner] = await Promise.all([card, button].map((each) => each.boundingBox()));
  expect(inner!.x).toBeGreaterThanOrEqual(outer!.x);
  expect(inner!.x + inner!.width).toBeLessThanOrEqual(outer!.x + outer!.width);
  await context.close();
});

test("participants leave with one button; cancelling for everybody is in a menu and asks", async () => {
  const tutor = await newUser();
  await tutor.page.goto(`${server.webUrl}/tutoring`);
  await tutor.page.getByRole("button", { name: "Offer a session" }).first().click();
  const dialog = tutor.page.getByRole("dialog");
  await dialog.getByLabel("Title").fill("Fractions");
  await dialog.getByLabel("Subject").fill("Mathematics");
  await dialog.getByLabel("Description").fill("From halves to proportions.");
  await dialog.getByLabel("Starts").fill(`${new Date().getFullYear() + 1}-07-01T18:30`);
  await dialog.getByRole("button", { name: "Offer session" }).click();
  await tutor.page.waitForURL(/\/tutoring\/\d+$/);
  const student = await newUser();
  await student.page.goto(tutor.page.url());
  await student.page.getByRole("button", { name: "Ask to join" }).click();
  await student.page.getByRole("button", { name: "Send request" }).click();
  await tutor.page.getByRole("button", { name: /^Approve / }).click();
  await student.page.getByRole("button", { name: "Leave", exact: true }).waitFor();
  expect(await student.page.getByRole("button", { name: "Cancel session" }).count()).toBe(0);
  await student.page.getByRole("button", { name: "More actions" }).click();
  await student.page.getByRole("menuitem", { name: "Cancel for everyone" }).click();
  const asked = student.page.getByRole("alertdialog", { name: "Cancel this session?" });
  await asked.getByText("To give up only your seat, leave instead.").waitFor();
  await asked.getByRole("button", { name: "Cancel session" }).click();
  await student.page.getByRole("main").getByText("Canceled", { exact: true }).first().waitFor();
  await Promise.all([tutor.context.close(), student.context.close()]);
});

test("Tab goes forward only, past the chart; at tablet width the page keeps its width", async () => {
  const { page, context } = await newUser({ viewport: { width: 768, height: 900 } });
  await page.goto(`${server.webUrl}/focus`);
  await createGoalAndActivity(page, "Read more", `Poems ${randomUUID().slice(0, 6)}`);
  await page.getByRole("button", { name: "Start focusing" }).click();
  await page.waitForURL(/\/focus\/live$/);
  await page.waitForTimeout(2_500);
  await page.getByRole("button", { name: "Finish" }).click();
  await page.waitForURL(/\/focus\/summary\//);
  await page.goto(server.webUrl);
  await page.getByRole("table", { name: "XP and focused time by day" }).waitFor({ state: "attached" });
  expect(await page.locator("main").evaluate((main) => main.clientWidth)).toBeGreaterThan(700);
  const seen: string[] = [];
  for (let tabs = 0; tabs < 40; tabs++) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const element = document.activeElement!;
      if (element === document.body) return null;
      const hidden = element.closest("[aria-hidden=true]") !== null;
      return `${[...document.querySelectorAll("*")].indexOf(element)}${hidden ? " hidden" : ""}`;
    });
    if (at === null) break;
    seen.push(at);
  }
  expect(seen.length).toBeGreaterThan(5);
  expect(seen.filter((at) => at.endsWith("hidden"))).toEqual([]);
  expect(new Set(seen).size).toBe(seen.length);
  await context.close();
});
