/** Every page and every layer that opens over it, in light and dark, held against axe. */
import { randomUUID } from "node:crypto";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { adminClient } from "../../lib/admin";
import { target } from "../support/api";
import { COLORS, violationsOf } from "../support/axe";
import { createGoalAndActivity, offerSession, useBrowser, type NewUser } from "../support/browser";

const server = target();

const { visit, newUser } = useBrowser();

/** Fails with every violation and where it was: in light by every rule, in dark by those that see colors. */
async function expectNone(page: Page, where: string): Promise<void> {
  for (const [colorScheme, rules] of [["dark", COLORS], ["light"]] as const) {
    await page.emulateMedia({ colorScheme });
    expect.soft([where, colorScheme, await violationsOf(page, rules)]).toEqual([where, colorScheme, []]);
  }
}

/** Opens what `open` opens, checks it, and closes it with Escape. */
async function expectLayer(page: Page, name: string, open: () => Promise<unknown>): Promise<void> {
  await open();
  await page.getByRole("dialog").or(page.getByRole("alertdialog")).or(page.getByRole("menu")).first().waitFor();
  await expectNone(page, name);
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").or(page.getByRole("alertdialog")).or(page.getByRole("menu")).first().waitFor({
    state: "detached",
  });
}

async function opened(page: Page, path: string): Promise<void> {
  await page.goto(`${server.webUrl}${path}`);
  await page.getByRole("main").getByRole("heading", { level: 1 }).first().waitFor();
  await page.waitForLoadState("networkidle");
}

test("the sign-in page in its two forms, with errors", async () => {
  const { page, context } = await visit();
  await page.goto(server.webUrl);
  await page.getByLabel("Email").waitFor();
  await expectNone(page, "sign-in");
  await page.getByText("Create account", { exact: true }).first().click();
  await page.getByRole("button", { name: "Create account", exact: true }).last().click();
  await page.getByText("Enter a password.").waitFor();
  await expectNone(page, "sign-up");
  await context.close();
});

test("a newcomer's pages, empty, and what a guest is offered", async () => {
  const { page, context } = await visit();
  await page.goto(server.webUrl);
  await page.getByRole("button", { name: "Continue as guest" }).click();
  await page.getByRole("heading", { level: 1, name: "Welcome" }).waitFor();
  for (const path of [
    "/",
    "/focus",
    "/tutoring",
    "/tutoring?view=requests",
    "/reports",
    "/notifications",
    "/settings",
  ]) {
    await opened(page, path);
    await expectNone(page, path);
  }
  await expectLayer(page, "keep work", () => page.getByRole("button", { name: "Keep my work" }).click());
  await expectLayer(page, "guest signs out", () =>
    page.getByRole("main").getByRole("button", { name: "Sign out" }).click(),
  );
  await opened(page, "/focus");
  await expectLayer(page, "empty goal picker", () => page.getByRole("button", { name: "Goal: Choose a goal" }).click());
  await context.close();
});

describe("with something on every page", () => {
  let ada: NewUser;
  let page: Page;
  let session: string;
  const main = () => page.getByRole("main");

  beforeAll(async () => {
    ada = await newUser();
    page = ada.page;
    const admin = adminClient(server.convexUrl, server.adminKey);
    for (const permission of ["view_operations", "view_audit"])
      await admin.run("accounts/users:grantPermission", { email: ada.email, permission });
    session = await offerSession(page);
    const student = await newUser();
    await student.page.goto(`${server.webUrl}${session}`);
    await student.page.getByRole("button", { name: "Ask to join" }).click();
    await student.page.getByRole("button", { name: "Send request" }).click();
    await student.page.getByText(/^Waiting for /).waitFor();
    await student.context.close();
  });
  afterAll(async () => {
    await ada?.context.close();
  });

  test("pickers, dialogs and the session of Focus, running and ended", async () => {
    await opened(page, "/focus");
    await createGoalAndActivity(page, "Read more", `Poems ${randomUUID().slice(0, 6)}`);
    await page.getByText("XP per minute").waitFor();
    await expectNone(page, "/focus");
    await expectLayer(page, "goal picker", () => page.getByRole("button", { name: /^Goal: / }).click());
    await expectLayer(page, "activity picker without a match", async () => {
      await page.getByRole("button", { name: /^Activity: / }).click();
      await page.getByPlaceholder("Search by name").fill("nothing of that name");
    });
    await expectLayer(page, "new goal", () => main().getByRole("button", { name: "New goal" }).click());
    await expectLayer(page, "rates", () => page.getByRole("button", { name: "How is this calculated?" }).click());
    await page.getByRole("button", { name: "Start focusing" }).click();
    await page.waitForURL(/\/focus\/live$/);
    await page.getByRole("region", { name: "XP earned in this session" }).waitFor();
    await expectNone(page, "/focus/live");
    await expectLayer(page, "discard", () => page.getByRole("button", { name: "Discard session" }).click());
    await opened(page, "/");
    await expectNone(page, "Home beside a running session");
    await opened(page, "/focus/live");
    await page.waitForTimeout(3_000);
    await page.getByRole("button", { name: "Finish" }).click();
    await page.waitForURL(/\/focus\/summary\//);
    await page.getByText("Life level").first().waitFor();
    await expectNone(page, "summary");
    await page.getByRole("link", { name: "All sessions for this goal" }).click();
    await page.waitForURL(/\/focus\/goals\//);
    await page.getByRole("list", { name: "Sessions" }).waitFor();
    await expectNone(page, "goal");
    await opened(page, "/");
    await page.getByText("XP and focused time by day").waitFor({ state: "attached" });
    await expectNone(page, "/");
  });

  test("a report, its conflicting readings and its dialogs", async () => {
    await opened(page, "/reports");
    await expectLayer(page, "from a card", () => page.getByRole("button", { name: "From a card" }).click());
    await main().getByRole("button", { name: "New report" }).first().click();
    await page.waitForURL(/\/reports\/.+/);
    await page.getByLabel("Company name").fill("Lovelace Engines");
    await page.getByLabel("Annual revenue").fill("1,2000");
    await page.getByLabel("Employees").fill("many");
    await page.getByText(/^Not everything is saved/).waitFor();
    await expectNone(page, "report");
    await page.getByLabel("Annual revenue").fill("12000");
    await page.getByLabel("Employees").fill("12");
    await page.getByRole("status").getByText("Saved", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Complete" }).click();
    await page.getByRole("button", { name: "Continue" }).waitFor();
    await expectNone(page, "completed report");
    await opened(page, "/reports");
    await expectNone(page, "/reports");
  });

  test("tutoring: lists, a session with a request, its dialogs", async () => {
    for (const path of ["/tutoring", "/tutoring?view=created", "/tutoring?view=requests"]) {
      await opened(page, path);
      await expectNone(page, path);
    }
    await opened(page, session);
    await page.getByRole("button", { name: /^Approve / }).waitFor();
    await expectNone(page, "tutoring session");
    await expectLayer(page, "edit session", () => page.getByRole("button", { name: "Edit" }).click());
    await expectLayer(page, "add material", () => page.getByRole("button", { name: "Add material" }).first().click());
    const other = await newUser();
    await opened(other.page, session);
    await expectNone(other.page, "tutoring session of somebody else");
    await expectLayer(other.page, "ask to join", () => other.page.getByRole("button", { name: "Ask to join" }).click());
    await other.context.close();
    await expectLayer(page, "cancel", () => page.getByRole("button", { name: "Cancel session" }).click());
    await expectLayer(page, "delete", async () => {
      await page.getByRole("button", { name: "More actions" }).click();
      await page.getByRole("menuitem", { name: "Delete session" }).click();
    });
  });

  test("the other pages, the menus and the command palette", async () => {
    for (const path of [
      "/notifications",
      "/devices",
      "/settings",
      "/operations",
      "/audit",
      "/nowhere",
      "/reports/nope",
    ]) {
      await opened(page, path);
      await expectNone(page, path);
    }
    await opened(page, "/devices");
    await expectLayer(page, "sign out", () =>
      page
        .getByRole("button", { name: /^Sign out/ })
        .last()
        .click(),
    );
    await expectLayer(page, "notification menu", () => page.getByRole("button", { name: /^Notifications, / }).click());
    await expectLayer(page, "user menu", () => page.locator("[aria-haspopup=menu]").last().click());
    await expectLayer(page, "palette", () => page.keyboard.press("Control+k"));
    await expectLayer(page, "palette without a match", async () => {
      await page.keyboard.press("Control+k");
      await page.getByPlaceholder("Search or run a command…").fill("nothing of that name");
    });
  });

  test("at phone and tablet width", async () => {
    for (const width of [360, 768]) {
      await page.setViewportSize({ width, height: 800 });
      for (const path of ["/", "/focus", session, "/devices", "/reports"]) {
        await opened(page, path);
        await expectNone(page, `${path} at ${width}`);
      }
    }
    await page.setViewportSize({ width: 360, height: 740 });
    await expectLayer(page, "more", () => page.getByRole("button", { name: /^More/ }).click());
  });
});
