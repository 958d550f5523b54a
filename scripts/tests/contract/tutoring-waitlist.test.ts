/** convex/tutoring/README.md §10.1 and §10.2 over HTTP: waiting lists and calendars. */
import ICAL from "ical.js";
import { beforeAll, expect, test } from "vitest";
import { target } from "../support/api";
import { moderator, nameless, offerOpen, person, seat, send, type Person } from "../support/tutoring";

let ada: Person;
let mod: Person;
let seated: Person[];
let crowd: Person[];

beforeAll(async () => {
  [ada, mod] = await Promise.all([person(), moderator()]);
  [seated, crowd] = await Promise.all([
    Promise.all(Array.from({ length: 3 }, () => nameless())),
    Promise.all(Array.from({ length: 30 }, () => nameless())),
  ]);
});

test("thirty wait for three seats that become free at once: three are offered, each is taken once", async () => {
  const path = await offerOpen(ada, mod, { max_participants: 3 });
  for (const who of seated) await seat(path, ada, who);
  const places = await Promise.all(crowd.map((who) => send("POST", `${path}waitlist/`, who)));
  expect(places.map(({ body }) => body.position).sort((a, b) => a - b)).toEqual(crowd.map((_, index) => index + 1));
  await Promise.all(seated.map((who) => send("POST", `${path}leave/`, who)));
  const list = await send("GET", `${path}waitlist/`, ada);
  const offered = list.body.filter((entry: { offer_expires_at: string | null }) => entry.offer_expires_at !== null);
  expect(offered.map(({ position }: { position: number }) => position)).toEqual([1, 2, 3]);
  expect((await send("GET", path, mod)).body).toMatchObject({
    is_full: true,
    available_spots: 0,
    participant_count: 0,
  });
  // Everybody tries, twice.
  const tries = await Promise.all([...crowd, ...crowd].map((who) => send("POST", `${path}accept_offer/`, who)));
  expect(tries.filter(({ status }) => status === 200)).toHaveLength(3);
  for (const { status, body } of tries)
    if (status !== 200) expect([status, body]).toEqual([400, { error: "No offer", code: "VALIDATION_ERROR" }]);
  expect((await send("GET", path, mod)).body).toMatchObject({ is_full: true, participant_count: 3 });
  expect((await send("GET", `${path}waitlist/`, ada)).body).toHaveLength(27);
  expect(await send("DELETE", `${path}waitlist/`, seated[0]!)).toMatchObject({
    status: 400,
    body: { error: "Not waiting" },
  });
});

test("a feed needs no credential, and its file is 304 while nothing changes", async () => {
  await offerOpen(ada, mod, { title: "In the feed" });
  const { status, body } = await send("POST", "/api/calendar/", ada);
  expect(status).toBe(200);
  expect(body.url).toMatch(new RegExp(`^${target().siteUrl}/api/calendar/[A-Za-z0-9_-]{32}\\.ics$`));
  const first = await fetch(body.url);
  const text = await first.text();
  expect([first.status, first.headers.get("content-type")]).toEqual([200, "text/calendar; charset=utf-8"]);
  const events = new ICAL.Component(ICAL.parse(text) as never).getAllSubcomponents("vevent");
  expect(events.map((event) => event.getFirstPropertyValue("summary"))).toContain("In the feed");
  const again = await fetch(body.url, { headers: { "If-None-Match": first.headers.get("etag")! } });
  expect([again.status, await again.text()]).toEqual([304, ""]);
  await send("POST", "/api/calendar/", ada);
  expect((await fetch(body.url)).status).toBe(404);
});
