/**
 * Rooms in real Chromium: how soon somebody who knocks is let in, and sees the first picture; and how many signals of
 * calls a second pass the deployment.
 */
import { chromium, type Browser, type Page } from "playwright-core";
import { findChromium } from "../lib/chromium";
import { startServer } from "../lib/server";
import type { Bench } from "./bench";
import { ms, perSecond, quantile, report } from "./stats";

const ROUNDS = 20;
const SIGNALS_MS = 3_000;
const IN_FLIGHT = [1, 32];
/** The size of a usual offer. */
const SIGNAL = "x".repeat(4_000);
const MEDIA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];

export async function benchRooms(bench: Bench): Promise<void> {
  await signalling(bench);
  const server = await startServer({
    args: ["--no-seed"],
    env: { TUTORING_AUTO_APPROVE: "true", RATE_LIMIT_SCALE: "1000000" },
  });
  const browser = await chromium.launch({
    executablePath: findChromium() ?? "",
    args: ["--no-sandbox", "--disable-dev-shm-usage", ...MEDIA],
  });
  try {
    const { page: tutor, url } = await openRoom(browser, server.webUrl);
    const rounds: Round[] = [];
    for (let count = 0; count < ROUNDS; count++) rounds.push(await knock(browser, url));
    await tutor.context().close();
    for (const [name, of] of [
      ["knock to admitted", ({ admittedMs }: Round) => admittedMs],
      ["knock to the first picture of the tutor", ({ seenMs }: Round) => seenMs],
    ] as const)
      report(name, { p50: ms(quantile(rounds.map(of), 0.5)), p99: ms(quantile(rounds.map(of), 0.99)) });
  } finally {
    await browser.close();
    await server.stop();
  }
}

async function openPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ reducedMotion: "reduce", timezoneId: "UTC", serviceWorkers: "block" });
  // The compiler that runs this file names functions with it, also those that run in the page.
  await context.addInitScript("globalThis.__name = (named) => named");
  return await context.newPage();
}

const enterAsGuest = async (page: Page, url: string): Promise<void> => {
  await page.goto(url);
  await page.getByRole("button", { name: "Continue as guest" }).click();
};

/** A tutor in a room of their own, whose page lets everybody in who knocks. */
async function openRoom(browser: Browser, webUrl: string): Promise<{ page: Page; url: string }> {
  const page = await openPage(browser);
  await enterAsGuest(page, `${webUrl}/tutoring`);
  await page.getByRole("button", { name: "Offer a session" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Title").fill("Bench");
  await dialog.getByLabel("Subject").fill("Bench");
  await dialog.getByLabel("Description").fill("Bench");
  await dialog.getByLabel("Starts").fill(new Date(Date.now() + 5 * 60_000).toISOString().slice(0, 16));
  await dialog.getByRole("button", { name: "Offer session" }).click();
  await page.waitForURL(/\/tutoring\/\d+$/);
  const url = `${page.url()}/room`;
  await page.goto(url);
  await page.getByRole("button", { name: "Enter the room" }).click();
  await page.getByRole("button", { name: "Leave the room" }).waitFor();
  await page.evaluate(() => {
    const admit = () => {
      for (const button of document.querySelectorAll<HTMLButtonElement>('button[aria-label^="Let "]'))
        if (!button.ariaBusy) button.click();
    };
    new MutationObserver(admit).observe(document.body, { childList: true, subtree: true });
  });
  return { page, url };
}

interface Round {
  admittedMs: number;
  seenMs: number;
}

/** One guest who knocks, is let in, sees the tutor and leaves. */
async function knock(browser: Browser, url: string): Promise<Round> {
  const page = await openPage(browser);
  await enterAsGuest(page, url);
  await page.getByRole("button", { name: "Knock", exact: true }).waitFor();
  const round = await page.evaluate(async () => {
    const until = async (isTrue: () => boolean): Promise<number> => {
      while (!isTrue()) await new Promise(requestAnimationFrame);
      return performance.now();
    };
    const buttons = (text: string) =>
      [...document.querySelectorAll("button")].filter(
        ({ textContent, ariaLabel }) => textContent.trim() === text || ariaLabel === text,
      );
    const startedAt = performance.now();
    buttons("Knock")[0]!.click();
    const admittedAt = await until(() => buttons("Leave the room").length > 0);
    const seenAt = await until(() =>
      [...document.querySelectorAll("video")].some(
        (video) =>
          video.ariaLabel?.endsWith("(you)") === false &&
          video.videoWidth > 0 &&
          video.getVideoPlaybackQuality().totalVideoFrames > 0,
      ),
    );
    return { admittedMs: admittedAt - startedAt, seenMs: seenAt - startedAt };
  });
  await page.getByRole("button", { name: "Leave the room" }).click();
  await page.context().close();
  return round;
}

/** Two people in a room send each other signals as fast as they are taken. */
async function signalling(bench: Bench): Promise<void> {
  const [tutor, guest] = [await bench.newGuest(), await bench.newGuest()];
  const moderator = await bench.newUser();
  const { email } = (await moderator.query("accounts/users:me", {})) as { email: string };
  await bench.admin.run("accounts/users:grantPermission", { email, permission: "moderate_sessions" });
  const id = (await tutor.mutation("tutoring/sessions:create", {
    title: "Signals",
    description: "Bench",
    subject: "Bench",
    level: "beginner",
    date: new Date(Date.now() + 5 * 60_000).toISOString(),
    duration: 60,
  })) as number;
  await moderator.mutation("tutoring/sessions:approve", { id });
  await guest.mutation("tutoring/room:knock", { id });
  const me = (await guest.query("accounts/users:me", {})) as { publicId: number };
  await tutor.mutation("tutoring/room:admit", { id, userId: me.publicId });
  await guest.mutation("tutoring/room:enter", { id });
  await tutor.mutation("tutoring/room:enter", { id });
  for (const inFlight of IN_FLIGHT) {
    const senders = await Promise.all(Array.from({ length: inFlight }, () => tutor.another()));
    const took: number[] = [];
    const endAt = performance.now() + SIGNALS_MS;
    let received = 0;
    await Promise.all([
      ...senders.map(async (sender) => {
        while (performance.now() < endAt) {
          const sentAt = performance.now();
          const isSent = await sender
            .mutation("tutoring/signals:send", { id, to: me.publicId, kind: "candidate", body: SIGNAL })
            .then(() => true, ifFull);
          if (isSent) took.push(performance.now() - sentAt);
        }
      }),
      (async () => {
        while (performance.now() < endAt) {
          const waiting = (await guest.query("tutoring/signals:inbox", { id })) as { id: string }[];
          if (waiting.length > 0)
            await guest.mutation("tutoring/signals:received", { id, signals: waiting.map((one) => one.id) });
          received += waiting.length;
        }
      })(),
    ]);
    report(`signals, ${inFlight} in flight`, {
      sent: perSecond((took.length * 1_000) / SIGNALS_MS),
      received: perSecond((received * 1_000) / SIGNALS_MS),
      p50: ms(quantile(took, 0.5)),
      p99: ms(quantile(took, 0.99)),
    });
  }
}

/** At most 200 signals wait for somebody; then it is the receiver's turn. */
function ifFull(error: unknown): boolean {
  if (String(error).includes("CONFLICT")) return false;
  throw error;
}
