/** Devices of all kinds, in real Chromium: low, narrow, with a wrong clock, with colors of their own, or keys alone. */
import { randomUUID } from "node:crypto";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { target } from "../support/api";
import { newUserOn, offerSession, signIn, useBrowser } from "../support/browser";
import { createGoal } from "../support/focus";
import { inDays, offer, person } from "../support/tutoring";

const server = target();

const { visit, browser } = useBrowser();

const open = async (page: Page, path: string) => {
  await page.goto(`${server.webUrl}${path}`);
  await page.getByRole("main").getByRole("heading", { level: 1 }).waitFor();
};

test("on the smallest screens long names break, choices stay in one line, and lists keep their search in sight", async () => {
  const ada = await person({ first_name: "N".repeat(150) });
  for (let count = 1; count <= 8; count++) await createGoal(ada, `Goal ${count}`);
  await offer(ada, { title: "m".repeat(200), date: inDays(1) });
  const { page, context, errors } = await visit({ viewport: { width: 320, height: 568 } });
  await signIn(page, server.webUrl, ada.email);
  const excess = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await open(page, "/settings");
  expect(await excess()).toBeLessThanOrEqual(0);
  await open(page, "/tutoring?view=calendar&span=week");
  await page.getByRole("heading", { level: 2 }).first().waitFor();
  await open(page, `/tutoring?view=calendar&day=${inDays(1).slice(0, 10)}`);
  await page.getByRole("link", { name: /yours/ }).waitFor();
  expect(await excess()).toBeLessThanOrEqual(0);

  await open(page, "/reports");
  expect((await page.getByRole("radiogroup", { name: "Status" }).boundingBox())?.height).toBeLessThan(48);
  await page.getByRole("button", { name: "New report" }).first().click();
  expect((await page.getByLabel("Annual revenue").boundingBox())?.width).toBeGreaterThan(120);

  for (const [width, height] of [
    [640, 360],
    [320, 568],
  ] as const) {
    await page.setViewportSize({ width, height });
    await open(page, "/focus");
    await page.getByRole("button", { name: /^Goal: / }).click();
    const list = await page.getByRole("dialog", { name: "Goal" }).boundingBox();
    const search = await page.getByPlaceholder("Search by name").boundingBox();
    expect([list?.y, search?.y].every((top) => top !== undefined && top >= 0)).toBe(true);
    expect(list!.y + list!.height).toBeLessThanOrEqual(height);
    await page.getByRole("option", { name: /Goal 1/ }).click();
    await page.keyboard.press("Control+k");
    const palette = await page.getByRole("dialog").boundingBox();
    expect(palette!.y + palette!.height).toBeLessThanOrEqual(height);
  }
  expect(errors).toEqual([]);
  await context.close();
});

/** Sets the device's clock wrong. */
function shiftClock(byMs: number): void {
  const Real = Date;
  class Shifted extends Real {
    constructor(...given: [] | [number]) {
      if (given.length === 0) super(Real.now() + byMs);
      else super(...given);
    }
    static override now = () => Real.now() + byMs;
  }
  globalThis.Date = Shifted as DateConstructor;
}

test.each([48, -5])(
  "a device whose clock is %i hours off takes times to come, and shows them as they are",
  async (hours) => {
    const { page, context } = await newUserOn(browser(), { timezoneId: "UTC" });
    await context.addInitScript(shiftClock, hours * 3_600_000);
    await page.reload();
    await page.getByRole("heading", { level: 1, name: /^Hello/ }).waitFor();
    await offerSession(page, { starts: inDays(hours > 0 ? 1 : 0.1).slice(0, 16) });
    await open(page, "/reports");
    await page.getByRole("button", { name: "New report" }).first().click();
    await page.getByRole("region", { name: "Status" }).getByText("just now").first().waitFor();
    await context.close();
  },
);

test("where the system replaces colors, the current page, the choice and bars can be told", async () => {
  const { page, context } = await newUserOn(browser(), { forcedColors: "active" });
  await open(page, "/focus");
  const background = (selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => getComputedStyle(element).backgroundColor);
  await page.getByRole("progressbar").waitFor();
  expect(await background("[role=progressbar] > div")).not.toBe(await background("[role=progressbar]"));
  expect(await background("nav [aria-current=page]")).not.toBe(await background("nav a:not([aria-current])"));
  await open(page, "/settings");
  expect(await background("[role=radio][aria-checked=true]")).not.toBe(
    await background("[role=radio][aria-checked=false]"),
  );
  await context.close();
});

test("Escape of an input method closes nothing, and a confirmation that is pressed twice acts once", async () => {
  const { page, context, errors } = await newUserOn(browser());
  const acts: string[] = [];
  page.on("websocket", (socket) =>
    socket.on("framesent", ({ payload }) => {
      const sent = /"udfPath":"tutoring\/sessions:cancel"/.exec(String(payload));
      if (sent) acts.push(sent[0]);
    }),
  );
  await offerSession(page, { title: `Twice ${randomUUID().slice(0, 6)}` });
  await page.keyboard.press("Control+k");
  const search = page.getByPlaceholder("Search or run a command…");
  await search.dispatchEvent("keydown", { key: "Escape", isComposing: true });
  await page.waitForTimeout(250);
  expect(await search.isVisible()).toBe(true);
  await search.press("Escape");
  await search.waitFor({ state: "detached" });

  await page.reload();
  await page.getByRole("button", { name: "Cancel session" }).click();
  const confirm = page.getByRole("alertdialog").getByRole("button", { name: "Cancel session" });
  await confirm.evaluate((button: HTMLElement) => {
    button.click();
    button.click();
  });
  await confirm.waitFor({ state: "detached" });
  expect(acts).toHaveLength(1);
  expect(errors).toEqual([]);
  await context.close();
});
