/** The states of README "States" as one table: what each event makes of each state, or why it is refused. */
import { afterEach, describe, expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import { getErrorData } from "../lib/errors";
import { HOUR_MS, MINUTE_MS } from "../lib/time";
import type { TestUser } from "../setup.testing";
import type { Status } from "./shapes";
import { another, draft, NOON, pass, people, seat, type Setting } from "./tutoring.testing";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

const START = NOON + 48 * HOUR_MS;
const END = START + HOUR_MS;

type Room = Setting & { id: number; carol: TestUser; dan: TestUser };

/** Sets the clock to `at` and lets the cron run as on a running server. */
async function runClock({ t }: Pick<Room, "t">, at: number): Promise<void> {
  vi.setSystemTime(at);
  await t.mutation(internal.tutoring.sweep.startClock, {});
  await pass(t, 1);
}

const approve = ({ moderator, id }: Room) => moderator.as.mutation(api.tutoring.sessions.approve, { id });
const cancel = ({ ada, id }: Room) => ada.as.mutation(api.tutoring.sessions.cancel, { id });
const request = async ({ id }: Room, who: TestUser) => await who.as.mutation(api.tutoring.sessions.join, { id });

/** The way to each state. Carol's request waits wherever one can be made; Bob has a seat from `scheduled` on. */
const REACH: Record<Status, (room: Room) => Promise<unknown>> = {
  pending_approval: () => Promise.resolve(),
  approved: async (room) => {
    await approve(room);
    await request(room, room.carol);
  },
  scheduled: async (room) => {
    await REACH.approved(room);
    await seat(room, room.id, room.bob);
  },
  ongoing: async (room) => {
    await REACH.scheduled(room);
    await runClock(room, START);
  },
  completed: async (room) => {
    await REACH.ongoing(room);
    await runClock(room, END);
  },
  cancelled: async (room) => {
    await REACH.scheduled(room);
    await cancel(room);
  },
  expired: async (room) => await runClock(room, START),
};

const EVENTS = {
  approve,
  cancel,
  join: (room: Room) => request(room, room.dan),
  "approve Carol's request": ({ ada, carol, id }: Room) =>
    ada.as.mutation(api.tutoring.sessions.approveRequest, { id, userId: carol.user.publicId }),
  "reject Carol's request": ({ ada, carol, id }: Room) =>
    ada.as.mutation(api.tutoring.sessions.rejectRequest, { id, userId: carol.user.publicId }),
  edit: ({ ada, id }: Room) => ada.as.mutation(api.tutoring.sessions.update, { id, title: "Decimals" }),
  "Bob leaves": ({ bob, id }: Room) => bob.as.mutation(api.tutoring.sessions.leave, { id }),
  "its start comes": (room: Room) => runClock(room, Math.max(START, Date.now())),
  "its end comes": async (room: Room) => {
    await runClock(room, Math.max(START, Date.now()));
    await runClock(room, END + MINUTE_MS);
  },
};
type Event = keyof typeof EVENTS;

const OVER = "Session already ended";
const ANSWERED = "Request not found";
const NOT_OPEN = "Session is not open for joining";
const NOT_AWAITING = "Session is not awaiting approval";

/** The next state, or the reason of a refusal, after which nothing has changed. */
const TABLE: Record<Status, Record<Event, string>> = {
  pending_approval: {
    approve: "approved",
    cancel: "cancelled",
    join: NOT_OPEN,
    "approve Carol's request": ANSWERED,
    "reject Carol's request": ANSWERED,
    edit: "pending_approval",
    "Bob leaves": "Not joined",
    "its start comes": "expired",
    "its end comes": "expired",
  },
  approved: {
    approve: "approved",
    cancel: "cancelled",
    join: "approved",
    "approve Carol's request": "scheduled",
    "reject Carol's request": "approved",
    edit: "approved",
    "Bob leaves": "Not joined",
    "its start comes": "ongoing",
    "its end comes": "expired",
  },
  scheduled: {
    approve: NOT_AWAITING,
    cancel: "cancelled",
    join: "scheduled",
    "approve Carol's request": "scheduled",
    "reject Carol's request": "scheduled",
    edit: "scheduled",
    "Bob leaves": "scheduled",
    "its start comes": "ongoing",
    "its end comes": "completed",
  },
  ongoing: {
    approve: NOT_AWAITING,
    cancel: "cancelled",
    join: NOT_OPEN,
    "approve Carol's request": "ongoing",
    "reject Carol's request": "ongoing",
    edit: "ongoing",
    "Bob leaves": "ongoing",
    "its start comes": "ongoing",
    "its end comes": "completed",
  },
  ...Object.fromEntries(
    (["completed", "cancelled", "expired"] as const).map((ended) => [
      ended,
      {
        approve: NOT_AWAITING,
        cancel: OVER,
        join: NOT_OPEN,
        "approve Carol's request": ANSWERED,
        "reject Carol's request": ANSWERED,
        edit: OVER,
        "Bob leaves": ended === "expired" ? "Not joined" : OVER,
        "its start comes": ended,
        "its end comes": ended,
      },
    ]),
  ),
} as Record<Status, Record<Event, string>>;

async function open(status: Status): Promise<Room> {
  const setting = await people();
  const [carol, dan] = [await another(setting), await another(setting)];
  const id = await setting.ada.as.mutation(api.tutoring.sessions.create, draft);
  const room = { ...setting, carol, dan, id };
  await REACH[status](room);
  return room;
}

const statusOf = async ({ ada, id }: Room) => (await ada.as.query(api.tutoring.sessions.get, { id })).status;

describe.each(Object.keys(TABLE) as Status[])("a session that is %s", (status) => {
  test.each(Object.entries(TABLE[status]) as [Event, string][])("%s: %s", async (event, expected) => {
    const room = await open(status);
    expect(await statusOf(room)).toBe(status);
    const outcome = await EVENTS[event](room).then(
      () => null,
      (error: unknown) => getErrorData(error)?.message ?? error,
    );
    const after = await statusOf(room);
    expect(outcome ?? after).toBe(expected);
    if (outcome !== null) expect(after).toBe(status);
  });
});
