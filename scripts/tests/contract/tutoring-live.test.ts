/** convex/tutoring/README.md §6 and §7 over the live protocol: what moves on the pages of several people by itself. */
import { anyApi, type FunctionReference } from "convex/server";
import type { ConvexClient } from "convex/browser";
import { afterAll, beforeAll, expect, test } from "vitest";
import { waitFor } from "../../lib/server";
import { liveClient, target } from "../support/api";
import { moderator, nameless, offerOpen, person, seat, type Person } from "../support/tutoring";

const PATIENCE_MS = 15_000;

const modules = anyApi as Record<string, Record<string, Record<string, FunctionReference<any>>>>;
const fn = (path: string) => {
  const [folder = "", module = "", name = ""] = path.split(/[/:]/);
  return modules[folder]![module]![name]!;
};

let ada: Person;
let bob: Person;
let mod: Person;
const clients: ConvexClient[] = [];

beforeAll(async () => {
  [ada, bob, mod] = await Promise.all([person(), nameless(), moderator()]);
});
afterAll(async () => void (await Promise.all(clients.map((client) => client.close()))));

/** Every result of a live query so far, failures too. */
function watch(who: Person, path: string, args: Record<string, unknown>): any[] {
  const client = liveClient(who.jwt);
  clients.push(client);
  const seen: any[] = [];
  client.onUpdate(
    fn(path) as FunctionReference<"query">,
    args,
    (value) => seen.push(value),
    (error) => seen.push(error),
  );
  return seen;
}
const last = async (seen: any[], holds: (value: any) => boolean) => {
  await waitFor(() => seen.length > 0 && holds(seen.at(-1)), PATIENCE_MS);
  return seen.at(-1);
};
const does = (who: Person, path: string, args: Record<string, unknown>) =>
  who.http.mutation(fn(path) as FunctionReference<"mutation">, args);
const idOf = (path: string) => Number(path.split("/")[3]);

test("a request moves the creator's inbox, badge and everybody's seats, but not what all share of the session", async () => {
  const id = idOf(await offerOpen(ada, mod, { max_participants: 2 }));
  const { liveKey } = (await bob.http.query(fn("tutoring/sessions:viewer") as FunctionReference<"query">, { id })) as {
    liveKey: string;
  };
  const [seats, shared, requests, unread, viewer] = [
    watch(bob, "tutoring/live:seats", { liveKey }),
    watch(bob, "tutoring/live:session", { liveKey }),
    watch(ada, "tutoring/requests:inbox", {}),
    watch(ada, "notifications/inbox:unreadCount", {}),
    watch(bob, "tutoring/sessions:viewer", { id }),
  ];
  for (const seen of [seats, shared, requests, unread, viewer]) await last(seen, () => true);
  const before = unread.at(-1) as number;
  await does(bob, "tutoring/sessions:join", { id, message: "May I?" });
  expect(await last(requests, (value) => value.length === 1)).toMatchObject([
    { session: id, message: "May I?", user: { id: bob.id } },
  ]);
  await last(unread, (value) => value === before + 1);
  await last(seats, (value) => value.pendingRequestCount === 1);
  await last(viewer, (value) => value.request?.status === "pending");
  expect(shared).toHaveLength(1);
  await does(ada, "tutoring/sessions:approveRequest", { id, userId: bob.id });
  expect(await last(seats, (value) => value.participantCount === 1)).toMatchObject({
    status: "scheduled",
    availableSpots: 1,
    pendingRequestCount: 0,
  });
  expect(await last(shared, (value) => value.participants.length === 1)).toMatchObject({
    creator: { email: "" },
    participants: [{ user: { id: bob.id, email: "" } }],
  });
  await last(viewer, (value) => value.hasSeat);
  await last(requests, (value) => value.length === 0);
  await does(ada, "tutoring/sessions:remove", { id });
  await last(shared, (value) => value === null);
  expect(await last(viewer, (value) => value instanceof Error)).toMatchObject({ data: { code: "NOT_FOUND" } });
});

test("signals cross between those who take part, and people who look are counted", async () => {
  const path = await offerOpen(ada, mod);
  const id = idOf(path);
  await seat(path, ada, bob);
  const inbox = watch(bob, "tutoring/signals:inbox", { id });
  await does(ada, "tutoring/signals:send", { id, to: bob.id, kind: "offer", body: "v=0" });
  const [offer] = await last(inbox, (value) => value.length === 1);
  expect(offer).toMatchObject({ from: ada.id, kind: "offer", body: "v=0" });
  await does(bob, "tutoring/signals:received", { id, signals: [offer.id] });
  await last(inbox, (value) => value.length === 0);

  const { liveKey } = (await bob.http.query(fn("tutoring/sessions:viewer") as FunctionReference<"query">, { id })) as {
    liveKey: string;
  };
  const people = watch(bob, "tutoring/presence:people", { liveKey });
  for (const who of [ada, bob]) await does(who, "tutoring/presence:beat", { id, visitId: "page" });
  await last(people, (value) => value === 2);
  await does(ada, "tutoring/presence:leave", { id, visitId: "page" });
  await last(people, (value) => value === 1);
});

/** The queries that ran since `cursor` (ms), by name; the deployment keeps its newest log lines. */
async function runsSince(cursor: number, name: string): Promise<number> {
  const { convexUrl, adminKey } = target();
  const response = await fetch(`${convexUrl}/api/stream_function_logs?cursor=${cursor}`, {
    headers: { Authorization: `Convex ${adminKey}` },
  });
  const { entries } = (await response.json()) as {
    entries: { kind: string; identifier?: string; cachedResult?: boolean }[];
  };
  return entries.filter(
    ({ kind, identifier, cachedResult }) =>
      kind === "Completion" && !cachedResult && identifier?.replace(".js", "") === name,
  ).length;
}

// How often a deployment runs a query is its own affair; the embedded one promises this.
test.skipIf(process.env.LIVE_SESSIONS_URL)(
  "of many who look at a session one runs the query after a change, and each sees their own",
  async () => {
    const id = idOf(await offerOpen(ada, mod));
    const signIn = async () =>
      (await ada.http.action(anyApi.auth!.signIn as FunctionReference<"action">, { provider: "anonymous" })) as {
        tokens: { token: string };
      };
    const lookers = await Promise.all(Array.from({ length: 12 }, signIn));
    const pages = [
      watch(ada, "tutoring/sessions:get", { id }),
      watch(bob, "tutoring/sessions:get", { id }),
      ...lookers.map(({ tokens }) => watch({ jwt: tokens.token } as Person, "tutoring/sessions:get", { id })),
    ];
    for (const seen of pages) await last(seen, (value) => value.pendingRequestCount === 0);
    const before = Date.now();
    await does(bob, "tutoring/sessions:join", { id, message: "May I?" });
    const [creators, own, ...others] = await Promise.all(
      pages.map((seen) => last(seen, (value) => value.pendingRequestCount === 1)),
    );
    expect(creators.bookingRequests).toMatchObject([{ message: "May I?", user: { id: bob.id } }]);
    expect(own.bookingRequests).toMatchObject([{ message: "May I?" }]);
    for (const seen of others) expect(seen).toMatchObject({ bookingRequests: [], creator: { email: "" } });
    // The creator's, the asker's and everybody else's.
    const runs = await runsSince(before, "tutoring/sessions:get");
    expect(runs).toBeGreaterThan(0);
    expect(runs).toBeLessThanOrEqual(3);
  },
);

test("half of a surrogate pair is refused in live arguments, and lengths are in characters", async () => {
  const id = idOf(await offerOpen(ada, mod));
  // The deployment refuses it, as the platform does, before a function could name the field.
  const refused = /surrogate|Unicode/i;
  for (const [who, name, args] of [
    [ada, "tutoring/sessions:update", { id, title: "a\ud800" }],
    [bob, "tutoring/sessions:join", { id, message: "\ud800" }],
    [ada, "tutoring/materials:add", { sessionId: id, title: "T", type: "note", content: "\udc00" }],
    [ada, "valuations/sessions:create", { businessCardToken: "\ud800" }],
  ] as const)
    await expect(does(who, name, args)).rejects.toThrow(refused);
  await does(ada, "tutoring/sessions:update", { id, title: "🎨".repeat(200) });
  await expect(does(ada, "tutoring/sessions:update", { id, title: "🎨".repeat(201) })).rejects.toMatchObject({
    data: { fields: { title: ["Must have at most 200 characters."] } },
  });
});
