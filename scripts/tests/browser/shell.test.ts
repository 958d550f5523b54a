/**
 * The frame around every page in real Chromium: where the keyboard is, what a lost connection leaves, ways out of dead
 * ends.
 */
import { randomUUID } from "node:crypto";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { adminClient } from "../../lib/admin";
import { waitFor } from "../../lib/server";
import { target } from "../support/api";
import { createGoalAndActivity, signIn, signUp, useBrowser, type NewUser } from "../support/browser";

const server = target();

let ada: NewUser;

const { visit, newUser } = useBrowser();

beforeAll(async () => {
  ada = await newUser();
});

/** One account signs up for most of the file; each test opens its own page. */
async function adasPage(path: string): Promise<Page> {
  const page = await ada.context.newPage();
  await page.goto(`${server.webUrl}${path}`);
  await page.getByRole("main").getByRole("heading", { level: 1 }).waitFor();
  return page;
}

/** The element that has the focus, as its role or tag and its text: "h1 Devices". */
const focused = (page: Page) =>
  page.evaluate(() => {
    const at = document.activeElement;
    return `${at?.tagName.toLowerCase()} ${at?.getAttribute("aria-label") ?? at?.textContent ?? ""}`
      .replace(/\s+/g, " ")
      .slice(0, 60);
  });

/** Waits until `text` has the focus and keeps it past the timers of closing dialogs. */
async function expectFocus(page: Page, text: string): Promise<void> {
  await waitFor(async () => (await focused(page)) === text, 20_000).catch(async () =>
    expect(await focused(page)).toBe(text),
  );
  await page.waitForTimeout(250);
  expect(await focused(page)).toBe(text);
}

const rail = (page: Page, name: string) =>
  page.getByRole("navigation", { name: "Main" }).first().getByRole("link", { name });
const heading = (page: Page, name: string) => page.getByRole("main").getByRole("heading", { level: 1, name });

describe("a page that cannot be fetched", () => {
  test("opened offline, it comes by itself when the connection returns", async () => {
    const page = await adasPage("/");
    const failed = page.getByText("This part of the app couldn't be loaded.");
    await ada.context.setOffline(true);
    await rail(page, "Devices").click();
    await failed.waitFor();
    await page.getByRole("button", { name: "Try again" }).click();
    await failed.waitFor();
    expect(await page.getByText("on the server").count()).toBe(0);
    await ada.context.setOffline(false);
    await heading(page, "Devices").waitFor();
    await page.close();
  });

  test("gone with an older build, it comes with the newer one", async () => {
    const page = await adasPage("/");
    let gone = true;
    await page.route(/\/assets\/SettingsPage-.*\.js/, (route) =>
      gone ? route.fulfill({ status: 404, body: "" }) : route.continue(),
    );
    page.on("domcontentloaded", () => (gone = false));
    await rail(page, "Settings").click();
    await heading(page, "Settings").waitFor();
    expect(gone).toBe(false);
    await page.close();
  });
});

test("the palette finds one's goals, and starts a session on one", async () => {
  const { page, context, errors } = await newUser();
  await page.goto(`${server.webUrl}/focus`);
  await createGoalAndActivity(page, "Draw every day", `Sketching ${randomUUID().slice(0, 6)}`);
  const search = page.getByPlaceholder("Search or run a command…");
  const ask = async (text: string, option: string) => {
    await page.keyboard.press("Control+k");
    await search.fill(text);
    await page.getByRole("option", { name: option, exact: true }).click();
  };
  await ask("draw", "Draw every day");
  await page.waitForURL(/\/focus\/goals\//);
  await ask("draw", "Start Draw every day");
  await page.waitForURL(/\/focus\?goal=/);
  await page.getByRole("button", { name: "Goal: Draw every day" }).waitFor();
  await ask("new rep", "New report");
  await page.waitForURL(/\/reports\//);
  expect(errors).toEqual([]);
  await context.close();
});

test("home offers the last session again, and a name can be set", async () => {
  const { page, context } = await newUser();
  await page.goto(`${server.webUrl}/focus`);
  await createGoalAndActivity(page, "Run", `Intervals ${randomUUID().slice(0, 6)}`);
  await page.getByRole("button", { name: "Start focusing" }).click();
  await page.getByRole("button", { name: "Pause" }).waitFor();
  await page.waitForTimeout(2_500);
  await page.getByRole("button", { name: "Finish" }).click();
  await page.getByRole("heading", { name: "Session complete" }).waitFor();
  await context.grantPermissions(["clipboard-write", "clipboard-read"]);
  const picture = page.waitForEvent("download");
  await page.getByRole("button", { name: "Share" }).click();
  expect((await picture).suggestedFilename()).toBe("session.png");
  await page.getByText("Text copied and picture saved").waitFor();

  await page.goto(`${server.webUrl}/settings`);
  await page.getByLabel("First name").fill("Zoë");
  await page.getByLabel("Last name").fill("O’Brien");
  await page.getByRole("button", { name: "Save name" }).click();
  await page.getByText("Your name was changed.").waitFor();
  await page.goto(server.webUrl);
  await page.getByRole("heading", { name: "Hello, Zoë" }).waitFor();
  await page.getByRole("button", { name: "Start again" }).click();
  await page.waitForURL(/\/focus\/live$/);
  await context.close();
});

describe("the keyboard", () => {
  test("is back where a dialog was opened from, and at the new page's heading after navigation", async () => {
    const page = await adasPage("/");
    await rail(page, "Tutoring").focus();
    await page.keyboard.press("Enter");
    await expectFocus(page, "h1 Tutoring");
    const offer = page.getByRole("button", { name: "Offer a session" }).first();
    await offer.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await expectFocus(page, "button Offer a session");

    await rail(page, "Reports").focus();
    await page.keyboard.press("Control+k");
    await page.getByPlaceholder("Search or run a command…").waitFor();
    await page.keyboard.press("Escape");
    await expectFocus(page, "a Reports");
    await page.keyboard.press("Control+k");
    await page.getByPlaceholder("Search or run a command…").fill("Devices");
    await page.keyboard.press("Enter");
    await expectFocus(page, "h1 Devices");

    const other = await visit();
    await signIn(other.page, server.webUrl, ada.email);
    const end = page.getByRole("listitem").filter({ hasNotText: "This device" }).getByRole("button");
    await end.focus();
    const label = `button ${await end.getAttribute("aria-label")}`;
    await page.keyboard.press("Enter");
    await page.getByRole("alertdialog").waitFor();
    await page.keyboard.press("Escape");
    await expectFocus(page, label);
    await page.keyboard.press("Enter");
    await page.getByRole("alertdialog").getByRole("button", { name: "Sign out" }).press("Enter");
    await end.waitFor({ state: "detached" });
    await expectFocus(page, "section Devices");

    await rail(page, "Focus").press("Enter");
    await expectFocus(page, "h1 Focus");
    const activity = `Poems ${randomUUID().slice(0, 6)}`;
    await createGoalAndActivity(page, "Read more", activity);
    await page.getByRole("button", { name: "Start focusing" }).press("Enter");
    // The page before it also shows the session for a moment, in the rail.
    await expectFocus(page, `h1 ${activity}`);
    await page.getByRole("button", { name: "Pause" }).press("Enter");
    await page.getByRole("button", { name: "Resume" }).waitFor();
    await waitFor(async () => !(await focused(page)).startsWith("body "), 20_000);
    await Promise.all([page.close(), other.context.close()]);
  });

  test("stays near a request that was answered and a session that was edited or canceled", async () => {
    const page = await adasPage("/tutoring");
    const offer = page.getByRole("button", { name: "Offer a session" }).first();
    await offer.press("Enter");
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Title").fill("Halves");
    await dialog.getByLabel("Subject").fill("Mathematics");
    await dialog.getByLabel("Starts").fill(`${new Date().getFullYear() + 1}-07-01T18:30`);

    // Escape keeps what was entered, through a reload too; only "Start over" gives it up.
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await page.reload();
    await offer.press("Enter");
    expect(await dialog.getByLabel("Title").inputValue()).toBe("Halves");
    expect(await dialog.getByLabel("Starts").inputValue()).toMatch(/-07-01T18:30$/);
    await dialog.getByRole("button", { name: "Start over" }).click();
    expect(await dialog.getByLabel("Title").inputValue()).toBe("");
    await dialog.getByLabel("Title").fill("Fractions");
    await dialog.getByLabel("Subject").fill("Mathematics");
    await dialog.getByLabel("Starts").fill(`${new Date().getFullYear() + 1}-07-01T18:30`);
    await dialog.getByLabel("Description").fill("From halves to proportions.");
    await dialog.getByRole("button", { name: "Offer session" }).press("Enter");
    await expectFocus(page, "h1 Fractions");
    const path = new URL(page.url()).pathname;

    await page.getByRole("button", { name: "Edit" }).press("Enter");
    expect(await dialog.getByText("We kept what you entered before.").count()).toBe(0);
    await dialog.getByLabel("Subject").fill("Arithmetic");
    await dialog.getByRole("button", { name: "Save changes" }).press("Enter");
    await page.getByText("Arithmetic").first().waitFor();
    await expectFocus(page, "button Edit");

    const student = await newUser();
    await student.page.goto(`${server.webUrl}${path}`);
    await student.page.getByRole("button", { name: "Ask to join" }).press("Enter");
    await student.page.getByRole("button", { name: "Send request" }).press("Enter");
    await student.page.getByText(/^Waiting for /).waitFor();
    await page.getByRole("button", { name: /^Approve / }).press("Enter");
    await page.getByText("No pending requests.").waitFor();
    await expectFocus(page, "section Requests");
    await page.getByRole("button", { name: "Cancel session" }).press("Enter");
    await page.getByRole("alertdialog").getByRole("button", { name: "Cancel session" }).press("Enter");
    await page.getByRole("main").getByText("Canceled", { exact: true }).first().waitFor();
    await expectFocus(page, "h1 Fractions");

    // Deleted under the student's eyes: it says so, leads on, and nothing fails.
    const logged: string[] = [];
    student.page.on("console", (message) => message.type() === "error" && logged.push(message.text()));
    await page.getByRole("button", { name: "Delete session" }).press("Enter");
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete session" }).press("Enter");
    await expectFocus(page, "h1 Tutoring");
    await student.page.getByText("This session was deleted, here or on another device.").waitFor();
    await student.page.getByRole("link", { name: "All sessions" }).click();
    await heading(student.page, "Tutoring").waitFor();
    expect(logged.filter((text) => text.includes("presence:leave"))).toEqual([]);
    expect(student.errors).toEqual([]);
    await Promise.all([page.close(), student.context.close()]);
  });
});

test("what was entered in a dialog survives Escape and a reload; sending it or giving it up ends that", async () => {
  const tutoring = await adasPage("/tutoring");
  const dialog = tutoring.getByRole("dialog");
  const escape = async (page: Page) => {
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  };
  await tutoring.getByRole("button", { name: "Offer a session" }).first().click();
  await dialog.getByLabel("Title").fill("Logarithms");
  await dialog.getByLabel("Subject").fill("Mathematics");
  await dialog.getByLabel("Starts").fill(`${new Date().getFullYear() + 1}-07-01T18:30`);
  await dialog.getByLabel("Description").fill("Products that become sums.");
  await dialog.getByRole("button", { name: "Offer session" }).click();
  await heading(tutoring, "Logarithms").waitFor();
  const add = tutoring.getByRole("button", { name: "Add material" });
  await add.click();
  await dialog.getByText("Note", { exact: true }).click();
  await dialog.getByLabel("Title").fill("Slide rule");
  await dialog.getByLabel("Note", { exact: true }).fill("One that works.");
  await escape(tutoring);
  await tutoring.reload();
  await add.click();
  expect(await dialog.getByLabel("Title").inputValue()).toBe("Slide rule");
  expect(await dialog.getByLabel("Note", { exact: true }).inputValue()).toBe("One that works.");
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await tutoring.getByText("Slide rule").waitFor();
  await add.click();
  expect(await dialog.getByLabel("Title").inputValue()).toBe("");
  await escape(tutoring);

  const student = await newUser();
  await student.page.goto(tutoring.url());
  const ask = student.page.getByRole("button", { name: "Ask to join" });
  const message = student.page.getByLabel("Message (optional)");
  await ask.click();
  await message.fill("I can bring paper.");
  await escape(student.page);
  await ask.click();
  expect(await message.inputValue()).toBe("I can bring paper.");
  await escape(student.page);

  const { page } = student;
  await page.goto(`${server.webUrl}/focus`);
  const newGoal = page.getByRole("button", { name: "New goal" });
  await newGoal.click();
  await page.getByLabel("Title").fill("Read Euler");
  await page.getByLabel("Days").fill("12");
  await escape(page);
  await newGoal.click();
  expect([await page.getByLabel("Title").inputValue(), await page.getByLabel("Days").inputValue()]).toEqual([
    "Read Euler",
    "12",
  ]);
  await page.getByRole("button", { name: "Cancel" }).click();
  await newGoal.click();
  expect(await page.getByLabel("Title").inputValue()).toBe("");
  await escape(page);

  await page.getByRole("button", { name: "Activity: Choose an activity" }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /^New activity/ })
    .click();
  await page.getByLabel("Name").fill("Proof reading");
  await page.getByLabel("Emoji").fill("🔎");
  await escape(page);
  await page.getByRole("button", { name: "Activity: Choose an activity" }).click();
  // What is typed now wins over what was kept.
  await page.getByPlaceholder("Search by name").fill("Proofs");
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /^New activity/ })
    .click();
  expect([await page.getByLabel("Name").inputValue(), await page.getByLabel("Emoji").inputValue()]).toEqual([
    "Proofs",
    "🔎",
  ]);
  expect(student.errors).toEqual([]);
  await Promise.all([tutoring.close(), student.context.close()]);
});

test("a word longer than a phone is wide breaks instead of widening the page", async () => {
  const word = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";
  const page = await adasPage("/tutoring");
  await page.setViewportSize({ width: 360, height: 740 });
  const dialog = page.getByRole("dialog");
  await page.getByRole("button", { name: "Offer a session" }).first().click();
  await dialog.getByLabel("Title").fill(word);
  await dialog.getByLabel("Subject").fill(word);
  await dialog.getByLabel("Starts").fill(`${new Date().getFullYear() + 1}-07-01T18:30`);
  await dialog.getByLabel("Description").fill(word);
  await dialog.getByRole("button", { name: "Offer session" }).click();
  await heading(page, word).waitFor();
  const overflow = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(await overflow()).toBeLessThanOrEqual(0);
  await page.goto(`${server.webUrl}/tutoring`);
  await page.getByRole("link", { name: word }).waitFor();
  expect(await overflow()).toBeLessThanOrEqual(0);

  await page.goto(`${server.webUrl}/reports`);
  await page.getByRole("button", { name: "New report" }).first().click();
  await page.getByLabel("Company name").fill(word);
  await page.getByLabel("Employees").fill("many");
  await heading(page, word).waitFor();
  expect(await overflow()).toBeLessThanOrEqual(0);
  await page.getByText("Not everything is saved").waitFor();
  await page.goto(`${server.webUrl}/reports`);
  await page.getByText(`Open “${word}”`).waitFor();
  expect(await overflow()).toBeLessThanOrEqual(0);
  await page.close();
});

test("what is not there is named, titled and leads on", async () => {
  const page = await adasPage("/");
  for (const [path, title, out] of [
    ["/reports/nope", "Report not found", "All reports"],
    ["/focus/goals/nope", "Goal not found", "All goals"],
    ["/focus/summary/x/y", "Session not found", "Back to Focus"],
    ["/tutoring/7", "Session not found", "All sessions"],
  ] as const) {
    await page.evaluate((to) => {
      history.pushState(null, "", to);
      window.dispatchEvent(new PopStateEvent("popstate"));
    }, path);
    await heading(page, title).waitFor();
    expect(await page.title()).toBe(`${title} · Live Sessions`);
    await page.getByRole("main").getByRole("link", { name: out }).waitFor();
  }
  await rail(page, "Reports").click();
  await page.getByRole("button", { name: "New report" }).first().click();
  await page.waitForURL(/\/reports\/.+/);
  await page.getByRole("button", { name: "Delete" }).waitFor();
  const other = await adasPage(new URL(page.url()).pathname);
  const name = await other.getByRole("heading", { level: 1 }).textContent();
  await page.getByRole("button", { name: "Delete" }).click();
  await other.getByText("This report was deleted, here or on another device.").waitFor();
  expect(await other.getByRole("heading", { level: 1 }).textContent()).toBe(name);
  await page.getByRole("button", { name: "Undo" }).click();
  await other.getByRole("button", { name: "Complete" }).waitFor();
  await Promise.all([page.close(), other.close()]);
});

/** A browser on a system without a time zone and with the POSIX locale. */
function nameNothing(): void {
  const { value: resolvedOptions } = Object.getOwnPropertyDescriptor(Intl.DateTimeFormat.prototype, "resolvedOptions")!;
  Intl.DateTimeFormat.prototype.resolvedOptions = function () {
    return { ...resolvedOptions.call(this), timeZone: "Etc/Unknown" };
  };
  Object.defineProperty(navigator, "languages", { get: () => ["C", "en-US@posix"] });
  Object.defineProperty(navigator, "language", { get: () => "C" });
}

test("a browser that names neither its zone nor a language has every page, in UTC, and is told so", async () => {
  const { page, context, errors } = await visit();
  await context.addInitScript(nameNothing);
  const email = `u-${randomUUID()}@example.com`;
  await signUp(page, server.webUrl, email);
  const admin = adminClient(server.convexUrl, server.adminKey);
  for (const permission of ["view_operations", "view_audit"])
    await admin.run("accounts/users:grantPermission", { email, permission });
  const failure = page.getByRole("main").getByRole("button", { name: "Try again" });
  const opens = async (path: string, name: string | RegExp) => {
    await page.goto(`${server.webUrl}${path}`);
    await page.getByRole("main").getByRole("heading", { level: 1, name }).waitFor();
    await page.waitForLoadState("networkidle");
    expect([path, await failure.count()]).toEqual([path, 0]);
  };

  await opens("/focus", "Focus");
  await createGoalAndActivity(page, "Read more", `Poems ${randomUUID().slice(0, 6)}`);
  await page.getByRole("button", { name: "Start focusing" }).click();
  await page.waitForURL(/\/focus\/live$/);
  await page.waitForTimeout(2_500);
  await page.getByRole("button", { name: "Finish" }).click();
  await page.waitForURL(/\/focus\/summary\//);
  await opens(new URL(page.url()).pathname, /./);
  await page.goto(`${server.webUrl}/focus`);
  await page
    .getByRole("link", { name: /Read more/ })
    .first()
    .click();
  await page.waitForURL(/\/focus\/goals\//);
  await opens(new URL(page.url()).pathname, /Read more/);

  await opens("/tutoring", "Tutoring");
  await page.getByRole("button", { name: "Offer a session" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Your browser doesn't report its time zone, so times are in UTC.").waitFor();
  expect(await dialog.getByLabel("Time zone", { exact: true }).inputValue()).toBe("UTC");
  await dialog.getByLabel("Title").fill("Fractions");
  await dialog.getByLabel("Subject").fill("Mathematics");
  await dialog.getByLabel("Description").fill("From halves to proportions.");
  await dialog.getByLabel("Starts").fill(`${new Date().getFullYear() + 1}-07-01T18:30`);
  await dialog.getByLabel("Minutes").fill("９０");
  await dialog.getByText("Read as 90").waitFor();
  await dialog.getByRole("button", { name: "Offer session" }).click();
  await page.waitForURL(/\/tutoring\/\d+$/);
  await page
    .getByRole("main")
    .getByLabel("In both time zones")
    .getByText(/18:30.*UTC|6:30.*UTC/)
    .waitFor();
  await page.getByRole("main").getByText("1 h 30 min").first().waitFor();
  await opens(new URL(page.url()).pathname, "Fractions");

  await opens("/reports", "Reports");
  await page.getByRole("button", { name: "New report" }).first().click();
  await page.getByLabel("Annual revenue").fill("1,200");
  await page.getByText("Read as 1,200").waitFor();
  await opens(new URL(page.url()).pathname, /^Report/);
  for (const [path, name] of [
    ["/", /^Hello/],
    ["/notifications", "Notifications"],
    ["/devices", "Devices"],
    ["/operations", "Operations"],
    ["/audit", "Audit"],
    ["/settings", "Settings"],
  ] as const)
    await opens(path, name);
  await page
    .getByRole("region", { name: "Profile" })
    .getByText("Your browser doesn't report its time zone, so times are in UTC.")
    .waitFor();
  expect(errors).toEqual([]);
  await context.close();
});
