/** What hosts do besides booking, over HTTP on a deployment: lists by start, removing, messages, other times, links. */
import { ConvexHttpClient } from "convex/browser";
import { anyApi, type FunctionReference } from "convex/server";
import { beforeAll, expect, test } from "vitest";
import { target } from "../support/api";
import { inDays, moderator, nameless, offerOpen, person, seat, send, unique, type Person } from "../support/tutoring";

let ada: Person;
let bob: Person;
let mod: Person;

beforeAll(async () => {
  [ada, bob, mod] = await Promise.all([person(), nameless(), moderator()]);
});

const idIn = (path: string) => Number(path.split("/")[3]);

test("lists are found by their start and by free seats, and are 304 while nothing in them changes", async () => {
  const subject = `Starts ${unique()}`;
  const [early, late] = [
    await offerOpen(ada, mod, { subject, date: inDays(2), max_participants: 1 }),
    await offerOpen(ada, mod, { subject, date: inDays(20) }),
  ];
  const list = `/api/sessions/?subject=${encodeURIComponent(subject)}`;
  const ids = async (query: string) =>
    ((await send("GET", `${list}&${query}`, bob)).body as { id: number }[]).map(({ id }) => id);
  expect(await ids(`from=${inDays(1)}&to=${inDays(30)}`)).toEqual([idIn(late), idIn(early)]);
  expect(await ids(`to=${inDays(10)}`)).toEqual([idIn(early)]);
  expect(await ids(`from=${inDays(10).slice(0, 10)}`)).toEqual([idIn(late)]);
  expect(await ids("free_seats=true")).toEqual([idIn(late), idIn(early)]);
  const first = await send("GET", `${list}&free_seats=true`, bob);
  const known = { "If-None-Match": first.headers.get("etag")! };
  const again = await send("GET", `${list}&free_seats=true`, bob, undefined, known);
  expect([again.status, again.text]).toEqual([304, ""]);
  await seat(early, ada, bob);
  expect(await ids("free_seats=true")).toEqual([idIn(late)]);
  expect((await send("GET", `${list}&free_seats=true`, bob, undefined, known)).status).toBe(200);
  expect((await send("GET", `${list}&from=tomorrow`, bob)).status).toBe(400);
});

test("a participant is removed, told so, and may ask again; messages reach those who have a seat", async () => {
  const path = await offerOpen(ada, mod, { max_participants: 1, title: "Removed" });
  await seat(path, ada, bob);
  const message = `Bring a ruler ${unique()}`;
  expect((await send("POST", `${path}message/`, ada, { message })).body).toEqual({ message: "Message sent" });
  const removed = await send("POST", `${path}remove_participant/`, ada, { user_id: bob.id });
  expect([removed.status, removed.body]).toEqual([200, { message: "Participant removed" }]);
  const inbox = (await send("GET", "/api/notifications/", bob)).body as { message: string; title: string }[];
  expect(inbox.some((one) => one.message === message)).toBe(true);
  expect(inbox[0]!.title).toBe("You no longer have a seat: Removed");
  expect((await send("POST", `${path}message/`, ada, { message })).status).toBe(400);
  expect((await send("POST", `${path}join/`, bob, {})).status).toBe(200);
});

test("another time is proposed, seen by the creator, and moves the session when it is accepted", async () => {
  const path = await offerOpen(ada, mod);
  await seat(path, ada, bob);
  const date = inDays(9);
  expect((await send("POST", `${path}time_proposals/`, bob, { date })).status).toBe(200);
  const seen = await send("GET", `${path}time_proposals/`, ada);
  expect(seen.body).toMatchObject([{ user: { id: bob.id }, date }]);
  expect((await send("POST", `${path}accept_time/`, ada, { user_id: bob.id })).status).toBe(200);
  expect((await send("GET", path, bob)).body.date).toBe(date);
  expect((await send("GET", `${path}time_proposals/`, ada)).body).toEqual([]);
});

test("a link shows a session to anybody until it is ended", async () => {
  const path = await offerOpen(ada, mod, { title: "Shared" });
  const [share, endShare] = [anyApi.tutoring!.sessions!.share, anyApi.tutoring!.sessions!.endShare] as [
    FunctionReference<"mutation">,
    FunctionReference<"mutation">,
  ];
  const token = (await ada.http.mutation(share, { id: idIn(path) })) as string;
  const anybody = new ConvexHttpClient(target().convexUrl);
  const look = () => anybody.query(anyApi.tutoring!.live!.shared as FunctionReference<"query">, { token });
  const shown = (await look()) as object;
  expect(Object.keys(shown).sort()).toEqual(
    ["availableSpots", "date", "duration", "status", "subject", "title", "tutor"].sort(),
  );
  await ada.http.mutation(endShare, { id: idIn(path) });
  expect(await look()).toBeNull();
});

test("weekly sessions are made together", async () => {
  const createWeekly = anyApi.tutoring!.sessions!.createWeekly as FunctionReference<"mutation">;
  const terms = { title: "Weekly", description: "Every week.", subject: "Mathematics", level: "beginner" };
  const date = inDays(3);
  const weekly = { ...terms, date, duration: 60, weeks: 3, timeZone: "UTC" };
  const ids = (await ada.http.mutation(createWeekly, weekly)) as number[];
  const dates = await Promise.all(
    ids.map(async (id) => (await send("GET", `/api/sessions/${id}/`, bob)).body.date as string),
  );
  expect(dates).toEqual([0, 7, 14].map((days) => new Date(Date.parse(date) + days * 86_400_000).toISOString()));
});

test("a link is made, told and ended over HTTP, by the creator", async () => {
  const path = await offerOpen(ada, mod, { title: "Shared over HTTP" });
  const share = `${path}share/`;
  const link = async (method: string, who = ada) => (await send(method, share, who)).body as { url: string | null };
  expect(await link("GET")).toEqual({ url: null });
  const made = await link("POST");
  expect(made.url).toMatch(/^https?:\/\/.+\/s\/[\w-]{32}$/);
  expect([await link("POST"), await link("GET")]).toEqual([made, made]);
  const page = await fetch(`${target().siteUrl}/s/${made.url!.split("/").at(-1)!}`, { redirect: "manual" });
  if (page.status === 302) expect(page.headers.get("location")).toMatch(/\/s\/[\w-]{32}$/);
  else expect(page.status).toBe(404);
  const shown = async () =>
    await send("GET", `/s/${made.url!.split("/").at(-1)!}`, null, undefined, { Accept: "application/json" });
  expect((await shown()).body).toEqual({
    title: "Shared over HTTP",
    subject: expect.any(String),
    tutor: expect.any(String),
    date: expect.any(String),
    duration: expect.any(Number),
    status: "approved",
    available_spots: expect.any(Number),
  });
  for (const method of ["GET", "POST", "DELETE"]) {
    const refused = await send(method, share, bob);
    expect([refused.status, refused.body.error]).toEqual([403, "Not authorized"]);
  }
  expect(await link("DELETE")).toEqual({ message: "Link ended" });
  expect((await shown()).status).toBe(404);
  expect(await link("GET")).toEqual({ url: null });
  expect((await link("POST")).url).not.toBe(made.url);
});

test("a session may start later than functions can be scheduled", async () => {
  const path = await offerOpen(ada, mod, { title: `Far ${unique()}`, date: "2099-12-31T10:00:00Z" });
  const moved = await send("PATCH", path, ada, { date: "2100-01-07T10:00:00Z" });
  expect([moved.status, moved.body.date]).toEqual([200, "2100-01-07T10:00:00.000Z"]);
  const repeated = await send("POST", `${path}repeat/`, ada, { weeks: 2, time_zone: "UTC" });
  expect(repeated.status, repeated.text).toBe(201);
});

test("a session is repeated over HTTP in the weeks after it, all of them or none", async () => {
  const title = `Repeated ${unique()}`;
  const date = inDays(3);
  const path = await offerOpen(ada, mod, { title, date, max_participants: 4 });
  const body = { weeks: 2, time_zone: "UTC" };
  const repeated = await send("POST", `${path}repeat/`, ada, body);
  expect(repeated.status, repeated.text).toBe(201);
  expect(repeated.body).toMatchObject(
    [7, 14].map((days) => ({
      title,
      max_participants: 4,
      date: new Date(Date.parse(date) + days * 86_400_000).toISOString(),
    })),
  );
  const refused = async (who: Person, changes: object) => {
    const answer = await send("POST", `${path}repeat/`, who, { ...body, ...changes });
    return [answer.status, Object.keys((answer.body.fields ?? {}) as object)];
  };
  expect(await refused(bob, {})).toEqual([403, []]);
  expect(await refused(ada, { weeks: 26 })).toEqual([400, ["weeks"]]);
  expect(await refused(ada, { time_zone: "Mars/Olympus" })).toEqual([400, ["time_zone"]]);
  const all = await send("GET", `/api/sessions/?search=${encodeURIComponent(title)}`, bob);
  expect(all.body).toHaveLength(3);
});
