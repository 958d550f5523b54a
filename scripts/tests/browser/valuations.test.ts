/** Reports in real Chromium: two tabs, a cut network, a guest who signs up, cards, and what can be done to a report. */
import { randomUUID } from "node:crypto";
import type { BrowserContext, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { adminClient } from "../../lib/admin";
import { call, target } from "../support/api";
import { createGoalAndActivity, newEmail, PASSWORD, PATIENCE_MS, signUp, useBrowser } from "../support/browser";

const server = target();

const { visit, newUser } = useBrowser();

const word = (page: Page, text: RegExp | string) => page.getByRole("status").getByText(text).first().waitFor();
const saved = (page: Page) => word(page, /^Saved$/);

async function newReport(page: Page, company?: string): Promise<string> {
  await page.goto(`${server.webUrl}/reports`);
  await page.getByRole("button", { name: "New report" }).first().click();
  await page.waitForURL(/\/reports\/./);
  if (company !== undefined) {
    await page.getByLabel("Company name").fill(company);
    await page.getByRole("heading", { level: 1, name: company }).waitFor();
    await saved(page);
  }
  return page.url();
}

/** A REST call with the page's own credential. → the answer's form */
async function callAs(page: Page, method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const token = await page.evaluate(
    () => Object.entries(localStorage).find(([key]) => key.startsWith("__convexAuthJWT"))?.[1] ?? "",
  );
  const answer = await call(method, path, { auth: `Bearer ${token}`, body });
  return (answer.body as { form_data: Record<string, unknown> }).form_data;
}

/** Reads the report that the page shows. */
const stored = (page: Page) => callAs(page, "GET", `/api/sessions/${page.url().split("/").at(-1)}`);

async function openTab(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url);
  await page.getByLabel("City").waitFor();
  return page;
}

describe("two tabs on one report", () => {
  test("a change in one appears in the other; of different fields both survive", async () => {
    const { context, page: here, outside, errors } = await newUser();
    const there = await openTab(context, await newReport(here, "Lovelace Engines"));
    await there.getByRole("heading", { level: 1, name: "Lovelace Engines" }).waitFor();
    await here.getByLabel("City").fill("London");
    await there.waitForFunction(() => document.querySelector<HTMLInputElement>("input[name=city]")?.value === "London");
    await Promise.all([here.getByLabel("Industry").fill("Machinery"), there.getByLabel("Employees").fill("12")]);
    for (const page of [here, there]) {
      await page.waitForFunction(() => {
        const value = (name: string) => document.querySelector<HTMLInputElement>(`input[name=${name}]`)?.value;
        return value("industry") === "Machinery" && value("employee_count") === "12";
      });
      await saved(page);
      expect(await page.getByText("two versions").count()).toBe(0);
    }
    expect([outside, errors]).toEqual([[], []]);
    await context.close();
  });

  test("one field changed on both sides is shown side by side, and the user chooses", async () => {
    const { context, page: here } = await newUser();
    const there = await openTab(context, await newReport(here, "Lovelace Engines"));
    await context.setOffline(true);
    await here.getByLabel("City").fill("London");
    await here.getByLabel("Industry").fill("Machinery");
    await there.getByLabel("City").fill("Paris");
    await Promise.all([here, there].map((page) => word(page, /Offline, queued/)));
    await context.setOffline(false);
    // Whichever tab came first has its city; the other one asks.
    const conflict = (page: Page) => page.getByRole("group", { name: "City: two versions" });
    const asking = await Promise.race(
      [here, there].map((page) =>
        conflict(page)
          .waitFor()
          .then(() => page),
      ),
    );
    const asked = conflict(asking);
    await word(asking, /Conflict/);
    const mine = asking === here ? "London" : "Paris";
    const theirs = asking === here ? "Paris" : "London";
    await asked.getByText(mine, { exact: true }).waitFor();
    await asked.getByText(theirs, { exact: true }).waitFor();
    expect(await asking.getByRole("button", { name: "Complete" }).isDisabled()).toBe(true);
    // Who leaves without choosing finds the choice again.
    await asking.goto(server.webUrl);
    await asking.getByRole("link", { name: "Choose in “Lovelace Engines”" }).click();
    await asked.getByRole("button", { name: "Keep mine" }).click();
    for (const page of [here, there]) {
      await page.waitForFunction(
        (city) => document.querySelector<HTMLInputElement>("input[name=city]")?.value === city,
        mine,
      );
      await page.waitForFunction(
        () => document.querySelector<HTMLInputElement>("input[name=industry]")?.value === "Machinery",
      );
      await saved(page);
      expect(await conflict(page).count()).toBe(0);
    }
    await context.close();
  });
});

describe("without the network", () => {
  test("edits are kept and named as queued, and sent on return", async () => {
    const { context, page } = await newUser();
    await newReport(page, "Lovelace Engines");
    await context.setOffline(true);
    await page.getByLabel("City").fill("London");
    await word(page, "Offline, queued on this device");
    await page.getByText("Last known state").first().waitFor();
    expect(await page.getByRole("button", { name: "Complete" }).isDisabled()).toBe(true);
    await context.setOffline(false);
    await saved(page);
    await page.reload();
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>("input[name=city]")?.value === "London");
    await context.close();
  });

  test("edits of a tab that was closed meanwhile are sent by the next visit, to whichever page", async () => {
    const { context, page } = await newUser();
    const url = await newReport(page, "Lovelace Engines");
    await context.setOffline(true);
    await page.getByLabel("City").fill("London");
    await word(page, /Offline, queued/);
    await page.close();
    await context.setOffline(false);
    const home = await context.newPage();
    await home.goto(server.webUrl);
    await home.getByRole("region", { name: "Recent reports" }).getByText("Lovelace Engines").waitFor();
    await expect.poll(async () => await citiesInStorage(home), { timeout: PATIENCE_MS }).toEqual([]);
    const back = await openTab(context, url);
    await back.waitForFunction(() => document.querySelector<HTMLInputElement>("input[name=city]")?.value === "London");
    await saved(back);
    await context.close();
  });
});

/** Cities among the edits that the device keeps. */
const citiesInStorage = (page: Page): Promise<unknown[]> =>
  page.evaluate(
    () =>
      new Promise<unknown[]>((resolve, reject) => {
        const opening = indexedDB.open("keyval-store");
        opening.onerror = () => reject(new Error("no storage"));
        opening.onsuccess = () => {
          const all = opening.result.transaction("keyval").objectStore("keyval").getAll();
          all.onsuccess = () =>
            resolve(
              (all.result as Record<string, { value: unknown }>[]).flatMap((edits) =>
                edits.city ? [edits.city.value] : [],
              ),
            );
        };
      }),
  );

test("what cannot be saved is not called saved, survives a reload, and holds up completion", async () => {
  const { context, page, errors } = await newUser();
  await newReport(page, "Lovelace Engines");
  const employees = page.getByLabel("Employees");
  const complete = page.getByRole("button", { name: "Complete" });
  const held = async () => {
    await word(page, /^Not everything is saved/);
    expect(await employees.inputValue()).toBe("about 12");
    expect(await complete.isDisabled()).toBe(true);
  };
  await employees.fill("about 12");
  await held();
  await page.reload();
  await held();
  await page.goto(server.webUrl);
  await page.getByRole("link", { name: "Open “Lovelace Engines”" }).click();
  await held();
  await employees.fill("12");
  await saved(page);
  await complete.click();
  await page.getByRole("definition").getByText("12", { exact: true }).waitFor();
  expect(errors).toEqual([]);
  await context.close();
});

test("an answer that is too long is marked with the way out, and the others are saved", async () => {
  const { context, page, errors } = await newUser();
  await page.goto(`${server.webUrl}/reports`);
  const reportId = `a.${randomUUID()}.b`;
  await callAs(page, "POST", "/api/sessions", { report_id: reportId });
  await page.goto(`${server.webUrl}/reports/${reportId}`);
  const description = page.getByLabel("What the company does");
  await description.fill("é".repeat(33_000));
  await page.getByText("Shorten this to 5,000 characters. It has 33,000. Not saved yet.").waitFor();
  await page.getByLabel("City").fill("London");
  await word(page, /^Not everything is saved/);
  expect(await stored(page)).toEqual({ city: "London" });

  // Another system leaves no room for what the form allows.
  await callAs(page, "PATCH", `/api/sessions/${reportId}`, { form_data: { notes: "x".repeat(62_000) } });
  await description.fill("é".repeat(4_000));
  await page.getByLabel("Industry").fill("Machinery");
  await page.getByText("The report has no room left for this.").waitFor();
  await word(page, /^Not everything is saved/);
  expect(await stored(page)).toMatchObject({ city: "London", industry: "Machinery" });
  await description.fill("Engines");
  await saved(page);
  expect(await stored(page)).toMatchObject({ description: "Engines" });
  expect(errors).toEqual([]);
  await context.close();
});

test("a report completed elsewhere shows what it holds, and offers what was typed here besides", async () => {
  const { context, page: here } = await newUser();
  const url = await newReport(here, "Lovelace Engines");
  const there = await openTab(context, url);
  await context.setOffline(true);
  await here.getByLabel("City").fill("London");
  await there.getByLabel("City").fill("Paris");
  await Promise.all([here, there].map((page) => word(page, /Offline, queued/)));
  await context.setOffline(false);
  const conflict = (page: Page) => page.getByRole("group", { name: "City: two versions" });
  const asked = await Promise.race(
    [here, there].map((page) =>
      conflict(page)
        .waitFor()
        .then(() => page),
    ),
  );
  const [other, mine, theirs] = asked === here ? [there, "London", "Paris"] : [here, "Paris", "London"];
  await saved(other);
  await other.getByRole("button", { name: "Complete" }).click();
  const left = asked.getByRole("region", { name: "Not in the report" });
  await left.getByText(`City: ${mine}`).waitFor();
  await asked.getByRole("region", { name: "Answers" }).getByText(theirs, { exact: true }).waitFor();
  expect(await asked.getByText(/Conflict/).count()).toBe(0);
  await left.getByRole("button", { name: "Continue with these" }).click();
  await conflict(asked).getByRole("button", { name: "Keep mine" }).click();
  await saved(asked);
  await other.waitForFunction(
    (city) => document.querySelector<HTMLInputElement>("input[name=city]")?.value === city,
    mine,
  );
  await context.close();
});

/** A guest with one goal, XP from one session of it, and two reports. */
async function workingGuest() {
  const visitor = await visit();
  const { page } = visitor;
  await page.goto(server.webUrl);
  await page.getByRole("button", { name: "Continue as guest" }).click();
  await page.getByRole("heading", { level: 1, name: "Welcome" }).waitFor();
  await page.goto(`${server.webUrl}/focus`);
  await createGoalAndActivity(page, "Draw every day", `Sketching ${randomUUID()}`);
  await page.getByRole("button", { name: "Start focusing" }).click();
  await page.waitForURL(/\/focus\/live$/);
  await page.getByRole("button", { name: "Pause" }).waitFor();
  await page.waitForTimeout(2_500);
  await page.getByRole("button", { name: "Finish" }).click();
  await page.waitForURL(/\/focus\/summary\//);
  await newReport(page, "Lovelace Engines");
  await newReport(page, "Babbage & Sons");
  await page.goto(`${server.webUrl}/reports`);
  return visitor;
}

/** The goals and XP that Focus shows. */
async function focusOf(page: Page): Promise<string[]> {
  await page.goto(`${server.webUrl}/focus`);
  await page.getByRole("heading", { level: 1, name: "Focus" }).waitFor();
  const progress = page.getByRole("region", { name: "Progress" });
  await progress.getByRole("progressbar").waitFor();
  return [
    await progress.getByText(/XP to level/).innerText(),
    ...(await progress
      .locator("[title$=XP]")
      .evaluateAll((all) => all.map((each) => each.getAttribute("title") ?? ""))),
  ];
}

test("a guest who creates an account keeps goal, XP and reports", async () => {
  const { context, page, errors } = await workingGuest();
  const email = newEmail();
  const before = await focusOf(page);
  expect(before.slice(1).some((xp) => xp !== "0 XP")).toBe(true);
  await page.getByRole("button", { name: "Keep my work" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText(/^You keep everything/).waitFor();
  await dialog.getByLabel("Email").fill(email);
  await dialog.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await dialog.getByRole("button", { name: "Create account", exact: true }).last().click();
  await page.getByRole("button", { name: email }).waitFor();
  expect(await page.getByRole("region", { name: "Keep your work" }).count()).toBe(0);
  expect(await focusOf(page)).toEqual(before);
  await page
    .getByRole("link", { name: /Draw every day/ })
    .first()
    .waitFor();
  await page.goto(`${server.webUrl}/reports`);
  for (const name of ["Babbage & Sons", "Lovelace Engines"])
    await page.getByRole("list", { name: "Reports" }).getByText(name).waitFor();
  expect(errors).toEqual([]);
  await context.close();
});

test("a guest who signs in is told which reports move and what stays behind, and has a receipt afterwards", async () => {
  const owner = await visit();
  const email = newEmail();
  await signUp(owner.page, server.webUrl, email);
  await owner.context.close();
  const { context, page, errors } = await workingGuest();
  // The way there is offered where guests leave, too.
  await page.goto(`${server.webUrl}/settings`);
  await page.getByRole("main").getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Keep my work with an account" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Sign in", { exact: true }).first().click();
  await dialog.getByText(/Goals, sessions, XP, and streak are lost/).waitFor();
  await dialog.getByText("2 reports move to the account:").waitFor();
  expect(
    await dialog.getByRole("list", { name: "Reports that will move" }).getByRole("listitem").allTextContents(),
  ).toEqual(["Babbage & Sons", "Lovelace Engines"]);
  await dialog.getByLabel("Email").fill(email);
  await dialog.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await dialog.getByRole("button", { name: "Sign in", exact: true }).last().click();
  await page.getByRole("definition").getByText(email).waitFor();
  await page.goto(`${server.webUrl}/reports`);
  const receipt = page.getByRole("status", { name: "Reports moved" });
  await receipt.getByText("2 reports from your guest work moved here").waitFor();
  for (const name of ["Babbage & Sons", "Lovelace Engines"])
    await page.getByRole("list", { name: "Reports" }).getByText(name).waitFor();
  await receipt.getByRole("button", { name: "Got it" }).click();
  await receipt.waitFor({ state: "detached" });
  expect(errors).toEqual([]);
  await context.close();
});

test("home: recent reports by status, and more of them on demand", async () => {
  const { context, page } = await newUser();
  for (let i = 1; i <= 5; i++) await newReport(page, `Company ${i}`);
  await page.getByRole("button", { name: "Complete" }).click();
  await page.getByRole("button", { name: "Continue" }).waitFor();
  await page.goto(server.webUrl);
  const card = page.getByRole("region", { name: "Recent reports" });
  const names = () => card.getByRole("listitem").getByRole("link").allTextContents();
  await expect.poll(async () => (await names()).length).toBe(4);
  expect((await names())[0]).toContain("Company 5");
  await card.getByRole("button", { name: "Show more" }).click();
  await expect.poll(async () => (await names()).length).toBe(5);
  await card.getByRole("radio", { name: "Completed" }).click();
  await expect.poll(names).toEqual([expect.stringContaining("Company 5")]);
  await card.getByRole("radio", { name: "Archived" }).click();
  await card.getByText("No reports with this status.").waitFor();
  await context.close();
});

describe("from a business card", () => {
  const card = (fields: Record<string, unknown>) => ({
    industry: "Machinery",
    businessTypeId: null,
    countryCode: "GB",
    description: null,
    city: "London",
    businessHighlights: null,
    reasonForSelling: null,
    revenue: 1_250_000,
    employeeCount: 12,
    foundingYear: 1843,
    companyName: "Lovelace Engines",
    ...fields,
  });
  const store = (cards: Record<string, unknown>[]) =>
    adminClient(server.convexUrl, server.adminKey).run("store/reads:importBusinessCards", { cards });

  test("each answer tells that it came from the card; refreshing follows the card but never overwrites an edit", async () => {
    const token = `card-${randomUUID()}`;
    await store([card({ token })]);
    const { context, page } = await newUser();
    await page.goto(`${server.webUrl}/reports`);
    await page.getByRole("button", { name: "From a card" }).click();
    await page.getByRole("button", { name: "Start", exact: true }).click();
    await page.getByText("Enter the card code.").waitFor();
    await page.getByLabel("Card code").fill(token);
    await page.getByRole("button", { name: "Start", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "Lovelace Engines" }).waitFor();
    const fromCard = () => page.getByText("From the card", { exact: true }).count();
    await expect.poll(fromCard).toBe(7);
    const provenance = page.getByRole("region", { name: "Business card" });
    await provenance.getByText("7 fields filled from the card. All unchanged.").waitFor();

    await page.getByLabel("City").fill("Paris");
    await saved(page);
    await provenance.getByText("7 fields filled from the card, 1 edited: City.").waitFor();
    expect(await fromCard()).toBe(6);
    await store([card({ token, city: "Ockham", employeeCount: 20, reasonForSelling: "Retirement" })]);
    await provenance.getByRole("button", { name: "Refresh from card" }).click();
    await provenance.getByText("2 fields updated from the card.").waitFor();
    const value = (name: string) => page.locator(`[name=${name}]`).inputValue();
    // The answer of the refresh may come before the live values.
    await expect
      .poll(() => Promise.all(["city", "employee_count", "reason_for_selling"].map(value)), { timeout: PATIENCE_MS })
      .toEqual(["Paris", "20", "Retirement"]);
    await context.close();
  });

  test("a code that no card has is refused in its dialog, and nothing is created", async () => {
    const { context, page, errors } = await newUser();
    await page.goto(`${server.webUrl}/reports`);
    await page.getByRole("button", { name: "From a card" }).click();
    const dialog = page.getByRole("dialog");
    const code = dialog.getByLabel("Card code");
    await code.fill("nobody-has-this");
    await page.keyboard.press("Enter");
    await dialog.getByText("We couldn't find a card with this code.").waitFor();
    expect([await code.inputValue(), await code.getAttribute("aria-invalid")]).toEqual(["nobody-has-this", "true"]);
    await page.keyboard.press("Escape");
    await page.getByRole("main").getByText("Drafts save automatically").waitFor();
    expect(new URL(page.url()).pathname).toBe("/reports");
    expect(errors).toEqual([]);
    await context.close();
  });
});

describe("numbers as people type them", () => {
  test.each([
    [
      "en-US",
      {
        "1,200": [1_200, "1,200"],
        "250000": [250_000, "250,000"],
        "1,200,000": [1_200_000, "1,200,000"],
        "€ 250.000,50": [250_000.5, "250,000.5"],
      },
    ],
    [
      "nl-BE",
      {
        "250.000": [250_000, "250.000"],
        "1 250 000": [1_250_000, "1.250.000"],
        "12,5": [12.5, "12,5"],
        "1,200.50": [1_200.5, "1.200,5"],
      },
    ],
  ])("in %s: read as the browser's language writes them, shown back, and stored", async (locale, cases) => {
    const { context, page, errors } = await newUser({ locale });
    await newReport(page, "Lovelace Engines");
    const revenue = page.getByLabel("Annual revenue");
    for (const [text, [value, shown]] of Object.entries(cases)) {
      await revenue.fill(text);
      await page.getByText(`Read as ${shown}`, { exact: true }).waitFor();
      await saved(page);
      expect([text, await stored(page)]).toMatchObject([text, { revenue: value }]);
    }
    expect(errors).toEqual([]);
    await context.close();
  });

  test.each([
    ["en-US", "1.200", [1.2, 1_200], ["1.2", "1,200"]],
    ["nl-BE", "1,200", [1.2, 1_200], ["1,2", "1.200"]],
  ])(
    "in %s %j can be two numbers: the keyboard chooses, and nothing is saved until then",
    async (locale, text, values, shown) => {
      const { context, page, errors } = await newUser({ locale });
      await newReport(page, "Lovelace Engines");
      const revenue = page.getByLabel("Annual revenue");
      const question = page.getByRole("group", { name: "Which number do you mean?" });
      const asked = async () => {
        await word(page, /^Not everything is saved/);
        expect([await revenue.inputValue(), await question.getByRole("button").allTextContents()]).toEqual([
          text,
          shown,
        ]);
        expect(await page.getByRole("button", { name: "Complete" }).isDisabled()).toBe(true);
        expect(await stored(page)).not.toHaveProperty("revenue");
      };
      await revenue.fill(text);
      await asked();
      await page.reload();
      await asked();
      await revenue.focus();
      for (const step of ["Tab", "Tab", "Tab", "Enter"]) await page.keyboard.press(step);
      await saved(page);
      expect([await revenue.inputValue(), await question.count()]).toEqual([shown[1], 0]);
      expect(await revenue.evaluate((input) => input === document.activeElement)).toBe(true);
      expect(await stored(page)).toMatchObject({ revenue: values[1] });
      await revenue.fill(text);
      await question.getByRole("button", { name: shown[0], exact: true }).click();
      await saved(page);
      expect(await stored(page)).toMatchObject({ revenue: values[0] });
      expect(errors).toEqual([]);
      await context.close();
    },
  );

  test("what a field cannot be is refused there, and the rest is saved", async () => {
    const { context, page, errors } = await newUser({ locale: "en-US" });
    await newReport(page, "Lovelace Engines");
    await page.getByLabel("Annual revenue").fill("-5");
    await page.getByText("Enter 0 or more.").waitFor();
    await page.getByLabel("Founded in").fill("3050");
    await page.getByText(/^Enter a year from 1000 to \d{4}\./).waitFor();
    // Nobody employs 1.2 people.
    await page.getByLabel("Employees").fill("1.200");
    await page.getByText("Read as 1,200", { exact: true }).waitFor();
    await word(page, /^Not everything is saved/);
    expect(await stored(page)).toEqual({ company_name: "Lovelace Engines", employee_count: 1_200 });
    expect(errors).toEqual([]);
    await context.close();
  });
});

test("a report is completed, continued, archived, and deleted with a way back", async () => {
  const { context, page, errors } = await newUser();
  const url = await newReport(page, "Lovelace Engines");
  await page.getByRole("button", { name: "Complete" }).click();
  await page.getByText("Completed", { exact: true }).first().waitFor();
  expect(await page.getByLabel("City").count()).toBe(0);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel("City").fill("London");
  await saved(page);
  await page.getByRole("button", { name: "Archive" }).click();
  await page.getByText("Archived", { exact: true }).first().waitFor();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.waitForURL(/\/reports$/);
  await page.getByText("Reports estimate what a company is worth").waitFor();
  await page.getByText("“Lovelace Engines” was deleted").waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("list", { name: "Reports" }).getByText("Lovelace Engines").waitFor();
  await page.goto(url);
  await page.getByText("Archived", { exact: true }).first().waitFor();
  await page.getByText("London").first().waitFor();
  await page.goto(`${server.webUrl}/reports/${randomUUID()}`);
  await page.getByRole("heading", { level: 1, name: "Report not found" }).waitFor();
  expect(errors).toEqual([]);
  await context.close();
});

test("at 360 px a report, open or completed, and its dialogs do not scroll sideways", async () => {
  const { context, page } = await newUser({ viewport: { width: 360, height: 740 }, hasTouch: true });
  const wide = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await newReport(page, "Lovelace Engines of the Analytical Society at Cambridge, Trumpington Street");
  await page.getByLabel("What the company does").fill("x".repeat(300));
  await saved(page);
  expect(await wide()).toBeLessThanOrEqual(0);
  await page.getByRole("button", { name: "Complete" }).click();
  await page.getByRole("button", { name: "Continue" }).waitFor();
  expect(await wide()).toBeLessThanOrEqual(0);
  await page.goto(`${server.webUrl}/reports`);
  await page.getByRole("button", { name: "From a card" }).click();
  await page.getByLabel("Card code").waitFor();
  expect(await wide()).toBeLessThanOrEqual(0);
  await context.close();
});
