/** Tutoring in real Chromium: what one person does, the other sees without a reload. */
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { waitFor } from "../../lib/server";
import { target } from "../support/api";
import { offerSession, useBrowser } from "../support/browser";

const server = target();

const { newUser } = useBrowser({ timezoneId: "Europe/Berlin" });

const nextYear = new Date().getFullYear() + 1;
const seatsText = (page: Page, text: RegExp) => page.getByRole("region", { name: "Seats" }).getByText(text).waitFor();
const badge = (page: Page, count: number) =>
  page.getByRole("button", { name: `Notifications, ${count} unread` }).waitFor();

describe("two people", () => {
  test("a request, its approval, a seat given up and the cancellation reach both pages by themselves", async () => {
    const tutor = await newUser();
    const path = await offerSession(tutor.page, { title: "Fractions, gently", seats: 2 });
    await seatsText(tutor.page, /^0 of 2 taken · 2 seats free$/);
    await badge(tutor.page, 0);

    const student = await newUser();
    await student.page.goto(`${server.webUrl}${path}`);
    await tutor.page.getByText("2 viewing").waitFor();
    const ask = async () => {
      await student.page.getByRole("button", { name: "Ask to join" }).click();
      await student.page.getByLabel("Message (optional)").fill("May I?");
      await student.page.getByRole("button", { name: "Send request" }).click();
      await student.page.getByText(/^Waiting for /).waitFor();
    };
    await ask();
    await badge(tutor.page, 1);
    const requests = tutor.page.getByRole("region", { name: "Requests" });
    await requests.getByText("May I?").waitFor();
    await requests.getByRole("button", { name: /^Approve / }).click();
    await badge(student.page, 1);
    for (const { page } of [tutor, student]) await seatsText(page, /^1 of 2 taken · 1 seat free$/);
    await student.page.getByRole("region", { name: "Seats" }).getByText("You", { exact: true }).waitFor();
    await tutor.page.getByText("Scheduled", { exact: true }).waitFor();

    await student.page.getByRole("button", { name: "Leave", exact: true }).click();
    await student.page.getByText(/someone else may take your seat/).waitFor();
    await student.page.getByRole("alertdialog").getByRole("button", { name: "Leave" }).click();
    for (const { page } of [tutor, student]) await seatsText(page, /^0 of 2 taken · 2 seats free$/);

    await ask();
    await tutor.page.goto(`${server.webUrl}/tutoring?view=requests`);
    await tutor.page.getByRole("button", { name: /^Approve / }).click();
    await tutor.page.getByText(/No pending requests/).waitFor();
    await tutor.page.goto(`${server.webUrl}${path}`);
    await tutor.page.getByRole("button", { name: "Cancel session" }).click();
    await tutor.page.getByText("The participant will be notified.").waitFor();
    await tutor.page.getByRole("alertdialog").getByRole("button", { name: "Cancel session" }).click();
    for (const { page } of [tutor, student])
      await page.getByRole("main").getByText("Canceled", { exact: true }).first().waitFor();
    await student.page.getByRole("button", { name: /^Notifications, / }).click();
    await student.page.getByText("Session canceled: Fractions, gently").waitFor();
    for (const each of [tutor, student]) {
      expect(each.errors).toEqual([]);
      expect(each.outside).toEqual([]);
      await each.context.close();
    }
  });
});

test("a long upload shows how far it is and can be stopped; nothing is added then", async () => {
  const tutor = await newUser();
  await offerSession(tutor.page, { title: "With a long text", seats: 1 });
  const network = await tutor.context.newCDPSession(tutor.page);
  await network.send("Network.enable");
  const throttle = (uploadThroughput: number) =>
    network.send("Network.emulateNetworkConditions", {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput,
    });
  await throttle(100_000);
  const materials = tutor.page.getByRole("region", { name: "Materials" });
  const dialog = tutor.page.getByRole("dialog");
  const begin = async (name: string, bytes: number) => {
    await materials.getByRole("button", { name: "Add material" }).click();
    await dialog
      .getByLabel("File", { exact: true })
      .setInputFiles({ name, mimeType: "text/plain", buffer: Buffer.alloc(bytes, "words ") });
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
  };
  const percent = async () =>
    Number(await dialog.getByRole("progressbar", { name: "Upload" }).getAttribute("aria-valuenow"));
  await begin("long.txt", 4_000_000);
  await waitFor(async () => (await percent()) > 0, 20_000);
  const before = await percent();
  await waitFor(async () => (await percent()) > before, 20_000);
  expect(before).toBeLessThan(100);
  await dialog.getByRole("button", { name: "Stop upload" }).click();
  await dialog.waitFor({ state: "detached" });
  await throttle(-1);
  await begin("short.txt", 4_000);
  await dialog.waitFor({ state: "detached" });
  await materials.getByText("short", { exact: true }).waitFor();
  expect(await materials.getByText("long", { exact: true }).count()).toBe(0);
  await tutor.context.close();
});

test("times are entered in any zone, shown in two, and right when clocks change", async () => {
  const { page, context } = await newUser({ timezoneId: "America/New_York" });
  const path = await offerSession(page, { title: "Across the sea", seats: 3 });
  const both = page.getByRole("main").getByLabel("In both time zones");
  await both.getByText(/18:30/).waitFor();
  await both.getByText(/22:30/).waitFor();
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  const dialog = page.getByRole("dialog");
  expect(await dialog.getByLabel("Starts").inputValue()).toBe(`${nextYear}-07-01T18:30`);
  // The last Sunday of March, when Berlin has no half past two, and that of October, when it has two.
  const lastSunday = (month: number) => {
    const last = new Date(Date.UTC(nextYear, month, 0));
    return `${nextYear}-${String(month).padStart(2, "0")}-${last.getUTCDate() - last.getUTCDay()}`;
  };
  await dialog.getByLabel("Time zone", { exact: true }).fill("Europe/Berlin");
  await dialog.getByLabel("Starts").fill(`${lastSunday(3)}T02:30`);
  await dialog.getByRole("button", { name: "Save changes" }).click();
  await dialog.getByText("Clocks in Europe/Berlin skip this time. The next time is 03:30.").waitFor();
  await dialog.getByLabel("Starts").fill(`${lastSunday(10)}T02:30`);
  await dialog.getByText(/this time happens twice/).waitFor();
  await dialog.getByRole("radio").last().click();
  await dialog.getByRole("button", { name: "Save changes" }).click();
  await dialog.waitFor({ state: "detached" });
  // The second half past two in Berlin is 01:30 UTC, 21:30 the evening before in New York.
  await both.getByText(/01:30/).waitFor();
  await both.getByText(/21:30/).waitFor();
  await page.goto(`${server.webUrl}${path}`);
  await both.getByText(/01:30/).waitFor();
  await context.close();
});

test("filters and search find sessions and stay in the address", async () => {
  const { page, context } = await newUser();
  await offerSession(page, { title: "Needle of the haystack", seats: 2 });
  await page.goto(`${server.webUrl}/tutoring`);
  await page.getByLabel("Search sessions").fill("needle haystack");
  await page.getByRole("link", { name: /Needle of the haystack/ }).waitFor();
  await page.getByLabel("Subject", { exact: true }).fill("chemistry");
  await page.getByText("No sessions match.").waitFor();
  await page.reload();
  await page.getByText("No sessions match.").waitFor();
  await page.getByRole("button", { name: "Clear filters" }).click();
  await page.getByLabel("Status", { exact: true }).selectOption({ label: "Canceled" });
  await page.waitForURL(/status=cancelled/);
  await page.getByRole("link", { name: /Needle of the haystack/ }).waitFor({ state: "detached" });
  await page.getByRole("radio", { name: "Teaching" }).click();
  await page.getByRole("link", { name: /Needle of the haystack/ }).waitFor();
  await context.close();
});

test("a session is offered and canceled with the keyboard alone, at a phone's width", async () => {
  const { page, context } = await newUser({ viewport: { width: 360, height: 740 } });
  await page.goto(`${server.webUrl}/tutoring`);
  await page.getByRole("button", { name: "Offer a session" }).first().focus();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.type("By keyboard");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Typing");
  await page.getByLabel("Description").focus();
  await page.keyboard.type("Hands on the keys.");
  await page.getByLabel("Starts").fill(`${nextYear}-07-01T18:30`);
  const width = () => page.evaluate(() => document.documentElement.scrollWidth);
  expect(await width()).toBeLessThanOrEqual(360);
  await page.getByLabel("Seats", { exact: true }).focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/tutoring\/\d+$/);
  await page.getByRole("region", { name: "Seats" }).waitFor();
  expect(await width()).toBeLessThanOrEqual(360);
  await page.getByRole("button", { name: "Cancel session" }).focus();
  await page.keyboard.press("Enter");
  await page.getByText(/No one has a seat yet/).waitFor();
  await page.getByRole("alertdialog").getByRole("button", { name: "Cancel session" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("main").getByText("Canceled", { exact: true }).first().waitFor();
  await context.close();
});
