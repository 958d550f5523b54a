/**
 * Calls in real Chromium where it is not easy: a shared screen, a network that is cut, four people, only through TURN.
 */
import { randomUUID } from "node:crypto";
import type { Browser, Page } from "playwright-core";
import { afterEach, expect, test } from "vitest";
import { adminClient } from "../../lib/admin";
import { waitFor } from "../../lib/server";
import { target } from "../support/api";
import { launchLaptop, newUserOn, useBrowser, type NewUser } from "../support/browser";
import { hasCoturn, startCoturn } from "../support/coturn";
import {
  describeConnections,
  enter,
  expectSeenAndHeard,
  MEDIA,
  moves,
  nameIn,
  offerNow,
  PATIENCE_MS,
  watchConnections,
  pictureLimitsOf,
  waysOf,
} from "../support/room";

const server = target();
const admin = adminClient(server.convexUrl, server.adminKey);
// After the pages of a failed test were printed: a call that goes on takes the processor from what comes next.
afterEach(async () => {
  for (const context of browser().contexts()) await context.close();
});
const { browser } = useBrowser({}, MEDIA);

type Inside = NewUser & { name: string };

interface Meeting {
  onlyRelayed?: boolean;
  studentsOn?: Browser;
}

/** The tutor and so many students with seats, all of them inside. */
async function meet(students: number, title: string, options: Meeting = {}): Promise<Inside[]> {
  const { onlyRelayed = false, studentsOn = browser() } = options;
  const made = await Promise.all(
    Array.from({ length: students + 1 }, async (_, index) => {
      const one = await newUserOn(index === 0 ? browser() : studentsOn, {
        timezoneId: "UTC",
        viewport: { width: 800, height: 600 },
      });
      await watchConnections(one.page, onlyRelayed);
      return one;
    }),
  );
  const [tutor, ...others] = made;
  const url = await offerNow(tutor!.page, title);
  for (const { page } of others) {
    await page.goto(url);
    await page.getByRole("button", { name: "Ask to join" }).click();
    await page.getByRole("button", { name: "Send request" }).click();
    await tutor!.page
      .getByRole("button", { name: /^Approve / })
      .first()
      .click();
    await page.getByRole("button", { name: "Leave", exact: true }).waitFor();
  }
  const inside: Inside[] = [];
  for (const one of made) {
    await one.page.goto(`${url}/room`);
    await enter(one.page);
    inside.push({ ...one, name: await nameIn(one.page) });
  }
  return inside;
}

async function expectAllSeenAndHeard(people: Inside[]): Promise<void> {
  expect(new Set(people.map(({ name }) => name)).size).toBe(people.length);
  await Promise.all(
    people.map(async (one) => {
      for (const other of people) if (other !== one) await expectSeenAndHeard(one.page, other.name);
    }),
  ).catch(async (error: unknown) => {
    for (const { name, page } of people) console.log(`${name}:\n${await describeConnections(page)}`);
    throw error;
  });
}

async function goHome(people: Inside[]): Promise<void> {
  for (const { context, errors, outside } of people) {
    expect(errors).toEqual([]);
    expect(outside).toEqual([]);
    await context.close();
  }
}

const lost = (page: Page, name: string) =>
  page.getByRole("listitem", { name, exact: true }).getByText("Connection lost. Reconnecting…");

test("screens are shared and taken back, directly from page to page", async () => {
  const people = await meet(1, "Screens");
  const [tutor, student] = people as [Inside, Inside];
  await expectAllSeenAndHeard(people);
  for (const { page } of people) {
    const ways = await waysOf(page);
    expect(ways.length).toBeGreaterThan(0);
    expect(ways).not.toContain("relay");
  }
  for (const [from, to] of [
    [student, tutor],
    [tutor, student],
  ] as const) {
    await from.page.getByRole("button", { name: "Share screen" }).click();
    await waitFor(() => moves(to.page, `${from.name}'s screen`), PATIENCE_MS);
    await expectSeenAndHeard(to.page, from.name);
    await from.page.getByRole("button", { name: "Stop sharing" }).click();
    await to.page.getByRole("listitem", { name: `${from.name}'s screen` }).waitFor({ state: "detached" });
    await expectSeenAndHeard(to.page, from.name);
  }
  await goHome(people);
});

test("a call outlives a deployment that cannot be reached, and comes back after a machine that slept", async () => {
  const laptop = await launchLaptop(MEDIA);
  try {
    const people = await meet(1, "Cut off", { studentsOn: laptop.browser });
    const [tutor, student] = people as [Inside, Inside];
    await expectAllSeenAndHeard(people);
    await student.context.setOffline(true);
    await expectAllSeenAndHeard(people);
    await student.context.setOffline(false);
    laptop.sleep();
    await lost(tutor.page, student.name).waitFor({ timeout: PATIENCE_MS });
    laptop.wake();
    await expectAllSeenAndHeard(people);
    await goHome(people);
  } finally {
    laptop.wake();
    await laptop.close();
  }
});

test("four people see and hear each other", async () => {
  const people = await meet(3, "Four of us");
  await expectAllSeenAndHeard(people);
  for (const { page } of people) expect(await pictureLimitsOf(page)).toEqual([700_000, 700_000, 700_000]);
  await goHome(people);
});

test.skipIf(!hasCoturn())("through a TURN server alone, over a reload and a cut of it (needs coturn)", async () => {
  const secret = randomUUID();
  const coturn = await startCoturn(secret);
  try {
    await admin.setEnvironment({ ICE_SERVERS: JSON.stringify(coturn.iceServers), TURN_SECRET: secret });
    const people = await meet(1, "Relayed", { onlyRelayed: true });
    const [tutor, student] = people as [Inside, Inside];
    await expectAllSeenAndHeard(people);
    for (const { page } of people) expect(new Set(await waysOf(page))).toEqual(new Set(["relay"]));
    await student.page.reload();
    await student.page.getByRole("button", { name: "Leave the room" }).waitFor();
    await expectAllSeenAndHeard(people);
    await coturn.cut();
    await lost(tutor.page, student.name).waitFor({ timeout: PATIENCE_MS });
    await coturn.restore();
    await expectAllSeenAndHeard(people);
    for (const { page } of people) expect(new Set(await waysOf(page))).toEqual(new Set(["relay"]));
    await goHome(people);
  } finally {
    await admin.setEnvironment({ ICE_SERVERS: null, TURN_SECRET: null });
    await coturn.stop();
  }
});
