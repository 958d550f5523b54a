/** Real Chromium on the real web application. */
import { execFileSync } from "node:child_process";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { findChromium } from "../../lib/chromium";
import { deadlineMs } from "../../lib/deadlines";

export const PASSWORD = "correct horse battery";

/** The longest time, in ms, that a page may take for anything. */
export const PATIENCE_MS = deadlineMs(20_000);

function launchOptions(args: string[] = []) {
  const executablePath = findChromium();
  if (!executablePath) throw new Error("No Chromium was found. Install one or set CHROMIUM_PATH.");
  return { executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage", ...args] };
}

export const launch = (): Promise<Browser> => chromium.launch(launchOptions());

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
 * neither intercept requests nor see what the page itself fetches. Its language is British English, so that dates and numbers follow the
 * browser while the texts stay American. It asks for less motion, because a click waits until its target stands still.
 * `outside` collects requests to other machines.
 */
export async function newVisitor(
  browser: Browser,
  options: Parameters<Browser["newContext"]>[0] = {},
): Promise<{ context: BrowserContext; page: Page; outside: string[]; errors: string[] }> {
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

export async function signUp(page: Page, webUrl: string, email: string): Promise<void> {
  await page.goto(webUrl);
  await page.getByText("Create account", { exact: true }).first().click();
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Create account", exact: true }).last().click();
  await page
    .getByRole("main")
    .getByRole("heading", { level: 1, name: /^Hello/ })
    .waitFor();
}

export async function signIn(page: Page, webUrl: string, email: string): Promise<void> {
  await page.goto(webUrl);
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).last().click();
  await page
    .getByRole("main")
    .getByRole("heading", { level: 1, name: /^Hello/ })
    .waitFor();
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
