/**
 * The acts of tutors besides booking, in real Chromium: links, messages, other times, weeks, the calendar, files in
 * place.
 */
import { randomUUID } from "node:crypto";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { target } from "../support/api";
import { nextJuly, offerSession, useBrowser } from "../support/browser";
import { violationsOf } from "../support/axe";
import { offer as offerOverRest, person } from "../support/tutoring";

const server = target();

const { visit, newUser } = useBrowser({ timezoneId: "Europe/Berlin" });

const nextYear = new Date().getFullYear() + 1;

async function takeSeat(tutor: Page, student: Page, url: string): Promise<void> {
  await student.goto(url);
  await student.getByRole("button", { name: "Ask to join" }).click();
  await student.getByRole("button", { name: "Send request" }).click();
  await tutor.getByRole("button", { name: /^Approve / }).click();
  await student.getByRole("button", { name: "Leave", exact: true }).waitFor();
}

async function choose(page: Page, action: string): Promise<void> {
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: action }).click();
}

test("a message, another time and a seat taken back reach the participant's page by themselves", async () => {
  const [tutor, student] = [await newUser(), await newUser()];
  const title = `Hosting ${randomUUID().slice(0, 6)}`;
  const url = server.webUrl + (await offerSession(tutor.page, { title }));
  await takeSeat(tutor.page, student.page, url);

  await choose(tutor.page, "Message participants");
  const message = tutor.page.getByRole("dialog");
  await message.getByRole("button", { name: "Send message" }).click();
  await message.getByText("Enter a message.").waitFor();
  await message.getByLabel("Message").fill("Bring a ruler.");
  await message.getByRole("button", { name: "Send message" }).click();
  await tutor.page.getByText("Sent to 1 participant").waitFor();
  await student.page.getByRole("button", { name: /^Notifications, / }).click();
  await student.page.getByText("Bring a ruler.").waitFor();
  await student.page.keyboard.press("Escape");

  await choose(student.page, "Propose another time");
  const proposal = student.page.getByRole("dialog");
  await proposal.getByLabel("Starts").fill(`${nextYear}-07-02T19:00`);
  await proposal.getByRole("button", { name: "Send proposal" }).click();
  await proposal.waitFor({ state: "detached" });
  await student.page.getByRole("region", { name: "Your proposed time" }).getByText(/19:00/).waitFor();
  await tutor.page
    .getByRole("region", { name: "Proposed times" })
    .getByRole("button", { name: /^Accept the time of / })
    .click();
  await student.page.getByRole("main").getByLabel("In both time zones").getByText(/19:00/).waitFor();
  await student.page.getByRole("region", { name: "Your proposed time" }).waitFor({ state: "detached" });

  const seats = tutor.page.getByRole("region", { name: "Seats" });
  await seats.getByRole("button", { name: /^Remove / }).click();
  await tutor.page.getByText(/They lose their seat/).waitFor();
  await tutor.page.getByRole("alertdialog").getByRole("button", { name: "Remove" }).click();
  await seats.getByText("No participants yet.").waitFor();
  await student.page.getByRole("button", { name: "Ask to join" }).waitFor();
  for (const each of [tutor, student]) {
    expect(each.errors).toEqual([]);
    expect(each.outside).toEqual([]);
    await each.context.close();
  }
});

test("a link shows a session to a visitor, who signs in and is led to it; ended, it shows nothing", async () => {
  const tutor = await newUser();
  const title = `Shared ${randomUUID().slice(0, 6)}`;
  const url = server.webUrl + (await offerSession(tutor.page, { title }));
  await choose(tutor.page, "Share by link");
  const dialog = tutor.page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Make a link" }).click();
  const link = await dialog.getByLabel("Link", { exact: true }).inputValue();
  expect(link).toMatch(/\/s\/[\w-]{32}$/);

  const anybody = await visit({ timezoneId: "UTC", viewport: { width: 360, height: 740 } });
  const answer = await anybody.page.goto(link);
  expect(answer?.headers()["x-robots-tag"]).toBe("noindex, nofollow");
  await anybody.page.getByRole("heading", { level: 1, name: title }).waitFor();
  expect(await anybody.page.locator('meta[name="robots"]').getAttribute("content")).toBe("noindex, nofollow");
  await anybody.page.getByText("10 seats free").waitFor();
  await anybody.page.getByText(/16:30/).first().waitFor();
  const text = await anybody.page.locator("body").innerText();
  for (const hidden of ["From halves to proportions", "@example.com", new URL(url).pathname.split("/").at(-1)!])
    expect(text).not.toContain(hidden);
  expect(await anybody.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  expect(await violationsOf(anybody.page)).toEqual([]);

  await anybody.page.getByRole("link", { name: "Sign in to ask for a seat" }).click();
  await anybody.page.getByText("Create account", { exact: true }).first().click();
  await anybody.page.getByLabel("Email").fill(`u-${randomUUID()}@example.com`);
  await anybody.page.getByLabel("Password", { exact: true }).fill("correct horse battery");
  await anybody.page.getByRole("button", { name: "Create account", exact: true }).last().click();
  await anybody.page.waitForURL(url);
  await anybody.page.getByRole("button", { name: "Ask to join" }).waitFor();

  const another = await visit();
  await another.page.goto(link);
  await another.page.getByRole("heading", { level: 1, name: title }).waitFor();
  await dialog.getByRole("button", { name: "End this link" }).click();
  await another.page.getByText(/This link shows nothing/).waitFor();
  expect([...anybody.errors, ...another.errors]).toEqual([]);
  for (const { context } of [tutor, anybody, another]) await context.close();
});

test("weekly sessions stand in the calendar, by month and week, with the keyboard and at a phone's width", async () => {
  const { page, context, errors } = await newUser();
  const title = `Weekly ${randomUUID().slice(0, 6)}`;
  await offerSession(page, { title, weeks: 3, starts: nextJuly("05") });
  await page.waitForURL(/view=created/);
  await page
    .getByRole("link", { name: new RegExp(title) })
    .nth(2)
    .waitFor();
  // More on one day than a month shows.
  const other = await person();
  for (let count = 0; count < 4; count++) await offerOverRest(other, { date: `${nextYear}-07-06T10:0${count}:00Z` });
  await page.goto(`${server.webUrl}/tutoring?view=calendar&day=${nextYear}-07-01`);
  const calendar = page.getByRole("region", { name: "Calendar" });
  const entries = calendar.getByRole("link", { name: new RegExp(title) });
  await entries.nth(2).waitFor();
  await calendar.getByRole("heading", { name: `July ${nextYear}` }).waitFor();
  await calendar.getByRole("link", { name: "1 more" }).last().waitFor();
  expect(await entries.first().innerText()).toContain("18:30");
  expect(await violationsOf(page)).toEqual([]);

  await calendar.getByRole("radio", { name: "Week", exact: true }).focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/span=week/);
  await calendar.getByRole("button", { name: "Week after" }).focus();
  for (let presses = 0; presses < 4 && (await entries.count()) === 0; presses++) {
    const before = page.url();
    await page.keyboard.press("Enter");
    await page.waitForURL((address) => String(address) !== before);
    await entries
      .first()
      .waitFor({ timeout: 3_000 })
      .catch(() => undefined);
  }
  expect(await entries.count()).toBe(1);
  await page.setViewportSize({ width: 360, height: 740 });
  await entries.first().waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await entries.first().focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: title }).waitFor();

  await page.goto(`${server.webUrl}/tutoring?search=${encodeURIComponent(title)}`);
  const rows = page.getByRole("region", { name: "Tutoring sessions" }).getByRole("link");
  await rows.nth(2).waitFor();
  expect(await page.getByLabel("From").isVisible()).toBe(false);
  await page.getByRole("button", { name: "Filters" }).click();
  await page.getByLabel("From").fill(`${nextYear}-07-12`);
  await page.getByLabel("To", { exact: true }).fill(`${nextYear}-07-12`);
  await expect.poll(() => rows.count()).toBe(1);
  await page.getByLabel("To", { exact: true }).fill(`${nextYear}-07-11`);
  await page.getByText("The last day is before the first.").waitFor();
  await page.getByLabel("With free seats").click();
  await page.waitForURL(/free=1/);
  await rows.nth(1).waitFor();
  await page.getByRole("button", { name: "3 filters" }).click();
  expect(await page.getByLabel("From").isVisible()).toBe(false);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  expect(errors).toEqual([]);
  await context.close();
});

/** A PDF of one page with a large rectangle in it. */
function makePdf(): Buffer {
  const parts = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Resources << >> >>",
    "<< /Length 30 >>\nstream\n1 0 0 rg 0 0 200 200 re f     \nendstream",
  ];
  let text = "%PDF-1.4\n";
  const places = parts.map((part, index) => {
    const place = text.length;
    text += `${index + 1} 0 obj\n${part}\nendobj\n`;
    return place;
  });
  const table = text.length;
  text += `xref\n0 5\n0000000000 65535 f \n${places.map((place) => `${String(place).padStart(10, "0")} 00000 n \n`).join("")}`;
  return Buffer.from(`${text}trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`);
}

const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==",
  "base64",
);

test("files are added several at once or dropped, refused with reasons, and open in place", async () => {
  const { page, context, errors, outside } = await newUser();
  await offerSession(page, { title: `Files ${randomUUID().slice(0, 6)}` });
  const refused: string[] = [];
  page.on("console", (message) => message.text().includes("Content Security Policy") && refused.push(message.text()));
  const materials = page.getByRole("region", { name: "Materials" });
  await materials.locator('input[type="file"]').setInputFiles([
    { name: "words.txt", mimeType: "text/plain", buffer: Buffer.from("One half and one third. Ü", "utf8") },
    { name: "dot.png", mimeType: "image/png", buffer: PIXEL },
    { name: "page.pdf", mimeType: "application/pdf", buffer: makePdf() },
    { name: "run.exe", mimeType: "application/octet-stream", buffer: Buffer.from("MZ") },
  ]);
  await materials.getByText(/This file type can't be shared/).waitFor();
  await materials.getByRole("button", { name: "Dismiss run.exe" }).click();
  const openNamed = (title: string) => materials.getByRole("button", { name: `Open ${title}` });
  for (const title of ["words", "dot", "page"]) await openNamed(title).waitFor();
  expect(await materials.getByRole("list", { name: "Uploads" }).count()).toBe(0);

  const dialog = page.getByRole("dialog");
  const close = async () => {
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
  };
  await openNamed("words").click();
  await dialog.getByText("One half and one third. Ü").waitFor();
  await close();
  await openNamed("dot").click();
  const picture = dialog.getByRole("img", { name: "dot" });
  await expect.poll(() => picture.evaluate((one: HTMLImageElement) => one.naturalWidth)).toBe(1);
  await close();
  await openNamed("page").click();
  const canvas = dialog.getByRole("document", { name: "page" }).locator("canvas");
  await expect
    .poll(
      () =>
        canvas.evaluate((one: HTMLCanvasElement) => [
          ...one.getContext("2d")!.getImageData(one.width >> 1, one.height >> 1, 1, 1).data,
        ]),
      { timeout: 60_000 },
    )
    .toEqual([255, 0, 0, 255]);
  await close();

  const dropped = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["a;b\n1;2\n"], "table.csv", { type: "text/csv" }));
    return transfer;
  });
  for (const type of ["dragenter", "dragover", "drop"]) await materials.dispatchEvent(type, { dataTransfer: dropped });
  await openNamed("table").waitFor();
  expect(refused).toEqual([]);
  expect(errors).toEqual([]);
  expect(outside).toEqual([]);
  await context.close();
});
