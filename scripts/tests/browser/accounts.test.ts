/** Accounts in real Chromium: what one device does is felt on the other, forms, Google, the audit page. */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startOidc } from "../../../convex/accounts/oidc.testing";
import { freePorts } from "../../lib/free-ports";
import { startServer, type Server } from "../../lib/server";
import { newEmail, PASSWORD, signIn, signUp, useBrowser } from "../support/browser";

const GOOGLE = { id: "live-sessions-browser", secret: "a secret of the loopback provider" };
const ANDROID =
  "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36";
const NEW_PASSWORD = "an even better horse";

const { visit } = useBrowser();
let server: Server;
let oidc: Awaited<ReturnType<typeof startOidc>>;

beforeAll(async () => {
  const ports = await freePorts();
  oidc = await startOidc({ ...GOOGLE, redirectUri: `http://127.0.0.1:${ports.site}/api/auth/callback/google` });
  const env = { AUTH_GOOGLE_ID: GOOGLE.id, AUTH_GOOGLE_SECRET: GOOGLE.secret, AUTH_GOOGLE_ISSUER: oidc.issuer };
  server = await startServer({ ports, args: ["--no-seed"], env });
});
afterAll(async () => {
  await server?.stop();
  await oidc?.close();
});

/** One account in two browsers, both signed in; `here` was first. */
async function twoDevices() {
  const email = newEmail();
  const here = await visit();
  await signUp(here.page, server.webUrl, email);
  const there = await visit({ userAgent: ANDROID });
  await signIn(there.page, server.webUrl, email);
  return {
    email,
    here: here.page,
    there: there.page,
    close: () => Promise.all([here.context.close(), there.context.close()]),
  };
}

/** The access token a signed-in page holds. */
const tokenOf = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const key = Object.keys(localStorage).find((name) => name.startsWith("__convexAuthJWT"));
    return (key && localStorage.getItem(key)) || "";
  });

const restStatus = async (token: string): Promise<number> =>
  (await fetch(`${server.siteUrl}/api/sessions/current/`, { headers: { Authorization: `Bearer ${token}` } })).status;

async function changePassword(page: Page, current: string, next: string): Promise<void> {
  await page.getByLabel("Current password", { exact: true }).fill(current);
  await page.getByLabel("New password", { exact: true }).fill(next);
  await page.getByRole("button", { name: "Change password" }).click();
}

describe("one account on two devices", () => {
  test("a new sign-in is told to the other device; “not me” ends it and asks for a new password", async () => {
    const { here, there, close } = await twoDevices();
    const alert = here.getByRole("status").filter({ hasText: "New sign-in on Chrome on Android" });
    await alert.waitFor();
    expect(await there.getByText("New sign-in").count()).toBe(0);
    await here.getByRole("link", { name: "Devices" }).first().click();
    const rows = here.getByRole("list", { name: "Devices" }).getByRole("listitem");
    await rows.filter({ hasText: "Chrome on Android" }).waitFor();
    const token = await tokenOf(there);
    expect(await restStatus(token)).toBe(200);

    await alert.getByRole("button", { name: "Not me" }).click();
    await here.getByRole("alertdialog").getByRole("button", { name: "Sign out" }).click();
    await there.getByText("Signed out: this sign-in was reported as not yours.").waitFor();
    expect(await restStatus(token)).toBe(401);
    await rows.filter({ hasText: "Chrome on Android" }).waitFor({ state: "detached" });
    expect(await rows.count()).toBe(1);

    const demand = here.getByRole("alert").filter({ hasText: "Choose a new one" });
    await demand.getByRole("link", { name: "Change password" }).click();
    await changePassword(here, PASSWORD, NEW_PASSWORD);
    await demand.waitFor({ state: "detached" });
    await here.getByRole("main").getByRole("heading", { level: 1, name: "Settings" }).waitFor();
    await close();
  });

  test("a changed password signs the other out with the reason, and only the new one lets it in again", async () => {
    const { email, here, there, close } = await twoDevices();
    const token = await tokenOf(there);
    await here.goto(`${server.webUrl}/settings`);
    await changePassword(here, "not the password", NEW_PASSWORD);
    await here.getByText("This is not the current password.").waitFor();
    await changePassword(here, PASSWORD, NEW_PASSWORD);
    await there.getByText("Signed out because the password was changed.").waitFor();
    expect(await restStatus(token)).toBe(401);
    expect(await restStatus(await tokenOf(here))).toBe(200);

    await there.getByLabel("Email").fill(email);
    await there.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await there.getByRole("button", { name: "Sign in", exact: true }).last().click();
    await there.getByText("The email address or the password is wrong.").waitFor();
    await there.getByLabel("Password", { exact: true }).fill(NEW_PASSWORD);
    await there.getByRole("button", { name: "Sign in", exact: true }).last().click();
    await there
      .getByRole("main")
      .getByRole("heading", { level: 1, name: /^Hello/ })
      .waitFor();
    await close();
  });

  test("ending all others, with the keyboard alone, signs the other out and leaves this one", async () => {
    const { here, there, close } = await twoDevices();
    await here.goto(`${server.webUrl}/devices`);
    const rows = here.getByRole("list", { name: "Devices" }).getByRole("listitem");
    await rows.nth(1).waitFor();
    const alert = here.getByText("New sign-in on Chrome on Android");
    await alert.waitFor();
    await here.getByRole("searchbox", { name: "Search devices" }).focus();
    await here.keyboard.type("android");
    await rows.nth(1).waitFor({ state: "detached" });
    expect(await rows.textContent()).toContain("Chrome on Android");
    await here.keyboard.press("Shift+Tab");
    await here.keyboard.press("Enter");
    await here.getByRole("alertdialog", { name: "Sign out everywhere else?" }).waitFor();
    const confirm = here.getByRole("button", { name: "Sign out all" });
    for (let tabs = 0; tabs < 4 && !(await confirm.evaluate((button) => button === document.activeElement)); tabs++)
      await here.keyboard.press("Tab");
    await here.keyboard.press("Enter");
    await there.getByText("Signed out from another of your devices.").waitFor();
    await here.getByText("1 other device was signed out").waitFor();
    await alert.waitFor({ state: "detached" });
    await here.getByText("No devices match “android”.").waitFor();
    await close();
  });
});

describe("the forms", () => {
  test("name what is wrong beside its field, survive a reload, and keep no password", async () => {
    const { page, context } = await visit();
    const secret = `only in memory ${randomUUID()}`;
    await page.goto(server.webUrl);
    await page.getByRole("button", { name: "Sign in", exact: true }).last().click();
    await page.getByText("Enter your email address.").waitFor();
    await page.getByText("Enter a password.").waitFor();
    await page.getByText("Create account", { exact: true }).first().click();
    await page.getByLabel("Name (optional)").fill("Ada Lovelace");
    await page.getByLabel("Email").fill("ada at example");
    await page.getByLabel("Password", { exact: true }).fill("short");
    await page.getByRole("button", { name: "Create account", exact: true }).last().click();
    await page.getByText("Must be an email address.").waitFor();
    await page.getByText("Must have at least 10 characters.").waitFor();
    expect(await page.getByLabel("Email").getAttribute("aria-invalid")).toBe("true");

    await page.getByLabel("Password", { exact: true }).fill(secret);
    await page.reload();
    await page.getByLabel("Name (optional)").waitFor();
    expect(await page.getByLabel("Name (optional)").inputValue()).toBe("Ada Lovelace");
    expect(await page.getByLabel("Email").inputValue()).toBe("ada at example");
    expect(await page.getByLabel("Password", { exact: true }).inputValue()).toBe("");
    const stored = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
    );
    expect(stored).toContain("ada at example");
    expect(stored).not.toContain(secret);

    // What only the server knows stands beside its field too.
    const email = newEmail();
    const other = await visit();
    await signUp(other.page, server.webUrl, email);
    await page.getByLabel("Email").fill(email);
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "Create account", exact: true }).last().click();
    await page.getByText("This email address is already registered.").waitFor();
    expect(await page.getByLabel("Email").getAttribute("aria-invalid")).toBe("true");
    await Promise.all([context.close(), other.context.close()]);
  });
});

describe("Google", () => {
  test("signs in by way of the provider and back, the same person again after signing out", async () => {
    const person = { sub: randomUUID(), email: newEmail(), email_verified: true, name: "Ada Lovelace" };
    oidc.signsIn(person);
    const { page, context, outside } = await visit();
    const enter = async () => {
      await page.getByRole("button", { name: "Continue with Google" }).click();
      await page.getByRole("main").getByRole("heading", { level: 1, name: "Hello, Ada" }).waitFor();
    };
    await page.goto(server.webUrl);
    await enter();
    await page.goto(`${server.webUrl}/devices`);
    await page.getByRole("listitem").filter({ hasText: "This device" }).filter({ hasText: "Google" }).waitFor();
    await page.goto(`${server.webUrl}/settings`);
    await page.getByText(person.email).first().waitFor();
    await page.getByRole("heading", { name: "Set password" }).waitFor();
    await page.getByRole("main").getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Continue with Google" }).waitFor();
    await enter();
    expect(outside).toEqual([]);
    await context.close();
  });
});

describe("the audit page", () => {
  test("shows one's own acts as they happen, filters them, and saves them as CSV", async () => {
    const { email, here, there, close } = await twoDevices();
    await here.goto(`${server.webUrl}/audit`);
    const rows = here.getByRole("list", { name: "Audit entries" }).getByRole("listitem");
    await rows.filter({ hasText: "Created an account" }).waitFor();
    await there.goto(`${server.webUrl}/settings`);
    await changePassword(there, "not the password", NEW_PASSWORD);
    const failed = rows.filter({ hasText: "Changed password" }).filter({ hasText: "Failed" });
    await failed.waitFor();
    await here.getByRole("combobox", { name: "Period" }).selectOption({ label: "Last 24 hours" });
    await failed.waitFor();
    await here.getByText("Failed", { exact: true }).first().click();
    await rows.filter({ hasText: "Created an account" }).waitFor({ state: "detached" });
    // While the filtered list is on its way none is shown.
    await failed.waitFor();
    expect(await rows.count()).toBe(1);
    const [download] = await Promise.all([
      here.waitForEvent("download"),
      here.getByRole("button", { name: "Export CSV" }).click(),
    ]);
    const lines = readFileSync(await download.path(), "utf8")
      .trimEnd()
      .split("\r\n");
    expect(lines[0]).toBe("at,actor,actor_name,action,target,about,about_name,ip,user_agent,outcome");
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/,password_changed,.*,failure$/);
    expect(lines.join("\n")).not.toContain(email);
    await close();
  });
});
