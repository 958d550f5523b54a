/** Hosting besides booking: removing a participant, messages, other times, weekly sessions, links. */
import { afterEach, describe, expect, test, vi } from "vitest";
import { api } from "../_generated/api";
import { getErrorData } from "../lib/errors";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../lib/time";
import { signedInUser, type TestUser } from "../setup.testing";
import { listWeeklyStarts } from "./hosting/weekly";
import { another, draft, NOON, people, seat, send, withOpenSession } from "./tutoring.testing";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

const START = NOON + 48 * HOUR_MS;
const sessions = api.tutoring.sessions;
const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => [getErrorData(error)?.code, getErrorData(error)?.message],
  );
const codeOf = async (promise: Promise<unknown>) => (await refusal(promise))?.[0];
const titles = async (who: TestUser) =>
  (await who.as.query(api.notifications.inbox.list, { paginationOpts: { numItems: 20, cursor: null } })).page.map(
    ({ title }) => title,
  );
const idOf = ({ user }: TestUser) => user.publicId;

describe("removing a participant", () => {
  test("frees the seat, offers it on, tells who had it, and lets them ask again", async () => {
    const setting = await withOpenSession({ maxParticipants: 1 });
    const { ada, bob, id } = setting;
    const carol = await another(setting);
    await seat(setting, id, bob);
    await carol.as.mutation(sessions.joinWaitlist, { id });
    await ada.as.mutation(sessions.removeParticipant, { id, userId: idOf(bob) });
    expect((await ada.as.query(sessions.get, { id })).participants).toEqual([]);
    expect(await titles(bob)).toContain("You no longer have a seat: Fractions, gently");
    expect((await carol.as.query(sessions.viewer, { id })).offerExpiresAt).toBe(NOON + 30 * MINUTE_MS);
    expect((await bob.as.query(sessions.viewer, { id })).request).toBeNull();
    expect(await refusal(bob.as.mutation(sessions.join, { id }))).toEqual(["VALIDATION", "Session is full"]);
  });

  test("ends their call, also for who had been let in before", async () => {
    const setting = await withOpenSession();
    const { t, ada, bob, id } = setting;
    await seat(setting, id, bob);
    vi.setSystemTime(START - 5 * MINUTE_MS);
    await bob.as.mutation(api.tutoring.room.enter, { id });
    await t.run(async (ctx) => {
      const [person] = await ctx.db.query("tutoringRoomPeople").collect();
      await ctx.db.patch("tutoringRoomPeople", person!._id, { standing: "admitted" });
    });
    await ada.as.mutation(sessions.removeParticipant, { id, userId: idOf(bob) });
    for (const look of [
      bob.as.query(api.tutoring.room.state, { id }),
      bob.as.mutation(api.tutoring.room.enter, { id }),
    ])
      expect(await codeOf(look)).toBe("FORBIDDEN");
    expect((await ada.as.query(api.tutoring.room.state, { id })).people).toEqual([]);
  });

  test("is the creator's alone, and needs a participant; the session must not be over", async () => {
    const setting = await withOpenSession();
    const { t, ada, bob, id } = setting;
    const carol = await another(setting);
    await carol.as.mutation(sessions.join, { id });
    const remove = (who: TestUser, whom: TestUser) =>
      send(t, "POST", `/api/sessions/${id}/remove_participant/`, who, { user_id: idOf(whom) });
    const missing = { status: 404, body: { error: "Participant not found" } };
    expect(await remove(ada, carol)).toMatchObject(missing);
    expect(await remove(ada, bob)).toMatchObject(missing);
    await seat(setting, id, bob);
    expect(await remove(bob, bob)).toMatchObject({ status: 403, body: { error: "Not authorized" } });
    await ada.as.mutation(sessions.cancel, { id });
    expect(await remove(ada, bob)).toMatchObject({ status: 400, body: { error: "Session already ended" } });
  });
});

describe("messages to all participants", () => {
  test("reach each of them and nobody else", async () => {
    const setting = await withOpenSession();
    const { t, ada, bob, moderator, id } = setting;
    const path = `/api/sessions/${id}/message/`;
    expect(await send(t, "POST", path, ada, { message: "Hello" })).toMatchObject({
      status: 400,
      body: { error: "Nobody has a seat" },
    });
    await seat(setting, id, bob);
    expect(await send(t, "POST", path, ada, { message: " Bring a ruler. " })).toMatchObject({
      status: 200,
      body: { message: "Message sent" },
    });
    const inbox = await bob.as.query(api.notifications.inbox.list, { paginationOpts: { numItems: 1, cursor: null } });
    expect(inbox.page).toMatchObject([
      { title: "Message from Ada Lovelace: Fractions, gently", message: "Bring a ruler.", type: "general" },
    ]);
    expect(await titles(moderator)).toEqual([]);
    expect(await send(t, "POST", path, bob, { message: "Hello" })).toMatchObject({ status: 403 });
    for (const message of ["", "  ", "x".repeat(2_001), 5])
      expect(await send(t, "POST", path, ada, { message })).toMatchObject({
        status: 400,
        body: { fields: { message: [expect.any(String)] } },
      });
  });

  test("are 10 a minute", async () => {
    const setting = await withOpenSession();
    const { ada, bob, id } = setting;
    await seat(setting, id, bob);
    vi.stubEnv("RATE_LIMIT_SCALE", "1");
    const sent = [];
    for (let count = 0; count < 11; count++)
      sent.push(await refusal(ada.as.mutation(sessions.messageParticipants, { id, message: "Again" })));
    expect(sent.slice(0, 10)).toEqual(Array(10).fill(null));
    expect(sent[10]?.[0]).toBe("RATE_LIMITED");
  });
});

describe("another time", () => {
  const LATER = new Date(START + DAY_MS).toISOString();
  const proposals = (who: TestUser, id: number) => who.as.query(api.tutoring.requests.proposals, { id });

  test("is proposed by a participant or requester; accepted, the session moves and all are told", async () => {
    const setting = await withOpenSession();
    const { ada, bob, id } = setting;
    const carol = await another(setting);
    await seat(setting, id, bob);
    await carol.as.mutation(sessions.join, { id });
    await bob.as.mutation(sessions.proposeTime, { id, date: LATER });
    await carol.as.mutation(sessions.proposeTime, { id, date: "2026-03-20T10:00", timezoneOffset: -60 });
    expect(await titles(ada)).toContain("Another time proposed for Fractions, gently");
    expect((await proposals(ada, id)).map(({ user, date }) => [user.id, date])).toEqual([
      [idOf(bob), START + DAY_MS],
      [idOf(carol), Date.parse("2026-03-20T09:00:00Z")],
    ]);
    expect(await proposals(carol, id)).toHaveLength(1);
    await ada.as.mutation(sessions.acceptProposal, { id, userId: idOf(bob) });
    expect((await bob.as.query(sessions.get, { id })).date).toBe(START + DAY_MS);
    expect(await titles(bob)).toEqual(
      expect.arrayContaining(["Proposed time accepted: Fractions, gently", "Session changed: Fractions, gently"]),
    );
    expect(await proposals(ada, id)).toEqual([]);
  });

  test("is declined or taken back, after which it cannot be accepted", async () => {
    const setting = await withOpenSession();
    const { t, ada, bob, id } = setting;
    await seat(setting, id, bob);
    const propose = () => send(t, "POST", `/api/sessions/${id}/time_proposals/`, bob, { date: LATER });
    const answer = (verb: string, who = ada) =>
      send(t, "POST", `/api/sessions/${id}/${verb}_time/`, who, { user_id: idOf(bob) });
    expect(await propose()).toMatchObject({ status: 200, body: { message: "Time proposed" } });
    expect((await send<unknown[]>(t, "GET", `/api/sessions/${id}/time_proposals/`, ada)).body).toMatchObject([
      { user: { id: idOf(bob) }, date: LATER, proposed_at: new Date(NOON).toISOString() },
    ]);
    expect(await answer("accept", bob)).toMatchObject({ status: 403 });
    expect(await answer("decline")).toMatchObject({ status: 200, body: { message: "Proposal declined" } });
    expect(await titles(bob)).toContain("Proposed time declined: Fractions, gently");
    expect(await answer("accept")).toMatchObject({ status: 404, body: { error: "Proposal not found" } });
    await propose();
    expect(await send(t, "DELETE", `/api/sessions/${id}/time_proposals/`, bob)).toMatchObject({ status: 200 });
    expect(await answer("accept")).toMatchObject({ status: 404 });
    expect((await bob.as.query(sessions.get, { id })).date).toBe(START);
  });

  test("is refused from strangers and the creator, in the past, and once the session has begun", async () => {
    const setting = await withOpenSession();
    const { ada, bob, moderator, id } = setting;
    const propose = (who: TestUser, date: string) => refusal(who.as.mutation(sessions.proposeTime, { id, date }));
    for (const who of [ada, bob, moderator]) expect(await propose(who, LATER)).toEqual(["FORBIDDEN", "Not authorized"]);
    await seat(setting, id, bob);
    expect((await propose(bob, new Date(NOON - 1).toISOString()))?.[0]).toBe("VALIDATION");
    expect((await propose(bob, draft.date))?.[0]).toBe("VALIDATION");
    expect(await propose(bob, LATER)).toBeNull();
    vi.setSystemTime(START);
    expect(await propose(bob, new Date(START + 2 * DAY_MS).toISOString())).toMatchObject([
      "VALIDATION",
      "The session has begun",
    ]);
    expect(await codeOf(ada.as.mutation(sessions.acceptProposal, { id, userId: idOf(bob) }))).toBe("VALIDATION");
  });

  test("goes with who proposed it, and with the session", async () => {
    const setting = await withOpenSession();
    const { t, ada, bob, id } = setting;
    const rows = () => t.run((ctx) => ctx.db.query("tutoringProposals").collect());
    await seat(setting, id, bob);
    await bob.as.mutation(sessions.proposeTime, { id, date: LATER });
    await bob.as.mutation(sessions.leave, { id });
    expect(await rows()).toEqual([]);
    await seat(setting, id, bob);
    await bob.as.mutation(sessions.proposeTime, { id, date: LATER });
    await ada.as.mutation(sessions.share, { id });
    await ada.as.mutation(sessions.remove, { id });
    expect(await rows()).toEqual([]);
    expect(await t.run((ctx) => ctx.db.query("tutoringShares").collect())).toEqual([]);
  });
});

describe("weekly sessions", () => {
  const weekly = { ...draft, date: "2026-03-22T18:00:00+01:00", weeks: 3, timeZone: "Europe/Berlin" };
  const starts = async (who: TestUser) =>
    (await who.as.query(sessions.mine, {})).created.map(({ date }) => new Date(date).toISOString()).sort();

  test("keep their local time over a change of clocks, and are sessions of their own", async () => {
    const { ada } = await people();
    const ids = await ada.as.mutation(sessions.createWeekly, weekly);
    expect(new Set(ids).size).toBe(3);
    expect(await starts(ada)).toEqual([
      "2026-03-22T17:00:00.000Z",
      "2026-03-29T16:00:00.000Z",
      "2026-04-05T16:00:00.000Z",
    ]);
    await ada.as.mutation(sessions.cancel, { id: ids[1]! });
    expect((await ada.as.query(sessions.get, { id: ids[2]! })).status).toBe("pending_approval");
  });

  test("of a time that comes twice are at the first, also from the second on", async () => {
    const { ada } = await people();
    await ada.as.mutation(sessions.createWeekly, { ...weekly, date: "2026-10-18T02:30:00+02:00", weeks: 2 });
    expect(await starts(ada)).toEqual(["2026-10-18T00:30:00.000Z", "2026-10-25T00:30:00.000Z"]);
  });

  test.each([
    [{ date: "2026-03-22T02:30:00+01:00" }, "date"],
    [{ date: "2026-03-01T18:00:00Z" }, "date"],
    [{ weeks: 1 }, "weeks"],
    [{ weeks: 27 }, "weeks"],
    [{ weeks: 2.5 }, "weeks"],
    [{ timeZone: "Mars/Olympus" }, "timeZone"],
    [{ timeZone: "+02:00" }, "timeZone"],
    [{ title: "" }, "title"],
    [{ date: "9999-12-28T10:00:00Z" }, "date"],
  ])("%j is refused on %s, and nothing is made", async (changes, field) => {
    const { ada } = await people();
    const error = await ada.as.mutation(sessions.createWeekly, { ...weekly, ...changes }).catch(getErrorData);
    expect(error).toMatchObject({ code: "VALIDATION", fields: { [field]: [expect.any(String)] } });
    expect(await starts(ada)).toEqual([]);
  });

  test("beyond the last year it is not the clocks that are told to skip a time", () => {
    expect(() => listWeeklyStarts(Date.parse("9999-12-28T10:00:00Z"), "UTC", 2)).toThrow("years 1 to 9999");
  });
});

test("a session is repeated in the weeks after it, with its terms, at the same local time", async () => {
  const { t, ada, bob, id } = await withOpenSession({ date: "2026-10-18T12:00:00Z", maxParticipants: 3 });
  const repeat = { id, weeks: 2, timeZone: "Europe/Brussels" };
  const ids = await ada.as.mutation(sessions.repeatWeekly, repeat);
  const made = await Promise.all(ids.map((each) => ada.as.query(sessions.get, { id: each })));
  const terms = { title: "Fractions, gently", subject: "Mathematics", duration: 60, maxParticipants: 3 };
  expect(made).toMatchObject([
    { ...terms, date: Date.parse("2026-10-25T13:00:00Z"), status: "pending_approval" },
    { ...terms, date: Date.parse("2026-11-01T13:00:00Z") },
  ]);
  expect(await codeOf(bob.as.mutation(sessions.repeatWeekly, repeat))).toBe("FORBIDDEN");
  expect(await codeOf(ada.as.mutation(sessions.repeatWeekly, { ...repeat, weeks: 26 }))).toBe("VALIDATION");
  expect(await t.run(async (ctx) => (await ctx.db.query("tutoringSessions").collect()).length)).toBe(3);
});

describe("a link", () => {
  const shown = (t: Awaited<ReturnType<typeof people>>["t"], token: string) =>
    t.query(api.tutoring.live.shared, { token });

  test("shows to anybody what it is about, who gives it, when, and the free seats; nothing else", async () => {
    const setting = await withOpenSession({ maxParticipants: 2 });
    const { t, ada, bob, id } = setting;
    await seat(setting, id, bob);
    const token = await ada.as.mutation(sessions.share, { id });
    expect(token).toMatch(/^[\w-]{32,}$/);
    expect(await ada.as.mutation(sessions.share, { id })).toBe(token);
    expect(await ada.as.query(sessions.shareToken, { id })).toBe(token);
    expect(await shown(t, token)).toEqual({
      title: "Fractions, gently",
      subject: "Mathematics",
      tutor: "Ada Lovelace",
      date: START,
      duration: 60,
      status: "scheduled",
      availableSpots: 1,
    });
    expect(await bob.as.query(sessions.sharedId, { token })).toBe(id);
    const stranger = await signedInUser(t);
    expect(await codeOf(stranger.as.query(sessions.sharedId, { token }))).toBe("NOT_FOUND");
    await ada.as.mutation(sessions.cancel, { id });
    expect(await shown(t, token)).toMatchObject({ status: "cancelled", availableSpots: 0 });
  });

  test("ends when its creator ends it, and is the creator's to make", async () => {
    const { t, ada, bob, id } = await withOpenSession();
    for (const act of [sessions.share, sessions.endShare])
      expect(await codeOf(bob.as.mutation(act, { id }))).toBe("FORBIDDEN");
    expect(await codeOf(bob.as.query(sessions.shareToken, { id }))).toBe("FORBIDDEN");
    const old = await ada.as.mutation(sessions.share, { id });
    await ada.as.mutation(sessions.endShare, { id });
    expect(await shown(t, old)).toBeNull();
    expect(await ada.as.query(sessions.shareToken, { id })).toBeNull();
    expect(await ada.as.mutation(sessions.share, { id })).not.toBe(old);
    expect(await shown(t, "")).toBeNull();
  });

  test("begins with PUBLIC_URL, which leads to the page of the web application", async () => {
    const { t, ada, id } = await withOpenSession();
    vi.stubEnv("SITE_URL", "https://app.example.com/");
    const token = await ada.as.mutation(sessions.share, { id });
    expect(await ada.as.query(sessions.shareLink, { id })).toEqual({ token, url: null });
    vi.stubEnv("PUBLIC_URL", "https://api.example.com/live/");
    const url = `https://api.example.com/live/s/${token}`;
    expect(await ada.as.query(sessions.shareLink, { id })).toEqual({ token, url });
    const open = () => t.fetch(`/s/${token}`, { redirect: "manual" });
    const { status, headers } = await open();
    expect([status, headers.get("location")]).toEqual([302, `https://app.example.com/s/${token}`]);
    // Nothing leads to itself.
    vi.stubEnv("SITE_URL", "https://api.example.com/live");
    expect((await open()).status).toBe(404);
    expect((await t.fetch("/s/")).status).toBe(404);
    await ada.as.mutation(sessions.endShare, { id });
    expect(await ada.as.query(sessions.shareLink, { id })).toBeNull();
  });

  test("shows nothing before the session is approved", async () => {
    const { t, ada, moderator } = await people();
    const id = await ada.as.mutation(sessions.create, draft);
    const token = await ada.as.mutation(sessions.share, { id });
    expect(await shown(t, token)).toBeNull();
    await moderator.as.mutation(sessions.approve, { id });
    expect(await shown(t, token)).toMatchObject({ title: "Fractions, gently" });
  });
});

describe("by start and free seats", () => {
  const at = (hours: number) => new Date(NOON + hours * HOUR_MS).toISOString();

  async function withMany() {
    const setting = await people();
    const { ada, moderator } = setting;
    const make = async (title: string, hours: number, more: object = {}, approve = true) => {
      const id = await ada.as.mutation(sessions.create, { ...draft, title, date: at(hours), ...more });
      if (approve) await moderator.as.mutation(sessions.approve, { id });
      return id;
    };
    await make("late", 72);
    const full = await make("full", 48, { maxParticipants: 1 });
    await make("early", 24, { level: "advanced" });
    await make("waiting", 48, {}, false);
    await seat(setting, full, setting.bob);
    return setting;
  }
  const listed = async ({ t, bob }: Awaited<ReturnType<typeof people>>, query: string) => {
    const { status, body } = await send<{ title: string }[] | { results: { title: string }[]; count: number }>(
      t,
      "GET",
      `/api/sessions/?${query}`,
      bob,
    );
    return status === 200 ? ("results" in body ? body.results : body).map(({ title }) => title) : [status, body];
  };

  test("lists hold what starts from a time on and before another, newest first", async () => {
    const setting = await withMany();
    for (const [query, expected] of [
      [`from=${at(48)}`, ["waiting", "full", "late"]],
      [`to=${at(48)}`, ["early"]],
      [`from=${at(24)}&to=${at(72)}`, ["waiting", "early", "full"]],
      [`from=${at(24)}&to=${at(72)}&level=advanced`, ["early"]],
      [`from=${at(24)}&status=scheduled`, ["full"]],
      [`from=${at(24)}&status=nothing`, []],
      [`from=2026-03-12&to=2026-03-12`, ["waiting", "full"]],
      [`from=2026-03-12T12%3A00%3A00%2B00%3A00&subject=MATH`, ["waiting", "full", "late"]],
      [`free_seats=true`, ["early", "late"]],
      [`free_seats=false`, ["waiting", "early", "full", "late"]],
      [`free_seats=true&from=${at(30)}`, ["late"]],
      [`free_seats=true&search=fractions`, []],
      [`search=late&from=${at(30)}`, ["late"]],
      [`search=late&from=${at(90)}`, []],
      [`free_seats=true&status=pending_approval`, []],
    ] as const)
      expect(await listed(setting, query), query).toEqual(expected);
  });

  test("pages of such a list go on where one ended, and count it", async () => {
    const { t, bob } = await withMany();
    const first = await send<{ count: number; next: string; results: object[] }>(
      t,
      "GET",
      `/api/sessions/?from=${at(24)}&free_seats=true&page=1&page_size=1`,
      bob,
    );
    expect(first.body).toMatchObject({ count: 2, results: [{ title: "early" }] });
    const next = new URL(first.body.next, "http://host");
    const second = await send(t, "GET", `${next.pathname}${next.search}`, bob);
    expect(second.body).toMatchObject({ count: 2, next: null, results: [{ title: "late" }] });
    const args = { from: NOON, freeSeats: true };
    const page = await bob.as.query(sessions.list, { ...args, paginationOpts: { numItems: 1, cursor: null } });
    expect(page).toMatchObject({ isDone: false, page: [{ title: "early" }] });
    const rest = await bob.as.query(sessions.list, {
      ...args,
      paginationOpts: { numItems: 1, cursor: page.continueCursor },
    });
    expect(rest).toMatchObject({ isDone: true, page: [{ title: "late" }] });
  });

  test.each([
    ["from=soon", "from"],
    ["to=2026-02-30", "to"],
    ["from=2026-03-12T12:00:00", "from"],
    ["free_seats=maybe", "free_seats"],
    ["from=2026-03-12&to=2026-03-10", "from"],
  ])("%s is 400", async (query, field) => {
    expect(await listed(await people(), query)).toMatchObject([400, { fields: { [field]: [expect.any(String)] } }]);
  });

  test("a calendar has its sessions by their start, and no more than 62 days", async () => {
    const { ada, bob } = await withMany();
    const span = { from: NOON, to: NOON + 4 * DAY_MS };
    expect((await bob.as.query(sessions.between, span)).map(({ title, isMine }) => [title, isMine])).toEqual([
      ["early", false],
      ["full", true],
      ["late", false],
    ]);
    expect(await ada.as.query(sessions.between, span)).toHaveLength(4);
    expect(await codeOf(ada.as.query(sessions.between, { from: NOON, to: NOON + 63 * DAY_MS }))).toBe("VALIDATION");
  });
});
