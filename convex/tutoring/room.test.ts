/** Rooms and attendance (tutoring/README §10.3, §10.4). */
import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "../lib/time";
import type { TestUser } from "../setup.testing";
import { mergeTexts } from "./rooms/notes";
import { another, NOON, pass, seat, send, withOpenSession, type Setting } from "./tutoring.testing";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

const START = NOON + 48 * HOUR_MS;
type Room = Setting & { id: number; stranger: TestUser };

/** Ada's session, in which Bob has a seat, with the clock at its opening. */
async function openRoom(): Promise<Room> {
  const setting = await withOpenSession();
  await seat(setting, setting.id, setting.bob);
  const stranger = await another(setting, { firstName: "Stranger" });
  await pass(setting.t, 48 * HOUR_MS - 10 * MINUTE_MS);
  return { ...setting, stranger };
}

const enter = ({ id }: Room, who: TestUser) => who.as.mutation(api.tutoring.room.enter, { id });
const leave = ({ id }: Room, who: TestUser) => who.as.mutation(api.tutoring.room.leave, { id });
const knock = ({ id }: Room, who: TestUser) => who.as.mutation(api.tutoring.room.knock, { id });
const see = ({ id }: Room, who: TestUser) => who.as.query(api.tutoring.room.state, { id });
const answer = ({ id }: Room, by: TestUser, how: "admit" | "remove", who: TestUser) =>
  by.as.mutation(api.tutoring.room[how], { id, userId: who.user.publicId });

describe("a room", () => {
  test("opens 10 minutes before the start and closes 30 minutes after the end", async () => {
    const room = await openRoom();
    vi.setSystemTime(START - 10 * MINUTE_MS - 1);
    await expect(enter(room, room.ada)).rejects.toThrow("CONFLICT");
    expect(await see(room, room.bob)).toMatchObject({ open: false, opensAt: START - 10 * MINUTE_MS });
    vi.setSystemTime(START - 10 * MINUTE_MS);
    await enter(room, room.ada);
    expect(await see(room, room.bob)).toMatchObject({
      open: true,
      people: [{ userId: room.ada.user.publicId, name: "Ada Lovelace", isCreator: true }],
      mayEnter: true,
      isInside: false,
    });
    vi.setSystemTime(START + 90 * MINUTE_MS);
    await expect(enter(room, room.bob)).rejects.toThrow("CONFLICT");
    await expect(knock(room, room.stranger)).rejects.toThrow("CONFLICT");
  });

  test("nobody stays in a closed one, nor after a cancelation", async () => {
    const room = await openRoom();
    await enter(room, room.ada);
    await enter(room, room.bob);
    await room.ada.as.mutation(api.tutoring.sessions.cancel, { id: room.id });
    await pass(room.t, 1);
    expect(await see(room, room.ada)).toMatchObject({ open: false, people: [] });
    await expect(enter(room, room.ada)).rejects.toThrow("CONFLICT");
  });

  test("a stranger knocks, is admitted, and may be removed; nobody but the creator decides", async () => {
    const room = await openRoom();
    const { ada, bob, stranger } = room;
    await expect(enter(room, stranger)).rejects.toThrow("FORBIDDEN");
    await expect(see(room, stranger)).rejects.toThrow("FORBIDDEN");
    await enter(room, bob);
    await knock(room, stranger);
    expect(await see(room, stranger)).toMatchObject({ isKnocking: true, mayEnter: false, people: [], knocks: [] });
    expect((await see(room, bob)).knocks).toEqual([]);
    expect((await see(room, ada)).knocks).toMatchObject([{ userId: stranger.user.publicId }]);
    await expect(answer(room, bob, "admit", stranger)).rejects.toThrow("FORBIDDEN");
    await answer(room, ada, "admit", stranger);
    await expect(answer(room, ada, "admit", stranger)).rejects.toThrow("NOT_FOUND");
    await enter(room, stranger);
    const signal = { id: room.id, to: bob.user.publicId, kind: "offer" as const, body: "{}" };
    await stranger.as.mutation(api.tutoring.signals.send, signal);
    expect((await see(room, ada)).people).toHaveLength(2);
    await expect(answer(room, bob, "remove", stranger)).rejects.toThrow("FORBIDDEN");
    await answer(room, ada, "remove", stranger);
    expect((await see(room, ada)).people).toHaveLength(1);
    await expect(enter(room, stranger)).rejects.toThrow("FORBIDDEN");
    await expect(stranger.as.mutation(api.tutoring.signals.send, signal)).rejects.toThrow("FORBIDDEN");
  });

  test("a participant who was removed knocks again, and keeps the seat", async () => {
    const room = await openRoom();
    await enter(room, room.bob);
    await answer(room, room.ada, "remove", room.bob);
    await expect(enter(room, room.bob)).rejects.toThrow("FORBIDDEN");
    expect(await room.bob.as.query(api.tutoring.sessions.viewer, { id: room.id })).toMatchObject({ hasSeat: true });
    await knock(room, room.bob);
    await answer(room, room.ada, "admit", room.bob);
    await enter(room, room.bob);
    await expect(answer(room, room.ada, "remove", room.ada)).rejects.toThrow("VALIDATION");
    await expect(answer(room, room.ada, "remove", room.stranger)).rejects.toThrow("NOT_FOUND");
  });

  test("connects people after the end too, as long as it is open", async () => {
    const room = await openRoom();
    await enter(room, room.bob);
    await pass(room.t, 80 * MINUTE_MS);
    await room.t.mutation(internal.tutoring.sweep.runClock, {});
    const send = () =>
      room.bob.as.mutation(api.tutoring.signals.send, {
        id: room.id,
        to: room.ada.user.publicId,
        kind: "bye",
        body: "",
      });
    await send();
    vi.setSystemTime(START + 90 * MINUTE_MS);
    await expect(send()).rejects.toThrow("VALIDATION");
  });

  test("gives short-lived credentials for TURN, and never the secret", async () => {
    const room = await openRoom();
    expect(await enter(room, room.ada)).toEqual({ iceServers: [] });
    vi.stubEnv("ICE_SERVERS", '[{"urls":"stun:stun.example.com"},{"urls":["turn:turn.example.com?transport=udp"]}]');
    vi.stubEnv("TURN_SECRET", "north");
    const username = `${(START + 50 * MINUTE_MS) / SECOND_MS}:${room.ada.user.publicId}`;
    const { iceServers } = await enter(room, room.ada);
    expect(iceServers).toMatchObject([{ urls: ["stun:stun.example.com"] }, { username }]);
    const key = await crypto.subtle.importKey(
      "raw",
      new TextEncoder().encode("north"),
      { name: "HMAC", hash: "SHA-1" },
      false,
      ["verify"],
    );
    const credential = Uint8Array.from(atob(iceServers[1]!.credential!), (char) => char.charCodeAt(0));
    expect(await crypto.subtle.verify("HMAC", key, credential, new TextEncoder().encode(username))).toBe(true);
    vi.stubEnv("ICE_SERVERS", "stun:stun.example.com");
    await expect(enter(room, room.ada)).rejects.toThrow("ICE_SERVERS is no JSON");
  });
});

describe("the chat", () => {
  test("is for those who have a part, and stays with the session", async () => {
    const room = await openRoom();
    const say = (who: TestUser, text: string) => who.as.mutation(api.tutoring.room.say, { id: room.id, text });
    const chat = (who: TestUser) =>
      who.as.query(api.tutoring.room.chat, { id: room.id, paginationOpts: { numItems: 10, cursor: null } });
    await say(room.ada, "Welcome!");
    await say(room.bob, "Hello");
    await expect(say(room.stranger, "Hi")).rejects.toThrow("FORBIDDEN");
    await expect(chat(room.stranger)).rejects.toThrow("FORBIDDEN");
    for (const text of ["", "x".repeat(2_001)]) await expect(say(room.bob, text)).rejects.toThrow("VALIDATION");
    vi.setSystemTime(START + 3 * HOUR_MS);
    await expect(say(room.bob, "Too late")).rejects.toThrow("CONFLICT");
    expect((await chat(room.bob)).page.map(({ text, name }) => [name, text])).toEqual([
      ["Bob Brown", "Hello"],
      ["Ada Lovelace", "Welcome!"],
    ]);
  });

  test("is no flood", async () => {
    const room = await openRoom();
    vi.stubEnv("RATE_LIMIT_SCALE", "0.05");
    const say = () => room.ada.as.mutation(api.tutoring.room.say, { id: room.id, text: "again" });
    for (let n = 0; n < 3; n++) await say();
    await expect(say()).rejects.toThrow("RATE_LIMITED");
  });
});

describe("shared notes", () => {
  test("are merged, not overwritten", async () => {
    const { ada, bob, stranger, id } = await openRoom();
    const apply = (who: TestUser, base: string, text: string) =>
      who.as.mutation(api.tutoring.notes.apply, { id, base, text });
    expect(await ada.as.query(api.tutoring.notes.get, { id })).toEqual({ text: "", revision: 0 });
    const start = "Halves\nThirds\nQuarters\n";
    expect(await apply(ada, "", start)).toEqual({ text: start, revision: 1 });
    await apply(ada, start, "Halves: 1/2\nThirds\nQuarters\n");
    expect(await apply(bob, start, "Halves\nThirds\nQuarters: 1/4\nFifths\n")).toEqual({
      text: "Halves: 1/2\nThirds\nQuarters: 1/4\nFifths\n",
      revision: 3,
    });
    await expect(apply(stranger, "", "x")).rejects.toThrow("FORBIDDEN");
    await expect(apply(ada, "", "x".repeat(50_001))).rejects.toThrow("VALIDATION");
  });

  test("whatever two people do to the same text, what each typed is in it", () => {
    const word = fc.stringMatching(/^[a-z]{3,8}$/);
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), fc.nat(), fc.nat(), (words, left, right) => {
        const base = words.join(" ");
        const insert = (at: number, typed: string) => words.toSpliced(at % (words.length + 1), 0, typed).join(" ");
        const merged = mergeTexts(base, insert(left, "ADA1815"), insert(right, "BOB2026"));
        expect(merged).toContain("ADA1815");
        expect(merged).toContain("BOB2026");
      }),
    );
  });
});

describe("attendance", () => {
  const list = async ({ t, id }: Room, who: TestUser) =>
    await send<{ user: { id: number; email: string }; seconds: number; last_left_at: string | null }[]>(
      t,
      "GET",
      `/api/sessions/${id}/attendance/`,
      who,
    );

  test("adds up visits; who is inside attends until now", async () => {
    const room = await openRoom();
    const { ada, bob } = room;
    await enter(room, ada);
    vi.setSystemTime(START);
    await enter(room, bob);
    vi.setSystemTime(START + 10 * SECOND_MS);
    // A second tab is the same person.
    await enter(room, bob);
    vi.setSystemTime(START + 20 * SECOND_MS);
    await leave(room, bob);
    await leave(room, bob);
    vi.setSystemTime(START + 60 * SECOND_MS);
    await enter(room, bob);
    vi.setSystemTime(START + 65 * SECOND_MS);
    expect((await list(room, ada)).body).toMatchObject([
      { user: { id: ada.user.publicId }, seconds: 665, last_left_at: null },
      { user: { id: bob.user.publicId, email: bob.user.email }, seconds: 25, last_left_at: null },
    ]);
    await leave(room, bob);
    expect((await list(room, ada)).body[1]).toMatchObject({ seconds: 25, last_left_at: "2026-03-12T12:01:05.000Z" });
    expect(await list(room, bob)).toMatchObject({ status: 403, body: { error: "Not authorized" } });
  });

  test("whose page falls silent has left with the last sign of life", async () => {
    const room = await openRoom();
    await enter(room, room.bob);
    vi.setSystemTime(START);
    await enter(room, room.bob);
    vi.setSystemTime(START + 5 * MINUTE_MS);
    await room.t.mutation(internal.tutoring.rooms.sweep.endSilent, {});
    expect((await list(room, room.ada)).body).toMatchObject([
      { seconds: 600, last_left_at: "2026-03-12T12:00:00.000Z" },
    ]);
  });

  test("as CSV, in which no name is a formula", async () => {
    const room = await openRoom();
    await room.t.run((ctx) => ctx.db.patch(room.bob.user._id, { firstName: "=cmd()", lastName: '"B", C' }));
    await enter(room, room.bob);
    vi.setSystemTime(START);
    await leave(room, room.bob);
    const response = await room.t.fetch(`/api/sessions/${room.id}/attendance/`, {
      headers: { ...room.ada.headers, Accept: "text/csv" },
    });
    expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(await response.text()).toBe(
      "user_id,name,first_joined_at,last_left_at,seconds\r\n" +
        `${room.bob.user.publicId},"'=cmd() ""B"", C",2026-03-12T11:50:00.000Z,2026-03-12T12:00:00.000Z,600\r\n`,
    );
  });
});

test("with the session all of its room goes", async () => {
  const room = await openRoom();
  await enter(room, room.ada);
  await room.ada.as.mutation(api.tutoring.room.say, { id: room.id, text: "Bye" });
  await room.ada.as.mutation(api.tutoring.notes.apply, { id: room.id, base: "", text: "Notes" });
  await room.ada.as.mutation(api.tutoring.sessions.remove, { id: room.id });
  await pass(room.t, 1);
  const left = await room.t.run(async (ctx) => [
    ...(await ctx.db.query("tutoringRoomPeople").collect()),
    ...(await ctx.db.query("tutoringRoomBeats").collect()),
    ...(await ctx.db.query("tutoringRoomTurns").collect()),
    ...(await ctx.db.query("tutoringChat").collect()),
    ...(await ctx.db.query("tutoringNotes").collect()),
  ]);
  expect(left).toEqual([]);
});
