/** The pages say what is away: a sleeping laptop, a server that is silent, a store that is down. */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { anyApi, type FunctionReference } from "convex/server";
import pg from "pg";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { deadlineMs } from "../../lib/deadlines";
import { adminClient } from "../../lib/admin";
import { startServer, waitFor, type Server } from "../../lib/server";
import { newAccount } from "../support/api";
import {
  createGoalAndActivity,
  launchLaptop,
  newVisitor,
  PASSWORD,
  PATIENCE_MS,
  signIn,
  signUp,
  useBrowser,
} from "../support/browser";
import { focusOwner } from "../support/focus";
import { importFailedEntries } from "../support/outbox";

let server: Server;
/** Its store goes away; nothing stops the server itself meanwhile, as another test does with the first. */
let storeless: Server;
const { visit } = useBrowser();

beforeAll(async () => {
  const start = () => startServer({ args: ["--no-seed"] });
  [server, storeless] = await Promise.all([start(), start()]);
});
afterAll(async () => {
  await Promise.all([server?.stop(), storeless?.stop()]);
});

/** A new user whose session runs on the page that is shown. */
async function focusing(page: Page, { webUrl }: Server): Promise<void> {
  await signUp(page, webUrl, `u-${randomUUID()}@example.com`);
  await page.goto(`${webUrl}/focus`);
  await createGoalAndActivity(page, "Climb every week", `Indoor bouldering ${randomUUID().slice(0, 6)}`);
  await page.getByRole("button", { name: "Start focusing" }).click();
  await page.waitForURL(/\/focus\/live$/);
  await page.getByRole("button", { name: "Pause" }).waitFor();
}

const clockSeconds = async (page: Page) => {
  const parts = ((await page.getByRole("timer").first().textContent()) ?? "").split(":").map(Number);
  return parts.reduce((sum, part) => sum * 60 + part, 0);
};

const POLL = { timeout: PATIENCE_MS, interval: 200 };

// Attention is vouched for during a minute, so this test has to sleep for longer. Others run meanwhile.
test.concurrent("a laptop that slept comes back to its session, and the gap is not paid", async ({ expect }) => {
  const laptop = await launchLaptop();
  const { page } = await newVisitor(laptop.browser);
  // A server that stands still meanwhile would take the page's last word for one of a minute later.
  await focusing(page, storeless);
  // So long that the page has told the server of itself.
  await vi.waitFor(async () => expect(await clockSeconds(page)).toBeGreaterThan(3), POLL);
  laptop.sleep();
  const closedAt = Date.now();
  await new Promise((resolve) => setTimeout(resolve, 68_000));
  laptop.wake();
  await page.getByText("Welcome back.").waitFor({ timeout: 4 * PATIENCE_MS });
  const awaySeconds = (Date.now() - closedAt) / 1_000;
  const counted = await clockSeconds(page);
  expect(counted).toBeGreaterThan(50);
  expect(counted).toBeLessThan(awaySeconds - 3);
  // It goes on from there.
  await vi.waitFor(async () => expect(await clockSeconds(page)).toBeGreaterThan(counted), POLL);
  await laptop.close();
});

test.concurrent(
  "a server that is silent: the page says so, keeps what it knows, and sends what was done meanwhile",
  async () => {
    const { page, context, errors } = await visit();
    await focusing(page, server);
    const deployment = Number(readFileSync(join(server.dataDir, "deployment/lock"), "utf8").split(" ")[0]);
    const banner = page.getByText("Offline. You see the last known state");
    process.kill(deployment, "SIGSTOP");
    try {
      await page.getByRole("button", { name: "Pause" }).click();
      await banner.waitFor({ timeout: 2 * PATIENCE_MS });
      await page.getByRole("timer").first().waitFor();
    } finally {
      process.kill(deployment, "SIGCONT");
    }
    await banner.waitFor({ state: "detached", timeout: 2 * PATIENCE_MS });
    await page.getByRole("button", { name: "Resume" }).waitFor();
    await context.setOffline(true);
    await banner.waitFor();
    await context.setOffline(false);
    await banner.waitFor({ state: "detached" });
    expect(errors).toEqual([]);
    await context.close();
  },
);

test.concurrent(
  "operations: a store that is down is told with its error; a failed entry can be read and replayed",
  async () => {
    const account = await newAccount({ password: PASSWORD }, storeless.siteUrl, storeless.convexUrl);
    const owner = await focusOwner(account);
    const admin = adminClient(storeless.convexUrl, storeless.adminKey);
    await admin.run("accounts/users:grantPermission", {
      email: account.email,
      permission: "view_operations",
    });
    const { page, context, outside } = await visit();
    await signIn(page, storeless.webUrl, account.email);
    await page.getByRole("link", { name: "Operations" }).click();
    await page.getByText("Everything is working").waitFor();

    await admin.setEnvironment({ PERMANENT_STORE_URL: "postgres://someone:hidden-word@127.0.0.1:9/none" });
    const mutation = (name: string, args: object) =>
      account.http.mutation((anyApi.focus as any).sessions[name] as FunctionReference<"mutation">, args);
    const sessionId = (await mutation("start", {
      goalId: owner.goalId,
      activityId: owner.activityId,
    })) as string;
    await page.getByText("Can't reach the store").waitFor();
    await page
      .getByText(/ECONNREFUSED/)
      .first()
      .waitFor();
    expect(await page.content()).not.toContain("hidden-word");
    const card = await askForCard(await context.newPage());
    await card.getByRole("button", { name: "Start without the card" }).click();
    await card.getByRole("heading", { level: 1, name: /^Report / }).waitFor();
    await askForCard(card);
    await mutation("complete", { sessionId });
    await admin.setEnvironment({ PERMANENT_STORE_URL: storeless.storeUrl });
    await page.getByText("Everything is working").waitFor({ timeout: deadlineMs(90_000) });
    await card.getByRole("button", { name: "Try again" }).click();
    await card.getByText("We couldn't find a card with this code.").waitFor();
    expect(await card.getByLabel("Card code").inputValue()).toBe("nobody-has-this");

    await importFailedEntries(storeless, owner, ["given-up-on"]);
    await page.getByText("1 entry needs attention").waitFor();
    await page.getByText("value too long for type").waitFor();
    await page.getByRole("button", { name: "Retry" }).click();
    await page.getByText("Everything is working").waitFor({ timeout: 2 * PATIENCE_MS });
    await page.getByText("Entries appear here after 10 failed attempts.").waitFor();
    const store = new pg.Client({ connectionString: storeless.storeUrl });
    await store.connect();
    try {
      await waitFor(
        async () =>
          (await store.query("select xp_total from xp_ledger where session_id = 'given-up-on'")).rowCount === 1,
        20_000,
      );
    } finally {
      await store.end();
    }
    expect(outside).toEqual([]);
    await context.close();
  },
);

/** Tries to start a report from a card that cannot be read at the moment. */
async function askForCard(page: Page): Promise<Page> {
  await page.goto(`${storeless.webUrl}/reports`);
  await page.getByRole("button", { name: "From a card" }).click();
  await page.getByLabel("Card code").fill("nobody-has-this");
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await page.getByText("Cards can't be read right now.").waitFor();
  expect(await page.getByLabel("Card code").inputValue()).toBe("nobody-has-this");
  return page;
}
