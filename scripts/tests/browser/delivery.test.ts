/** What browsers are sent: how much, under which policy, and what is there without a connection. */
import { randomUUID } from "node:crypto";
import type { BrowserContext, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { waitFor } from "../../lib/server";
import { target } from "../support/api";
import { createGoalAndActivity, newEmail, signUp, useBrowser } from "../support/browser";

const server = target();

const { visit, newUser, browser } = useBrowser();

/** The bytes of scripts as they came over the network, once the page is at rest. */
async function scriptBytes(page: Page): Promise<number> {
  await page.waitForLoadState("networkidle");
  return await page.evaluate(() => {
    const loaded = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
    return loaded
      .filter(({ name }) => new URL(name).pathname.endsWith(".js"))
      .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
  });
}

test("a first visit loads at most 150 kB of scripts, Home at most 220 kB", async () => {
  const { page, context } = await visit();
  await page.goto(server.webUrl);
  await page.getByLabel("Email").waitFor();
  const signInBytes = await scriptBytes(page);
  expect(signInBytes).toBeGreaterThan(50_000);
  expect(signInBytes).toBeLessThanOrEqual(150_000);
  await signUp(page, server.webUrl, newEmail());
  const cold = await browser().newContext({ storageState: await context.storageState(), serviceWorkers: "block" });
  const home = await cold.newPage();
  await home.goto(server.webUrl);
  await home.getByRole("heading", { level: 1, name: /^Hello/ }).waitFor();
  expect(await scriptBytes(home)).toBeLessThanOrEqual(220_000);
  await Promise.all([context.close(), cold.close()]);
});

test.each([
  ["a newcomer", 1280],
  ["a newcomer", 360],
  ["somebody with a goal", 1280],
  ["somebody with a goal", 360],
])("Home of %s at %i px keeps its place when its values come", async (who, width) => {
  const { page, context } = await newUser({ viewport: { width, height: 900 } });
  if (who !== "a newcomer") {
    await page.goto(`${server.webUrl}/focus`);
    await createGoalAndActivity(page, "Draw every day", `Sketching ${randomUUID().slice(0, 8)}`);
    await page.getByRole("button", { name: "Start focusing" }).click();
    await page.waitForURL(/\/focus\/live$/);
    // Some XP, without which one stays a newcomer.
    await page.waitForTimeout(2_000);
    await page.getByRole("button", { name: "Finish" }).click();
    await page.getByRole("heading", { level: 1, name: "Session complete" }).waitFor();
    // The browser knows from here on that there will be XP to show.
    await page.goto(server.webUrl);
    await page.getByRole("region", { name: "Next session" }).waitFor();
  }
  await page.addInitScript(() => {
    const shifted = window as unknown as { shift: number };
    shifted.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shifted.shift += (entry as unknown as { value: number }).value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  await page.goto(server.webUrl);
  const next = who === "a newcomer" ? "Your first session" : "Next session";
  await page.getByRole("region", { name: next }).waitFor();
  await page.waitForLoadState("networkidle");
  // The bound of what counts as good.
  expect(await page.evaluate(() => (window as unknown as { shift: number }).shift)).toBeLessThan(0.1);
  await context.close();
});

test("under the content security policy dialogs, menus, charts and toasts work, and nothing is refused", async () => {
  const { page, context, errors } = await visit({ viewport: { width: 1280, height: 500 } });
  const refused: string[] = [];
  page.on("console", (message) => /Content.Security.Policy/i.test(message.text()) && refused.push(message.text()));
  await signUp(page, server.webUrl, newEmail());
  await page.goto(`${server.webUrl}/focus`);
  await createGoalAndActivity(page, "Read more", `Poems ${randomUUID().slice(0, 6)}`);
  await page.getByRole("button", { name: "How is this calculated?" }).click();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Start focusing" }).click();
  await page.waitForURL(/\/focus\/live$/);
  await page.waitForTimeout(2_500);
  await page.getByRole("button", { name: "Finish" }).click();
  await page.waitForURL(/\/focus\/summary\//);
  await page.getByRole("table", { name: "XP and focused time by day" }).waitFor({ state: "attached" });
  await page.goto(`${server.webUrl}/reports`);
  await page.getByRole("button", { name: "New report" }).first().click();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Undo" }).waitFor();
  await page.goto(`${server.webUrl}/tutoring`);
  await page.getByRole("button", { name: "Offer a session" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  // The lock of the page behind the dialog is a style sheet of its own.
  expect(await page.evaluate(() => getComputedStyle(document.body).overflow)).toBe("hidden");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  expect(await page.evaluate(() => getComputedStyle(document.body).overflow)).toBe("visible");
  expect([refused, errors]).toEqual([[], []]);
  // What the policy is for.
  await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.injected = true;";
    document.body.append(script);
  });
  expect(await page.evaluate(() => "injected" in window)).toBe(false);
  await context.close();
});

describe("without a connection", () => {
  /** Waits until the service worker has the whole application. */
  async function untilKept(page: Page): Promise<void> {
    await waitFor(
      () => page.evaluate(async () => navigator.serviceWorker.controller !== null && (await caches.keys()).length > 0),
      60_000,
    );
  }
  const loaded = (page: Page) => page.getByRole("main").waitFor();

  async function keptVisitor(): Promise<{ page: Page; context: BrowserContext }> {
    const { page, context } = await newUser({ serviceWorkers: "allow" });
    await untilKept(page);
    return { page, context };
  }

  test("a page that was never opened opens, and a reload shows the application", async () => {
    const { page, context } = await keptVisitor();
    await context.setOffline(true);
    await page.getByRole("navigation", { name: "Main" }).first().getByRole("link", { name: "Devices" }).click();
    await page.getByRole("heading", { level: 1, name: "Devices" }).waitFor();
    await page.reload();
    await loaded(page);
    await page.getByText("Can't reach the server. Trying again.").waitFor();
    await page.goto(`${server.webUrl}/reports`);
    await loaded(page);
    await context.setOffline(false);
    await page.getByRole("heading", { level: 1, name: "Reports" }).waitFor();
    await context.close();
  });

  test("with one, the page always comes from the server", async () => {
    const { page, context } = await keptVisitor();
    await page.evaluate(async () => {
      const [name = ""] = await caches.keys();
      const kept = await caches.open(name);
      await kept.put("/", new Response("<title>stale</title>", { headers: { "Content-Type": "text/html" } }));
    });
    await page.reload();
    await page.getByRole("heading", { level: 1, name: /^Hello/ }).waitFor();
    expect(await page.title()).not.toBe("stale");
    const gone = await page.evaluate(async () => (await fetch("/assets/index-gone.js")).status);
    expect(gone).toBe(404);
    await context.close();
  });
});
