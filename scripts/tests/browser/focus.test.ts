/** The focus pages in real Chromium: one account in two browsers, a guest, a phone, a keyboard. */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { deadlineMs } from "../../lib/deadlines";
import { target } from "../support/api";
import { createGoalAndActivity, newEmail, PATIENCE_MS, signIn, signUp, useBrowser } from "../support/browser";

const server = target();

const { visit } = useBrowser();

describe("one account in two browsers", () => {
  test("a session starts, pauses elsewhere, ends and pays, everywhere at once", async () => {
    const email = newEmail();
    const activity = `Indoor bouldering ${randomUUID().slice(0, 6)}`;
    const here = await visit();
    await signUp(here.page, server.webUrl, email);
    await here.page.goto(`${server.webUrl}/focus`);
    await createGoalAndActivity(here.page, "Climb every week", activity);
    const rates = here.page.getByRole("region", { name: "Rates" });
    await rates.getByText("Physique").waitFor();
    await here.page.getByRole("button", { name: "Start focusing" }).click();
    await here.page.waitForURL(/\/focus\/live$/);
    await here.page.getByRole("button", { name: "Pause" }).waitFor();

    const there = await visit();
    await signIn(there.page, server.webUrl, email);
    await there.page.goto(`${server.webUrl}/focus/live`);
    await there.page.getByRole("heading", { name: activity }).waitFor();
    await there.page.waitForTimeout(2_500);
    await there.page.getByRole("button", { name: "Pause" }).click();
    await here.page.getByRole("button", { name: "Resume" }).waitFor();
    const clock = await here.page.getByRole("timer").first().textContent();
    await here.page.waitForTimeout(1_200);
    expect(await here.page.getByRole("timer").first().textContent()).toBe(clock);
    await here.page.getByRole("button", { name: "Resume" }).click();
    await there.page.getByRole("button", { name: "Pause" }).waitFor();

    await here.page.getByRole("button", { name: "Finish" }).click();
    for (const { page } of [here, there]) {
      await page.waitForURL(/\/focus\/summary\//);
      await page.getByRole("heading", { name: "Session complete" }).waitFor();
      await page.getByText("Life level").first().waitFor();
      await page.getByRole("table", { name: "XP and focused time by day" }).waitFor({ state: "attached" });
    }
    await here.page.getByRole("link", { name: "All sessions for this goal" }).click();
    await here.page.waitForURL(/\/focus\/goals\//);
    await here.page.getByText(activity).first().waitFor();
    for (const visitor of [here, there]) {
      expect(visitor.outside).toEqual([]);
      expect(visitor.errors).toEqual([]);
      await visitor.context.close();
    }
  });

  test("ending the other device signs it out at once, with the reason", async () => {
    const email = newEmail();
    const here = await visit();
    await signUp(here.page, server.webUrl, email);
    const there = await visit();
    await signIn(there.page, server.webUrl, email);
    await here.page.goto(`${server.webUrl}/devices`);
    await here.page.getByText("This device", { exact: true }).waitFor();
    const endOther = here.page.getByRole("listitem").filter({ hasNotText: "This device" }).getByRole("button");
    await endOther.click();
    await here.page.getByRole("alertdialog").getByRole("button", { name: "Sign out" }).click();
    const endedAt = Date.now();
    await there.page.getByText("Signed out from another of your devices.").waitFor();
    // A second is the promise; the rest is what a busy machine may add.
    expect(Date.now() - endedAt).toBeLessThan(deadlineMs(5_000));
    await there.page.getByRole("button", { name: "Sign in", exact: true }).last().waitFor();
    await endOther.waitFor({ state: "detached" });
    await Promise.all([here.context.close(), there.context.close()]);
  });
});

test("a guest starts a session with the keyboard alone", async () => {
  const { page, context, outside } = await visit();
  await page.goto(server.webUrl);
  await page.getByRole("button", { name: "Continue as guest" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Welcome" }).waitFor();
  await page.goto(`${server.webUrl}/focus`);
  const create = async (what: "Goal" | "Activity", name: string) => {
    await page.getByPlaceholder("Search by name").waitFor();
    await page.keyboard.type(name);
    await page.getByRole("option", { name: `Create “${name}”` }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: `${what}: ${name}` }).waitFor();
  };
  const start = page.getByRole("button", { name: "Start focusing" });
  // What is missing is said, and its list opens: first the goal, then the activity.
  await start.press("Enter");
  await page.getByText("Choose a goal first.").waitFor();
  await create("Goal", "Read more");
  await start.press("Enter");
  await page.getByText("Choose an activity first.").waitFor();
  await create("Activity", `Reading poems ${randomUUID().slice(0, 6)}`);
  await start.press("Enter");
  await page.waitForURL(/\/focus\/live$/);
  await page.getByRole("button", { name: "Pause" }).waitFor();
  expect(outside).toEqual([]);
  await context.close();
});

test("Start pressed while the goals still load opens their list when they have come", async () => {
  const { page, context } = await visit();
  let release: (() => void) | undefined;
  await page.routeWebSocket(/\/sync$/, (socket) => {
    const upstream = socket.connectToServer();
    let held = Promise.resolve();
    release = undefined;
    upstream.onMessage((message) => void held.then(() => socket.send(message)));
    socket.onMessage((message) => {
      // The first request for activities, and all that the server says from then on, until the press.
      if (String(message).includes("focus/activities:list")) held = new Promise((resolve) => (release = resolve));
      upstream.send(message);
    });
  });
  await page.goto(server.webUrl);
  await page.getByRole("button", { name: "Continue as guest" }).click();
  await page.getByRole("heading", { level: 1, name: "Welcome" }).waitFor();
  await page.getByRole("link", { name: "Focus", exact: true }).first().click();
  await page.getByRole("button", { name: "Start focusing" }).press("Enter");
  await page.getByRole("button", { name: "Loading your goals and activities…" }).waitFor();
  release?.();
  await page.getByText("Choose a goal first.").waitFor();
  await page.getByPlaceholder("Search by name").waitFor();
  await context.close();
});

test("at 360 px no page scrolls sideways", async () => {
  const { page, context } = await visit({ viewport: { width: 360, height: 740 }, hasTouch: true });
  await page.goto(server.webUrl);
  await page.getByRole("button", { name: "Continue as guest" }).waitFor();
  const wide = async (path: string) => {
    const { scroll, client } = await page.evaluate(() => ({
      scroll: document.documentElement.scrollWidth,
      client: document.documentElement.clientWidth,
    }));
    expect(scroll, `${path} is ${scroll} px wide`).toBeLessThanOrEqual(client);
  };
  await wide("sign-in");
  await signUp(page, server.webUrl, newEmail());
  for (const path of ["/", "/focus", "/tutoring", "/reports", "/notifications", "/devices", "/settings", "/audit"]) {
    await page.goto(`${server.webUrl}${path}`);
    await page.getByRole("main").getByRole("heading", { level: 1 }).first().waitFor({ timeout: PATIENCE_MS });
    await page.waitForLoadState("networkidle").catch(() => undefined);
    await wide(path);
  }
  await context.close();
});
