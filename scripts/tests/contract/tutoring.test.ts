/** convex/tutoring/README.md §6.1–6.5 over HTTP: sessions as a client lists, reads, makes, changes and deletes them. */
import { beforeAll, describe, expect, test } from "vitest";
import { call } from "../support/api";
import {
  draft,
  expectRefused,
  expectSessionShape,
  expectWrong,
  inDays,
  moderator,
  offer,
  offerOpen,
  pathOf,
  person,
  seat,
  send,
  unique,
  type Person,
} from "../support/tutoring";

let ada: Person;
let bob: Person;
let mod: Person;

beforeAll(async () => {
  [ada, bob, mod] = await Promise.all([person({ first_name: "Ada", last_name: "Lovelace" }), person(), moderator()]);
});

const create = (changes: Record<string, unknown> = {}, who: Person | null = ada) =>
  send("POST", "/api/sessions/", who, draft(changes));

describe("making one (6.3)", () => {
  test("201 with every documented key; what is read-only is ignored", async () => {
    const made = await create({
      id: 5,
      status: "completed",
      creator: 7,
      participants: [],
      created_at: "x",
      can_join: true,
    });
    expect(made.status).toBe(201);
    expectSessionShape(made.body);
    expect(made.body).toMatchObject({
      status: "pending_approval",
      max_participants: 10,
      available_spots: 10,
      can_join: false,
      participants: [],
      booking_requests: [],
      materials: [],
      creator: { id: ada.id, first_name: "Ada", last_name: "Lovelace", email: ada.email },
    });
    expect(made.body.id).not.toBe(5);
    expect(made.headers.get("content-type")).toMatch(/^application\/json/);
    const read = await send("GET", `/api/sessions/${made.body.id}/`, bob);
    expectSessionShape(read.body);
    expect(read.body).toEqual({ ...made.body, creator: { ...made.body.creator, email: "" } });
  });

  const year = new Date().getFullYear() + 1;
  test.each([
    ["with Z", `${year}-07-01T10:30:00Z`, undefined, `${year}-07-01T10:30:00.000Z`],
    [
      "with an offset of its own, which outranks the other",
      `${year}-07-01T10:30:00-05:00`,
      -330,
      `${year}-07-01T15:30:00.000Z`,
    ],
    ["local, west of Greenwich", `${year}-07-01T10:30:00`, 300, `${year}-07-01T15:30:00.000Z`],
    ["local, east of it by a half hour", `${year}-07-01T10:30`, -330, `${year}-07-01T05:00:00.000Z`],
    ["local at the far end of the offsets", `${year}-07-01T10:30:00`, -840, `${year}-06-30T20:30:00.000Z`],
    ["local at the other far end", `${year}-07-01T10:30:00`, 840, `${year}-07-02T00:30:00.000Z`],
    ["without any offset, as UTC", `${year}-07-01T10:30:00`, undefined, `${year}-07-01T10:30:00.000Z`],
    ["with a fraction", `${year}-07-01T10:30:00.250+14:00`, undefined, `${year}-06-30T20:30:00.250Z`],
    ["in an hour that a change of clocks skips", `${year}-03-28T02:30:00`, -60, `${year}-03-28T01:30:00.000Z`],
    [
      "in an hour that comes twice, the second time",
      `${year}-10-31T02:30:00+01:00`,
      undefined,
      `${year}-10-31T01:30:00.000Z`,
    ],
    ["in lower case with a space", `${year}-07-01 10:30:00z`, undefined, `${year}-07-01T10:30:00.000Z`],
  ])("a date %s", async (_, date, offset, utc) => {
    const made = await create({ date, ...(offset !== undefined && { timezone_offset: offset }) });
    expect([made.status, made.body.date]).toEqual([201, utc]);
  });

  test.each([
    ["soon"],
    [""],
    ["2030-02-30T10:00:00Z"],
    ["2030-13-01T10:00:00Z"],
    ["2030-01-01"],
    ["2030-01-01T24:00:00Z"],
    ["2030-01-01T10:60:00Z"],
    ["2030-01-01T10:00:00+25:00"],
    [`${"9".repeat(400)}`],
    [inDays(-1)],
    [new Date(Date.now() - 1_000).toISOString()],
    [12_345],
    [null],
    [["2030-01-01T10:00:00Z"]],
  ])("a date of %j is 400", async (date) => expectWrong(await create({ date }), "date"));

  test("a local date that its offset moves beyond the year 9999 is 400", async () =>
    expectWrong(await create({ date: "9999-12-31T23:59:59", timezone_offset: 840 }), "date"));

  test.each([
    [{ title: "" }, "title"],
    [{ title: " \u0007 " }, "title"],
    [{ title: "x".repeat(201) }, "title"],
    [{ title: 5 }, "title"],
    [{ title: null }, "title"],
    [{ description: "" }, "description"],
    [{ subject: "x".repeat(101) }, "subject"],
    [{ level: "expert" }, "level"],
    [{ level: "Beginner" }, "level"],
    [{ duration: 0 }, "duration"],
    [{ duration: 1_441 }, "duration"],
    [{ duration: 1.5 }, "duration"],
    [{ duration: "60" }, "duration"],
    [{ max_participants: 0 }, "max_participants"],
    [{ max_participants: 1_001 }, "max_participants"],
    [{ max_participants: null }, "max_participants"],
    [{ timezone_offset: 841 }, "timezone_offset"],
    [{ timezone_offset: -841 }, "timezone_offset"],
    [{ timezone_offset: 0.5 }, "timezone_offset"],
    [{ colour: "red" }, "colour"],
    [{ maxParticipants: 3 }, "maxParticipants"],
  ])("%j is 400 naming %s", async (changes, field) => expectWrong(await create(changes), field));

  test("every missing and every wrong field is named at once", async () => {
    expectWrong(
      await send("POST", "/api/sessions/", ada, {}),
      "title",
      "description",
      "subject",
      "level",
      "date",
      "duration",
    );
    expectWrong(await create({ title: "", level: "x", nonsense: 1 }), "title", "level", "nonsense");
  });

  test("the bounds themselves are taken; text is cleaned, markup stays text", async () => {
    const made = await create({
      title: `  <b>Ü</b>\u0000${"x".repeat(190)} `,
      duration: 1_440,
      max_participants: 1_000,
      timezone_offset: -840,
      description: "a\n\tb",
    });
    expect(made.status, made.text).toBe(201);
    expect(made.body).toMatchObject({
      title: `<b>Ü</b>${"x".repeat(190)}`,
      duration: 1_440,
      max_participants: 1_000,
      description: "a\n\tb",
    });
  });

  test("what is no JSON object is 400, another media type 415, too much 413", async () => {
    for (const body of ["", "{", "[]", "null", "1", '"text"'])
      expectRefused(await send("POST", "/api/sessions/", ada, body), 400, "error");
    expectRefused(
      await send("POST", "/api/sessions/", ada, "title=x", { "Content-Type": "application/x-www-form-urlencoded" }),
      415,
      "error",
    );
    expectRefused(
      await send("POST", "/api/sessions/", ada, draft({ description: "x".repeat(1024 * 1024) })),
      413,
      "error",
    );
  });

  test("an Idempotency-Key replays the first answer and refuses another body", async () => {
    const key = { "Idempotency-Key": unique() };
    const body = draft({ title: "Once" });
    const [first, second] = [
      await send("POST", "/api/sessions/", ada, body, key),
      await send("POST", "/api/sessions/", ada, body, key),
    ];
    expect([first.status, second.status, second.text]).toEqual([201, 201, first.text]);
    expectRefused(await send("POST", "/api/sessions/", ada, { ...body, title: "Twice" }, key), 409, "error");
    expect((await send("POST", "/api/sessions/", bob, body, key)).body.id).not.toBe(first.body.id);
  });
});

describe("lists (6.1)", () => {
  const LEVELS = ["beginner", "intermediate", "advanced"];
  const tag = `Subject ${unique()}`;
  const total = 203;
  let ids: number[];

  beforeAll(async () => {
    const made: { id: number; created_at: string }[] = [];
    const makers = Array.from({ length: 8 }, async (_, maker) => {
      for (let i = maker; i < total; i += 8) {
        const answer = await create({
          subject: `${tag} ${i % 2 ? "Odd" : "EVEN"}`,
          level: LEVELS[i % 3],
          title: `Number ${i} of ${tag}`,
        });
        expect(answer.status, answer.text).toBe(201);
        made.push(answer.body as { id: number; created_at: string });
      }
    });
    await Promise.all(makers);
    ids = made.sort((a, b) => b.created_at.localeCompare(a.created_at)).map(({ id }) => id);
  });

  const query = (parameters: Record<string, string>) => `/api/sessions/?${new URLSearchParams(parameters).toString()}`;
  const idsAt = async (path: string) => {
    const answer = await send("GET", path, bob);
    expect(answer.status, answer.text).toBe(200);
    return (answer.body as { id: number }[]).map(({ id }) => id);
  };

  test("a bare array, newest first, of at most 200, with a link to the rest that keeps the filters", async () => {
    const first = await send("GET", query({ subject: tag.toUpperCase() }), bob);
    expect(Array.isArray(first.body)).toBe(true);
    for (const session of first.body.slice(0, 3) as unknown[]) expectSessionShape(session);
    const link = /^<([^>]+)>; rel="next"$/.exec(first.headers.get("link") ?? "");
    const second = await send("GET", pathOf(link![1]!), bob);
    expect([first.body.length, second.body.length, second.headers.get("link")]).toEqual([200, 3, null]);
    const got = [...(first.body as any[]), ...(second.body as any[])];
    expect(new Set(got.map(({ id }) => id as number))).toEqual(new Set(ids));
    const times = got.map(({ created_at: at }) => at as string);
    expect(times).toEqual([...times].sort().reverse());
  });

  test("hits of a search end and go on alike", async () => {
    const first = await send("GET", query({ search: tag }), bob);
    const link = /^<([^>]+)>; rel="next"$/.exec(first.headers.get("link") ?? "");
    const second = await send("GET", pathOf(link![1]!), bob);
    expect([first.body.length, second.body.length, second.headers.get("link")]).toEqual([200, 3, null]);
    expect(new Set([...first.body, ...second.body].map(({ id }) => id as number))).toEqual(new Set(ids));
  });

  test("filters: status and level exactly, subject in part and any case; what matches nothing gives nothing", async () => {
    const opened = await offerOpen(ada, mod, { subject: `${tag} open`, level: "advanced" });
    const id = Number(opened.split("/")[3]);
    expect(await idsAt(query({ subject: tag.toLowerCase(), status: "approved" }))).toEqual([id]);
    expect(await idsAt(query({ subject: `${tag} OPEN`, level: "advanced" }))).toEqual([id]);
    expect(await idsAt(query({ subject: `${tag} open`, level: "beginner" }))).toEqual([]);
    for (const nothing of [
      "status=unheard",
      "status=Approved",
      "level=expert",
      `subject=${tag}!`,
      ...["status", "level", "subject"].map((name) => `${name}=${"x".repeat(1_000)}`),
    ])
      expect(await idsAt(`/api/sessions/?${nothing}`)).toEqual([]);
    expect((await idsAt(query({ subject: `${tag} odd` }))).length).toBe(101);
    expect(await idsAt(query({ subject: `${tag} open`, colour: "red", status: "approved" }))).toEqual([id]);
    expect((await send("DELETE", opened, ada)).status).toBe(204);
  });

  test("page and page_size make an object whose pages put together are the list", async () => {
    const found: number[] = [];
    let path: string | null = query({ subject: tag, page_size: "80" });
    const shapes: unknown[] = [];
    while (path) {
      const { body } = await send("GET", path, bob);
      expect(Object.keys(body as object)).toEqual(["count", "next", "previous", "results"]);
      shapes.push([body.count, body.next !== null, body.previous !== null, body.results.length]);
      found.push(...(body.results as { id: number }[]).map(({ id }) => id));
      path = body.next === null ? null : pathOf(body.next as string);
    }
    expect(shapes).toEqual([
      [203, true, false, 80],
      [203, true, true, 80],
      [203, false, true, 43],
    ]);
    expect(new Set(found)).toEqual(new Set(ids));
    const second = await send("GET", query({ subject: tag, page: "2", page_size: "100" }), bob);
    expect((await send("GET", pathOf(second.body.previous as string), bob)).body.results).toHaveLength(100);
    expect((await send("GET", query({ subject: tag, page: "99" }), bob)).body).toMatchObject({
      count: 203,
      next: null,
      results: [],
    });
  });

  test.each([
    "page=0",
    "page=x",
    "page=-1",
    "page=1.5",
    "page_size=0",
    "page_size=101",
    "page_size=",
    "before=yesterday",
  ])("%s is 400", async (wrong) =>
    expectWrong(await send("GET", `/api/sessions/?${wrong}`, bob), wrong.split("=")[0]!),
  );

  test("search finds sessions in which every word stands, also with filters and pages", async () => {
    const word = unique();
    const path = await offer(ada, { description: `About the ${word} of things`, title: "Whales" });
    const id = Number(path.split("/")[3]);
    expect(await idsAt(query({ search: word }))).toEqual([id]);
    expect(await idsAt(query({ search: `whales ${word.toUpperCase()}` }))).toEqual([id]);
    expect(await idsAt(query({ search: `${word} nowhere` }))).toEqual([]);
    expect(await idsAt(query({ search: word, level: "advanced" }))).toEqual([]);
    expect((await send("GET", query({ search: word, page: "1" }), bob)).body).toMatchObject({
      count: 1,
      next: null,
      previous: null,
    });
    expect((await send("PATCH", path, ada, { description: "Something else" })).status).toBe(200);
    expect(await idsAt(query({ search: word }))).toEqual([]);
  });

  test("HEAD is GET without a body", async () => {
    const head = await send("HEAD", query({ subject: tag }), bob);
    expect([head.status, head.text]).toEqual([200, ""]);
    expect(head.headers.get("link")).toContain('rel="next"');
    expect((await send("HEAD", "/api/sessions/", null)).status).toBe(401);
  });
});

describe("one session (6.2, 6.4, 6.5)", () => {
  test("unknown ids are 404 {detail}; segments that are no integers belong to nobody", async () => {
    for (const id of ["1", "0", "9".repeat(15), "9".repeat(30)])
      expectRefused(await send("GET", `/api/sessions/${id}/`, ada), 404, "detail");
    const known = (await offer(ada)).split("/")[3]!;
    expectRefused(await send("GET", `/api/sessions/0${known}/`, ada), 404, "detail");
    for (const id of ["abc", "1a", "-1", "1.5", "%31%32x"])
      expectRefused(await send("GET", `/api/sessions/${id}/`, ada), 404, "error", "Not found");
  });

  test("without a credential 401 {detail} with WWW-Authenticate; other methods 405 with Allow", async () => {
    const path = await offer(ada);
    for (const [method, to] of [
      ["GET", "/api/sessions/"],
      ["POST", "/api/sessions/"],
      ["GET", "/api/sessions/my_sessions/"],
      ["GET", path],
      ["PUT", path],
      ["PATCH", path],
      ["DELETE", path],
      ["POST", `${path}join/`],
      ["GET", `${path}materials/`],
      ["GET", "/api/notifications/"],
    ] as const) {
      const answer = await call(method, to, method === "GET" || method === "DELETE" ? {} : { body: {} });
      expectRefused(answer, 401, "detail");
      expect(answer.headers.get("www-authenticate")).toMatch(/Bearer.*SessionID/);
    }
    for (const [method, to, allow] of [
      ["PUT", "/api/sessions/", "GET, HEAD, OPTIONS, POST"],
      ["POST", path, "DELETE, GET, HEAD, OPTIONS, PATCH, PUT"],
      ["GET", `${path}join/`, "OPTIONS, POST"],
      ["DELETE", "/api/sessions/my_sessions/", "GET, HEAD, OPTIONS"],
      ["POST", "/api/notifications/", "GET, HEAD, OPTIONS"],
    ] as const) {
      const answer = await send(method, to, ada, method === "GET" ? undefined : {});
      expectRefused(answer, 405, "error");
      expect(answer.headers.get("allow")).toBe(allow);
    }
    expectRefused(await send("GET", `${path}nowhere/`, ada), 404, "detail");
  });

  test("PUT states all terms anew, PATCH some; only the creator may", async () => {
    const path = await offer(ada);
    for (const [method, body] of [
      ["PUT", draft()],
      ["PATCH", { title: "Mine" }],
      ["DELETE", undefined],
    ] as const)
      expectRefused(await send(method, path, bob, body), 403, "error", "Not authorized");
    for (const method of ["PUT", "PATCH"] as const)
      expectRefused(await send(method, "/api/sessions/1/", ada, draft()), 404, "detail");
    const { subject: _, ...incomplete } = draft();
    expectWrong(await send("PUT", path, ada, incomplete), "subject");
    const put = await send("PUT", path, ada, draft({ title: "Anew", status: "completed", id: 3, level: "advanced" }));
    expect(put.status).toBe(200);
    expectSessionShape(put.body);
    expect(put.body).toMatchObject({ title: "Anew", status: "pending_approval", level: "advanced" });
    const patched = await send("PATCH", path, ada, { date: "2031-07-01T10:00:00", timezone_offset: 120, duration: 45 });
    expect([patched.status, patched.body.date, patched.body.duration, patched.body.title]).toEqual([
      200,
      "2031-07-01T12:00:00.000Z",
      45,
      "Anew",
    ]);
    expect((await send("PATCH", path, ada, {})).status).toBe(200);
    expectWrong(await send("PATCH", path, ada, { date: inDays(-1) }), "date");
    expectWrong(await send("PATCH", path, ada, { title: null, what: 1 }), "title", "what");
  });

  test("never fewer places than people; ended sessions stay as they are; another time is told to participants", async () => {
    const path = await offerOpen(ada, mod, { max_participants: 3 });
    const carol = await person();
    await seat(path, ada, bob);
    await seat(path, ada, carol);
    expectWrong(await send("PATCH", path, ada, { max_participants: 1 }), "max_participants");
    expectWrong(await send("PUT", path, ada, draft({ max_participants: 1 })), "max_participants");
    expect((await send("PATCH", path, ada, { max_participants: 2 })).body).toMatchObject({
      is_full: true,
      available_spots: 0,
    });
    const news = async () =>
      ((await send("GET", "/api/notifications/", carol)).body as { title: string; type: string }[]).filter(
        ({ title }) => title.startsWith("Session changed"),
      );
    await send("PATCH", path, ada, { title: "Only the title" });
    expect(await news()).toEqual([]);
    await send("PATCH", path, ada, { duration: 90 });
    expect(await news()).toMatchObject([{ title: "Session changed: Only the title", type: "session_update" }]);
    await send("POST", `${path}cancel/`, ada);
    expectRefused(await send("PATCH", path, ada, { title: "Too late" }), 400, "error", "Session already ended");
  });

  test("DELETE is 204, takes its children, and tells participants with session null", async () => {
    const path = await offerOpen(ada, mod, { title: "Short-lived" });
    const carol = await person();
    await seat(path, ada, carol);
    const note = await send("POST", `${path}materials/`, ada, { title: "N", type: "note", content: "c" });
    expect(note.status).toBe(201);
    const gone = await send("DELETE", path, ada);
    expect([gone.status, gone.text]).toEqual([204, ""]);
    for (const to of [path, `${path}materials/`, `${path}materials/${note.body.id}/`])
      expectRefused(await send("GET", to, ada), 404, "detail");
    expectRefused(await send("DELETE", path, ada), 404, "detail");
    const told = (await send("GET", "/api/notifications/", carol)).body as { title: string; session: number | null }[];
    expect(told).toMatchObject([{ title: "Session deleted: Short-lived", session: null }]);
    expect((await send("GET", "/api/sessions/my_sessions/", carol)).body).toEqual({ created: [], joined: [] });
  });

  test("DELETE of one that was cancelled is told to participants all the same: the notice of that has gone with it", async () => {
    const path = await offerOpen(ada, mod, { title: "Called off" });
    const carol = await person();
    await seat(path, ada, carol);
    expect((await send("POST", `${path}cancel/`, ada)).status).toBe(200);
    expect((await send("DELETE", path, ada)).status).toBe(204);
    const told = (await send("GET", "/api/notifications/", carol)).body as { title: string; session: number | null }[];
    expect(told).toMatchObject([{ title: "Session deleted: Called off", session: null }]);
  });
});
