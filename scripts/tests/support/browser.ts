/** Real Chromium on the real web application. */
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll } from "vitest";
import { findChromium } from "../../lib/chromium";
import { deadlineMs } from "../../lib/deadlines";
import { target } from "./api";

export const PASSWORD = "correct horse battery";

/** The longest time, in ms, that a page may take for anything. */
export const PATIENCE_MS = deadlineMs(20_000);

/**
 * Pages live for seconds here: what V8 spends on optimized code and on collecting garbage in threads beside it is never
 * paid back. Without, pages with their checks by axe took 40% less processor time.
 */
const FOR_SHORT_LIVES = "--js-flags=--no-maglev --no-opt --single-threaded-gc";

function launchOptions(args: string[] = []) {
  const executablePath = findChromium();
  if (!executablePath) throw new Error("No Chromium was found. Install one or set CHROMIUM_PATH.");
  return { executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage", FOR_SHORT_LIVES, ...args] };
}

export type VisitorOptions = NonNullable<Parameters<Browser["newContext"]>[0]>;
export interface Visitor {
  context: BrowserContext;
  page: Page;
  outside: string[];
  errors: string[];
}
export type NewUser = Visitor & { email: string };

export const newEmail = (): string => `u-${randomUUID()}@example.com`;

/**
 * A browser for the tests of the calling file.
 *
 * @param defaults of each visitor's context
 * @param args for the browser itself
 */
export function useBrowser(defaults: VisitorOptions = {}, args: string[] = []) {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch(launchOptions(args));
  });
  afterAll(async () => {
    await browser?.close();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await printPages(browser);
  });
  const visit = (options: VisitorOptions = {}): Promise<Visitor> => newVisitor(browser, { ...defaults, ...options });
  /** A visitor who has just signed up. */
  const newUser = (options: VisitorOptions = {}): Promise<NewUser> => newUserOn(browser, { ...defaults, ...options });
  return { visit, newUser, browser: () => browser };
}

/** Prints what stands on each open page, so that the log of a failed test says what its locators were looking at. */
async function printPages(browser: Browser): Promise<void> {
  for (const page of browser.contexts().flatMap((context) => context.pages())) {
    const text = await page
      .innerText("body", { timeout: 5_000 })
      .catch((error: unknown) => `(no text: ${String(error)})`);
    console.log(`${page.url()}\n${text.replace(/\s*\n\s*/g, " | ").slice(0, 1_500)}\n`);
  }
}

/**
 * A visitor of that browser who has just signed up, and is at Home. The browser is given what the form for it leaves
 * there (`signUp` fills that in): a page less to load, for nearly every test.
 */
export async function newUserOn(browser: Browser, options: VisitorOptions = {}): Promise<NewUser> {
  const { webUrl, convexUrl } = target();
  const visitor = await newVisitor(browser, options);
  const { page } = visitor;
  const email = newEmail();
  const { token, refreshToken } = await createSession(email, await page.evaluate(() => navigator.userAgent));
  const key = (name: string) => `__convexAuth${name}_${convexUrl.replace(/[^a-zA-Z0-9]/g, "")}`;
  const stored = { [key("JWT")]: token, [key("RefreshToken")]: refreshToken };
  // The smallest page of that origin: only from within it can its storage be written.
  await page.goto(`${webUrl}/robots.txt`);
  await page.evaluate((entries) => Object.assign(localStorage, entries), stored);
  await page.goto(webUrl);
  await atHome(page);
  return { ...visitor, email };
}

/** Signs a new user up as the web application does, from a browser of that kind. */
async function createSession(email: string, userAgent: string): Promise<{ token: string; refreshToken: string }> {
  const params = { flow: "signUp", email, password: PASSWORD };
  const response = await fetch(`${target().convexUrl}/api/action`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "User-Agent": userAgent },
    body: JSON.stringify({ path: "auth:signIn", args: [{ provider: "password", params }], format: "json" }),
  });
  const answer = (await response.json()) as { value: { tokens: { token: string; refreshToken: string } } };
  return answer.value.tokens;
}

/** A browser on a machine of its own, which can be put to sleep: all its processes stand still until it wakes. */
export async function launchLaptop(args: string[] = []): Promise<{
  browser: Browser;
  sleep: () => void;
  wake: () => void;
  close: () => Promise<void>;
}> {
  const machine = await chromium.launchServer(launchOptions(args));
  const signal = (name: NodeJS.Signals) => {
    for (const pid of withDescendants(machine.process().pid!)) process.kill(pid, name);
  };
  return {
    browser: await chromium.connect(machine.wsEndpoint()),
    sleep: () => signal("SIGSTOP"),
    wake: () => signal("SIGCONT"),
    close: () => machine.close(),
  };
}

function withDescendants(root: number): number[] {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  const rows = table
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const found = [root];
  // Grows while it is walked: children are added behind their parents.
  for (const parent of found) found.push(...rows.filter(([, ppid]) => ppid === parent).map(([pid]) => pid!));
  return found;
}

/**
 * A browser with its own storage and session. It has no service worker unless asked for: through one, a test could
 * neither intercept requests nor see what the page itself fetches. Its language is British English, so that dates and
 * numbers follow the browser while the texts stay American. It asks for less motion, because a click waits until its
 * target stands still.
 * `outside` collects requests to other machines.
 */
export async function newVisitor(browser: Browser, options: VisitorOptions = {}): Promise<Visitor> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    locale: "en-GB",
    reducedMotion: "reduce",
    serviceWorkers: "block",
    ...options,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const outside: string[] = [];
  const errors: string[] = [];
  const page = await context.newPage();
  page.on("request", (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (/^(https?|wss?):$/.test(protocol) && !/^(127\.0\.0\.1|localhost|\[::1\])$/.test(hostname))
      outside.push(request.url());
  });
  page.on("pageerror", (error) => errors.push(String(error)));
  return { context, page, outside, errors };
}

const atHome = (page: Page): Promise<void> =>
  page
    .getByRole("main")
    .getByRole("heading", { level: 1, name: /^Hello/ })
    .waitFor();

export async function signUp(page: Page, webUrl: string, email: string): Promise<void> {
  await page.goto(webUrl);
  await page.getByText("Create account", { exact: true }).first().click();
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Create account", exact: true }).last().click();
  await atHome(page);
}

export async function signIn(page: Page, webUrl: string, email: string): Promise<void> {
  await page.goto(webUrl);
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).last().click();
  await atHome(page);
}

export async function createGoalAndActivity(page: Page, goal: string, activity: string): Promise<void> {
  await page.getByRole("button", { name: "Goal: Choose a goal" }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /^New goal/ })
    .click();
  await page.getByRole("dialog").getByLabel("Title").fill(goal);
  await page.getByRole("button", { name: "Create goal" }).click();
  await page.getByRole("button", { name: `Goal: ${goal}` }).waitFor();
  await page.getByRole("button", { name: "Activity: Choose an activity" }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /^New activity/ })
    .click();
  await page.getByRole("dialog").getByLabel("Name").fill(activity);
  await page.getByRole("button", { name: "Create activity" }).click();
  await page.getByRole("button", { name: `Activity: ${activity}` }).waitFor();
}

interface Offer {
  title?: string;
  seats?: number;
  starts?: string;
  weeks?: number;
}

/** A start next July, so that Berlin is at UTC+2. */
export const nextJuly = (day = "01"): string => `${new Date().getFullYear() + 1}-07-${day}T18:30`;

/** Offers a session through the form of the application that the page shows, or one each week; → where that leads. */
export async function offerSession(
  page: Page,
  { title = "Fractions", seats, starts = nextJuly(), weeks }: Offer = {},
): Promise<string> {
  await page.goto(new URL("/tutoring", page.url()).href);
  await page.getByRole("button", { name: "Offer a session" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Title").fill(title);
  await dialog.getByLabel("Subject").fill("Mathematics");
  await dialog.getByLabel("Description").fill("From halves to proportions.");
  await dialog.getByLabel("Starts").fill(starts);
  if (seats !== undefined) await dialog.getByLabel("Seats").fill(String(seats));
  if (weeks !== undefined) await dialog.getByLabel("Weeks in a row").fill(String(weeks));
  await dialog.getByRole("button", { name: "Offer session" }).click();
  await dialog.waitFor({ state: "detached" });
  // Only the list shows several sessions.
  if (weeks !== undefined) return "/tutoring";
  await page.waitForURL(/\/tutoring\/\d+$/);
  await page.getByRole("heading", { level: 1, name: title }).waitFor();
  return new URL(page.url()).pathname;
}
