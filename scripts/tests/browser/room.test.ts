/**
 * The room of a session in real Chromium: pictures and sound go from page to page, measured at their end. The browser's
 * own test camera shows a moving picture, its microphone beeps once a second.
 */
import { randomUUID } from "node:crypto";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findChromium } from "../../lib/chromium";
import { waitFor } from "../../lib/server";
import { target } from "../support/api";
import { violationsOf } from "../support/axe";
import { newVisitor, signUp } from "../support/browser";

const server = target();
const MEDIA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];
const PATIENCE_MS = 60_000;
let browser: Browser;

const launchWith = (args: string[]) =>
  chromium.launch({ executablePath: findChromium()!, args: ["--no-sandbox", "--disable-dev-shm-usage", ...args] });

beforeAll(async () => {
  browser = await launchWith(MEDIA);
});
afterAll(async () => {
  await browser?.close();
});

async function visitor(options: Parameters<typeof newVisitor>[1] = {}, from = browser) {
  const made = await newVisitor(from, { timezoneId: "UTC", ...options });
  await signUp(made.page, server.webUrl, `u-${randomUUID()}@example.com`);
  return made;
}

/** Offers a session that starts in five minutes, so that its room is open; → its address. */
async function offer(page: Page, title: string): Promise<string> {
  await page.goto(`${server.webUrl}/tutoring`);
  await page.getByRole("button", { name: "Offer a session" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Title").fill(title);
  await dialog.getByLabel("Subject").fill("Mathematics");
  await dialog.getByLabel("Description").fill("From halves to proportions.");
  await dialog.getByLabel("Starts").fill(new Date(Date.now() + 5 * 60_000).toISOString().slice(0, 16));
  await dialog.getByRole("button", { name: "Offer session" }).click();
  await page.waitForURL(/\/tutoring\/\d+$/);
  return page.url();
}

/** Enters from the preview, in which the own picture must move. */
async function enter(page: Page): Promise<void> {
  await page.getByRole("heading", { level: 1, name: /^Room: / }).waitFor();
  await waitFor(() => moves(page, "Your picture and sound"), PATIENCE_MS);
  await page.getByRole("button", { name: "Enter the room" }).click();
  await page.getByRole("button", { name: "Leave the room" }).waitFor();
}

/** The name that a person has in the room: the part of the address before the @. */
async function nameIn(page: Page): Promise<string> {
  const own = await page
    .getByRole("region", { name: "Room", exact: true })
    .getByRole("listitem", { name: / \(you\)$/ })
    .getAttribute("aria-label");
  return own!.replace(/ \(you\)$/, "");
}

/** Whether a picture changes within half a second: two drawings of it are compared. */
const moves = (page: Page, label: string): Promise<boolean> =>
  page.evaluate(async (name) => {
    const video = document.querySelector<HTMLVideoElement>(`video[aria-label="${CSS.escape(name)}"]`);
    if (!video || video.videoWidth === 0) return false;
    const draw = () => {
      const canvas = document.createElement("canvas");
      canvas.width = 64;
      canvas.height = 36;
      const context = canvas.getContext("2d")!;
      context.drawImage(video, 0, 0, 64, 36);
      return context.getImageData(0, 0, 64, 36).data;
    };
    const before = draw();
    await new Promise((resolve) => setTimeout(resolve, 500));
    const after = draw();
    return before.reduce((sum, value, index) => sum + Math.abs(value - after[index]!), 0) > 1_000;
  }, label);

/** The loudest that is heard of somebody within two seconds, 0 to 1. */
const loudness = (page: Page, label: string): Promise<number> =>
  page.evaluate(async (name) => {
    const video = document.querySelector<HTMLVideoElement>(`video[aria-label="${CSS.escape(name)}"]`);
    const stream = video?.srcObject as MediaStream | null;
    if (!stream?.getAudioTracks().length) return 0;
    const context = new AudioContext();
    await context.resume();
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let loudest = 0;
    for (const end = Date.now() + 2_000; Date.now() < end;) {
      analyser.getFloatTimeDomainData(samples);
      loudest = Math.max(loudest, ...samples);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await context.close();
    return loudest;
  }, label);

async function expectSeenAndHeard(page: Page, name: string): Promise<void> {
  await waitFor(() => moves(page, name), PATIENCE_MS);
  await waitFor(async () => (await loudness(page, name)) > 0.02, PATIENCE_MS);
}

test("two people see and hear each other, also after one reloads; a third knocks and is let in", async () => {
  const tutor = await visitor();
  const url = await offer(tutor.page, "Face to face");
  const student = await visitor({ viewport: { width: 360, height: 740 } });
  await student.page.goto(url);
  await student.page.getByRole("button", { name: "Ask to join" }).click();
  await student.page.getByRole("button", { name: "Send request" }).click();
  await tutor.page.getByRole("button", { name: /^Approve / }).click();

  await tutor.page.getByRole("link", { name: "Enter the room" }).click();
  await enter(tutor.page);
  await tutor.page.getByText("Nobody else is here yet").waitFor();
  // One tap from the home page.
  await student.page.goto(server.webUrl);
  await student.page.getByRole("link", { name: "Enter the room" }).click();
  await enter(student.page);
  expect(await student.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  const [tutorName, studentName] = [await nameIn(tutor.page), await nameIn(student.page)];
  await expectSeenAndHeard(tutor.page, studentName);
  await expectSeenAndHeard(student.page, tutorName);
  await tutor.page.getByRole("listitem", { name: studentName }).getByText("speaking").waitFor({ state: "attached" });

  // A reload comes back without another tap, and is seen again.
  await student.page.reload();
  await student.page.getByRole("button", { name: "Leave the room" }).waitFor();
  await expectSeenAndHeard(student.page, tutorName);
  await expectSeenAndHeard(tutor.page, studentName);

  // Muted and with the camera off, one is told as such; the last picture does not stand still on the other's page.
  await student.page.getByRole("button", { name: "Mute" }).click();
  await tutor.page.getByRole("listitem", { name: studentName }).getByRole("img", { name: "muted" }).waitFor();
  await waitFor(async () => (await loudness(tutor.page, studentName)) < 0.001, PATIENCE_MS);
  await student.page.getByRole("button", { name: "Turn camera off" }).click();
  await tutor.page.locator(`video[aria-label="${studentName}"].invisible`).waitFor({ state: "attached" });
  await student.page.getByRole("button", { name: "Turn camera on" }).click();
  await student.page.getByRole("button", { name: "Unmute" }).click();
  await expectSeenAndHeard(tutor.page, studentName);

  const guest = await visitor();
  await guest.page.goto(url);
  await guest.page.getByRole("link", { name: "Knock at the room" }).click();
  await guest.page.getByRole("button", { name: "Knock", exact: true }).click();
  await guest.page.getByText(/^Waiting for .* to let you in$/).waitFor();
  await tutor.page.getByRole("button", { name: /^Let .* in$/ }).click();
  await guest.page.getByRole("button", { name: "Leave the room" }).waitFor();
  await expectSeenAndHeard(guest.page, tutorName);
  await expectSeenAndHeard(guest.page, studentName);
  const guestName = await nameIn(guest.page);
  await expectSeenAndHeard(student.page, guestName);
  expect(await violationsOf(tutor.page)).toEqual([]);

  await tutor.page.getByRole("button", { name: `Remove ${guestName} from the room` }).click();
  await guest.page.getByText(/removed you from the room/).waitFor();
  await tutor.page.getByRole("listitem", { name: guestName }).waitFor({ state: "detached" });

  await student.page.getByRole("button", { name: "Leave the room" }).click();
  await tutor.page.getByText("Nobody else is here yet").waitFor();
  await student.page.getByRole("button", { name: "Come back" }).click();
  await expectSeenAndHeard(tutor.page, studentName);
  for (const each of [tutor, student, guest]) {
    expect(each.errors).toEqual([]);
    expect(each.outside).toEqual([]);
    await each.context.close();
  }
});
