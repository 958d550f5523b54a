/** Entries that the permanent store refused: operators read them, send them again, give them up. */
import pg from "pg";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { adminClient } from "../../lib/admin";
import { startServer, waitFor, type Server } from "../../lib/server";
import { newAccount } from "../support/api";
import { newEmail, PASSWORD, signIn, signUp, useBrowser } from "../support/browser";
import { focusOwner, type FocusOwner } from "../support/focus";
import { importFailedEntries } from "../support/outbox";

const { visit } = useBrowser();
let server: Server;
let owner: FocusOwner;

beforeAll(async () => {
  server = await startServer({ args: ["--no-seed"] });
  owner = await focusOwner(await newAccount({ password: PASSWORD }, server.siteUrl, server.convexUrl));
});
afterAll(async () => {
  await server?.stop();
});

const admin = () => adminClient(server.convexUrl, server.adminKey);
const setAccess = (change: "grant" | "revoke", email: string) =>
  admin().run(`accounts/users:${change}Permission`, { email, permission: "view_operations" });

/** The operations page as someone sees it who may, with the failed entries of these sessions on it. */
async function operating(sessionIds: string[]) {
  await importFailedEntries(server, owner, sessionIds);
  const { page, context, errors } = await visit();
  const email = newEmail();
  await signUp(page, server.webUrl, email);
  await setAccess("grant", email);
  await page.goto(`${server.webUrl}/operations`);
  for (const sessionId of sessionIds) await rowOf(page, sessionId).waitFor();
  return { page, context, errors, email };
}

const failed = (page: Page) => page.getByRole("region", { name: "Failed entries" });
const rowOf = (page: Page, sessionId: string) => failed(page).getByRole("listitem").filter({ hasText: sessionId });

async function isStored(sessionId: string): Promise<boolean> {
  const store = new pg.Client({ connectionString: server.storeUrl });
  await store.connect();
  try {
    // The tables come with the first delivery.
    const { rows } = await store.query("select to_regclass('xp_ledger') as ledger");
    if (rows[0].ledger === null) return false;
    return (await store.query("select 1 from xp_ledger where session_id = $1", [sessionId])).rowCount === 1;
  } finally {
    await store.end();
  }
}

const isFocused = (page: Page, name: string) =>
  page.waitForFunction((label) => document.activeElement?.textContent === label, name);

test("with the keyboard alone an entry is read, kept after a second thought, and given up", async () => {
  const { page, context, errors } = await operating(["read-and-discarded"]);
  const row = rowOf(page, "read-and-discarded");
  await row.getByText("value too long for type").waitFor();
  const reading = row.getByRole("button", { name: "Show payload" });
  await reading.focus();
  await page.keyboard.press("Enter");
  await row.getByText('"sessionId": "read-and-discarded"').waitFor();
  expect(await row.getByRole("button", { name: "Hide payload" }).getAttribute("aria-expanded")).toBe("true");
  await page.keyboard.press("Enter");
  await row.getByText('"sessionId": "read-and-discarded"').waitFor({ state: "detached" });

  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const question = page.getByRole("alertdialog", { name: "Discard this entry?" });
  // Enter alone does nothing that cannot be taken back.
  await isFocused(page, "Cancel");
  await page.keyboard.press("Enter");
  await question.waitFor({ state: "detached" });
  await isFocused(page, "Discard");
  await row.waitFor();
  await page.keyboard.press("Enter");
  await question.waitFor();
  await page.keyboard.press("Escape");
  await question.waitFor({ state: "detached" });
  await row.waitFor();

  await page.keyboard.press("Enter");
  await isFocused(page, "Cancel");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByText("Entry discarded").waitFor();
  await row.waitFor({ state: "detached" });
  await page.getByText("Everything is working").waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute("aria-label") === "Failed entries");
  expect(await isStored("read-and-discarded")).toBe(false);
  expect(errors).toEqual([]);
  await context.close();
});

test("an entry that the store refuses again is told with the new error, and tried again by itself", async () => {
  // The store's column holds 255.
  const tooLong = `too-long-${"x".repeat(300)}`;
  const { page, context } = await operating([tooLong]);
  await rowOf(page, tooLong).getByRole("button", { name: "Retry" }).click();
  await rowOf(page, tooLong).waitFor({ state: "detached" });
  const retried = page.getByRole("region", { name: "Being retried" });
  await retried.getByText("character varying(255)").waitFor();
  await page.getByText("1 entry is being retried").waitFor();
  await retried.getByText(/1 attempt · next/).waitFor();
  expect(await page.evaluate(() => document.body === document.activeElement)).toBe(false);
  await context.close();
});

test("who is about to give up an entry that another operator has sent meanwhile is told so", async () => {
  const first = await operating(["sent-meanwhile"]);
  const second = await visit();
  await signIn(second.page, server.webUrl, first.email);
  await second.page.goto(`${server.webUrl}/operations`);
  await rowOf(first.page, "sent-meanwhile").getByRole("button", { name: "Discard" }).click();
  const question = first.page.getByRole("alertdialog", { name: "Discard this entry?" });
  await question.waitFor();
  await rowOf(second.page, "sent-meanwhile").getByRole("button", { name: "Retry" }).click();
  await rowOf(first.page, "sent-meanwhile").waitFor({ state: "detached" });
  await waitFor(() => isStored("sent-meanwhile"), 20_000);
  await question.getByRole("button", { name: "Discard" }).click();
  await question.getByText("This entry is not in the outbox: it may have been delivered.").waitFor();
  expect(await first.page.getByText("Entry discarded").count()).toBe(0);
  await question.getByRole("button", { name: "Cancel" }).click();
  await question.waitFor({ state: "detached" });
  expect(first.errors).toEqual([]);
  await Promise.all([first, second].map(({ context }) => context.close()));
});

test("who loses the permission sees no entry any more, even while answering a question", async () => {
  const { page, context, email } = await operating(["not-for-everybody"]);
  const row = rowOf(page, "not-for-everybody");
  await row.getByRole("button", { name: "Show payload" }).click();
  await row.getByText('"sessionId": "not-for-everybody"').waitFor();
  await row.getByRole("button", { name: "Discard" }).click();
  await page.getByRole("alertdialog").waitFor();
  await setAccess("revoke", email);
  await page.getByText("You don't have access to Operations. Ask an administrator.").waitFor();
  expect(await page.getByRole("alertdialog").count()).toBe(0);
  expect(await page.content()).not.toContain("not-for-everybody");
  await context.close();
});
