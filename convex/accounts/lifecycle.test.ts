/** The states of README "States" as one table: what each event makes of a session, or why it is refused. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import { openSession } from "../identity/sessions/accountSessions";
import { touchSession } from "../identity/sessions/endSession";
import { IDLE_LIFETIME_MS } from "../identity/sessions/lifetimes";
import { getErrorData } from "../lib/errors";
import { MINUTE_MS } from "../lib/time";
import { newBackend, signedInUser, TEST_CLIENT } from "../setup.testing";
import { raiseAlert } from "./devices/signInAlerts";

beforeEach(() => {
  vi.stubEnv("RATE_LIMIT_SCALE", "1000");
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

/** A user's phone, whose session the table is about, and the computer that the user was signed in on before. */
async function withPhone() {
  const t = newBackend();
  const computer = await signedInUser(t);
  const { user } = computer;
  const phone = await t.run(async (ctx) => {
    const credentials = { userId: user._id, provider: "password", providerAccountId: user.email!, secret: "1" };
    await ctx.db.insert("authAccounts", credentials);
    const opened = await openSession(ctx, user, { loginMethod: "password", client: TEST_CLIENT });
    await raiseAlert(ctx, opened.session);
    return opened;
  });
  const [alert] = await computer.as.query(api.accounts.alerts.list, {});
  const { session, credential } = phone;
  return {
    t,
    computer,
    session,
    alertId: alert!.id,
    path: `/api/sessions/${credential}/`,
    headers: { Authorization: `SessionID ${credential}` },
    as: t.withIdentity({ subject: `${user._id}|${session.authSessionId}` }),
  };
}
type Phone = Awaited<ReturnType<typeof withPhone>>;

const storedSecret = ({ t }: Phone) => t.run(async (ctx) => (await ctx.db.query("authAccounts").first())!.secret!);

async function signIn(phone: Phone, how: { older?: { authSessionId: string }; replaceCurrent?: boolean }) {
  const { email } = phone.computer.user;
  const args = { email: email!, stored: await storedSecret(phone), verified: true, client: TEST_CLIENT, ...how };
  expect(await phone.as.mutation(internal.accounts.signIn.transactions.withPassword, args)).not.toBeNull();
}

async function request({ t, path, headers }: Phone, method: string): Promise<void> {
  const { status } = await t.fetch(path, { method, headers });
  if (status >= 300) throw new Error(String(status));
}

const EVENTS = {
  "is used": (phone: Phone) => request(phone, "GET"),
  "signs out": (phone: Phone) => request(phone, "DELETE"),
  "is ended on the computer": ({ computer, session }: Phone) =>
    computer.as.mutation(api.accounts.sessions.end, { id: session.publicId }),
  "is ended with all others": ({ computer }: Phone) =>
    computer.as.mutation(api.accounts.sessions.endAll, { excludeCurrent: true }),
  "was not me": ({ computer, alertId }: Phone) => computer.as.mutation(api.accounts.alerts.notMe, { id: alertId }),
  "a new password is chosen": async (phone: Phone) => {
    const previous = await storedSecret(phone);
    await phone.computer.as.mutation(internal.accounts.signIn.passwordChange.apply, { previous, next: `${previous}1` });
  },
  "goes on as a new session": (phone: Phone) =>
    signIn(phone, { older: { authSessionId: phone.session.authSessionId } }),
  "signs in again in its place": (phone: Phone) => signIn(phone, { replaceCurrent: true }),
  "its time comes": async ({ t, computer }: Phone) => {
    vi.advanceTimersByTime(IDLE_LIFETIME_MS - MINUTE_MS);
    await t.run(async (ctx) => {
      const rows = ctx.db
        .query("accountSessions")
        .withIndex("by_userId_and_state", (q) => q.eq("userId", computer.user._id));
      await touchSession(ctx, (await rows.order("asc").first())!);
    });
    vi.advanceTimersByTime(MINUTE_MS);
    await t.mutation(internal.accounts.sweep.endLapsed, {});
  },
};
type Event = keyof typeof EVENTS;

/** The event that leads to each state; an ended session has its reason as its state. */
const REACH = {
  active: null,
  signed_out: "signs out",
  ended_by_user: "is ended on the computer",
  not_me: "was not me",
  password_changed: "a new password is chosen",
  migrated: "goes on as a new session",
  expired: "its time comes",
} satisfies Record<string, Event | null>;
type State = keyof typeof REACH;

const GONE = "Session not found or already terminated";
const ANSWERED = "Alert not found or already answered.";

/** An ended session stays as it is, whatever happens. */
const ended = (state: State): Record<Event, string> => ({
  "is used": "401",
  "signs out": "401",
  "is ended on the computer": GONE,
  "is ended with all others": state,
  // A new password drops the alerts, and each is answered once.
  "was not me": state === "not_me" || state === "password_changed" ? ANSWERED : state,
  "a new password is chosen": state,
  "goes on as a new session": state,
  "signs in again in its place": state,
  "its time comes": state,
});

/** The next state, or the reason of a refusal, after which nothing has changed. */
const TABLE: Record<State, Record<Event, string>> = {
  active: {
    "is used": "active",
    "signs out": "signed_out",
    "is ended on the computer": "ended_by_user",
    "is ended with all others": "ended_by_user",
    "was not me": "not_me",
    "a new password is chosen": "password_changed",
    "goes on as a new session": "migrated",
    "signs in again in its place": "signed_out",
    "its time comes": "expired",
  },
  signed_out: ended("signed_out"),
  ended_by_user: ended("ended_by_user"),
  not_me: ended("not_me"),
  password_changed: ended("password_changed"),
  migrated: ended("migrated"),
  expired: ended("expired"),
};

/** Reads what the phone is told: over REST whether it is signed in, live also why not. */
async function observeState(phone: Phone): Promise<string> {
  const told = await phone.as.query(api.accounts.users.me, {}).then(
    () => "active",
    (error: unknown) => getErrorData(error)?.reason,
  );
  const { status } = await phone.t.fetch(phone.path, { headers: phone.headers });
  expect(status).toBe(told === "active" ? 200 : 401);
  return String(told);
}

describe.each(Object.keys(TABLE) as State[])("a session that is %s", (state) => {
  test.each(Object.entries(TABLE[state]) as [Event, string][])("%s: %s", async (event, expected) => {
    const phone = await withPhone();
    const reach = REACH[state];
    if (reach !== null) await EVENTS[reach](phone);
    expect(await observeState(phone)).toBe(state);
    const refusal = await EVENTS[event](phone).then(
      () => null,
      (error: unknown) => getErrorData(error)?.message ?? (error as Error).message,
    );
    const after = await observeState(phone);
    expect(refusal ?? after).toBe(expected);
    if (refusal !== null) expect(after).toBe(state);
  });
});
