/** Calendar files (tutoring/README §10.2), read back with a parser that is not the one that wrote them. */
import ICAL from "ical.js";
import { afterEach, expect, test, vi } from "vitest";
import { api } from "../_generated/api";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../lib/time";
import type { T, TestUser } from "../setup.testing";
import { another, NOON, pass, seat, send, withOpenSession } from "./tutoring.testing";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

type File = { status: number; headers: Headers; text: string };

async function get(t: T, path: string, headers: Record<string, string> = {}): Promise<File> {
  const response = await t.fetch(path, { headers });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

const readEvents = ({ text }: File): ICAL.Event[] =>
  new ICAL.Component(ICAL.parse(text) as never).getAllSubcomponents("vevent").map((one) => new ICAL.Event(one));

const property = (event: ICAL.Event, name: string) => event.component.getFirstPropertyValue(name)?.toString();

async function newFeed(t: T, who: TestUser): Promise<string> {
  vi.stubEnv("CONVEX_SITE_URL", "https://sessions.example");
  const { status, body } = await send<{ url: string }>(t, "POST", "/api/calendar/", who);
  expect(status).toBe(200);
  return new URL(body.url).pathname;
}

test("one that goes on into the year 10000 ends with the last that calendars know", async () => {
  const { t, bob, id } = await withOpenSession({ date: "9999-12-31T23:50:00Z", duration: 20 });
  expect((await get(t, `/api/sessions/${id}/calendar.ics`, bob.headers)).text).toContain("DTEND:99991231T235959Z");
});

const TITLE = "Brüche; sanft, „Teil 1“ \\ 🎓 with a title that is long enough to be folded at least once, twice";

test("a session is a file that a calendar reads as it is, over a change of clocks", async () => {
  const { t, ada, bob, id } = await withOpenSession({
    title: TITLE,
    description: "One line\nand another; with, all \\ that",
    // The night in which Brussels goes to summer time: 01:30 to 04:30 by the clock, two hours.
    date: "2026-03-29T01:30:00+01:00",
    duration: 120,
  });
  const path = `/api/sessions/${id}/calendar.ics`;
  expect((await get(t, path)).status).toBe(401);
  const file = await get(t, path, bob.headers);
  expect(file).toMatchObject({ status: 200 });
  expect(file.headers.get("content-type")).toBe("text/calendar; charset=utf-8");
  expect(file.text.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  for (const line of file.text.split("\r\n")) expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
  const name = TITLE.replace(/[\\;,]/g, String.raw`\$&`);
  expect(file.text.replaceAll("\r\n ", "").split("\r\n")).toContain(`X-WR-CALNAME:${name}`);
  const [event] = readEvents(file);
  expect(event).toMatchObject({ summary: TITLE, description: "One line\nand another; with, all \\ that", sequence: 1 });
  expect(event!.startDate.toJSDate().toISOString()).toBe("2026-03-29T00:30:00.000Z");
  expect(event!.endDate.toJSDate().toISOString()).toBe("2026-03-29T02:30:00.000Z");
  expect(file.text).toContain("DTSTART:20260329T003000Z");
  expect(property(event!, "status")).toBe("CONFIRMED");
  expect(property(event!, "last-modified")).toBe("2026-03-10T12:00:00Z");
  // The same uid later, a higher number for each change that calendars show.
  const change = (body: object) => send(t, "PATCH", `/api/sessions/${id}/`, ada, body);
  await change({ description: "Other words" });
  expect(readEvents(await get(t, path, bob.headers))[0]!.sequence).toBe(1);
  await change({ title: "Fractions" });
  await change({ duration: 60 });
  await ada.as.mutation(api.tutoring.sessions.cancel, { id });
  const [after] = readEvents(await get(t, path, bob.headers));
  expect(after).toMatchObject({ uid: event!.uid, sequence: 4 });
  expect(property(after!, "status")).toBe("CANCELLED");
});

test("a title of several lines adds nothing to the file", async () => {
  const title = "Fractions\nBEGIN:VEVENT\nUID:another";
  const { t, bob, id } = await withOpenSession({ title });
  const file = await get(t, `/api/sessions/${id}/calendar.ics`, bob.headers);
  expect(file.text.match(/^BEGIN:VEVENT/gm)).toHaveLength(1);
  expect(readEvents(file)).toMatchObject([{ summary: title }]);
});

test("an unchanged file is 304", async () => {
  const { t, ada, bob, id } = await withOpenSession();
  const path = `/api/sessions/${id}/calendar.ics`;
  const etag = (await get(t, path, bob.headers)).headers.get("etag")!;
  expect(etag).toMatch(/^W\/"[^"]+"$/);
  vi.setSystemTime(NOON + HOUR_MS);
  const unchanged = await get(t, path, { ...bob.headers, "If-None-Match": etag });
  expect(unchanged).toMatchObject({ status: 304, text: "" });
  expect(unchanged.headers.get("x-request-id")).not.toBeNull();
  await send(t, "PATCH", `/api/sessions/${id}/`, ada, { title: "Else" });
  expect((await get(t, path, { ...bob.headers, "If-None-Match": etag })).status).toBe(200);
});

test("a feed holds what one gives, takes part in and waits for, until a canceled session is 30 days old", async () => {
  const setting = await withOpenSession({ maxParticipants: 1 });
  const { t, ada, bob, id } = setting;
  await seat(setting, id, bob);
  const carol = await another(setting);
  await carol.as.mutation(api.tutoring.sessions.joinWaitlist, { id });
  const stranger = await another(setting);
  const feeds = {
    ada: await newFeed(t, ada),
    bob: await newFeed(t, bob),
    carol: await newFeed(t, carol),
    stranger: await newFeed(t, stranger),
  };
  const statuses = async (path: string) => readEvents(await get(t, path)).map((one) => property(one, "status"));
  expect(await statuses(feeds.ada)).toEqual(["CONFIRMED"]);
  expect(await statuses(feeds.bob)).toEqual(["CONFIRMED"]);
  expect(await statuses(feeds.carol)).toEqual(["TENTATIVE"]);
  expect(await statuses(feeds.stranger)).toEqual([]);
  await ada.as.mutation(api.tutoring.sessions.cancel, { id });
  expect(await statuses(feeds.bob)).toEqual(["CANCELLED"]);
  await pass(t, 29 * DAY_MS);
  expect(await statuses(feeds.bob)).toEqual(["CANCELLED"]);
  await pass(t, DAY_MS + MINUTE_MS);
  expect(await statuses(feeds.bob)).toEqual([]);
});

test("a new address ends the old, and nobody guesses one", async () => {
  const { t, ada } = await withOpenSession();
  const old = await newFeed(t, ada);
  const present = await newFeed(t, ada);
  expect(present).not.toBe(old);
  expect((await get(t, old)).status).toBe(404);
  expect((await get(t, present)).status).toBe(200);
  expect(JSON.parse((await get(t, "/api/calendar/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.ics")).text)).toEqual({
    detail: "Calendar not found.",
    code: "NOT_FOUND",
  });
  const stored = await t.run((ctx) => ctx.db.query("tutoringFeeds").collect());
  expect(JSON.stringify(stored)).not.toContain(present.slice("/api/calendar/".length, -".ics".length));
});
