import { durableAppendsPerSecond } from "./disk";
import { httpLoad, type LoadResult } from "./http-load";
import { fanOut, subscribe, type FanOut } from "./live-load";
import { startReference, type Bench, type BenchUser } from "./bench";
import { ms, perSecond, quantile, ratio, report } from "./stats";

const LOAD_MS = 2_000;
const CONNECTIONS = [1, 32];
const PAGE = 100;
const SESSIONS = [100, 10_000];
/** Rows for each session on the first page, so that lists carry what the document nests. */
const SEATED = 3;
const WATCHERS = [1, 200, 1_000];
const JOINS = 40;
/** People who ask: `fanOut` warms up with a few more than it counts. */
const CROWD = JOINS + 5;

interface Made {
  id: number;
  status: string;
}

/** Lists, details, joins, and how soon a request is seen, with the document's nested answers, unabridged. */
export async function benchTutoring(bench: Bench): Promise<void> {
  const creator = await bench.newUser();
  const moderator = await bench.newUser();
  await grant(bench, moderator, "moderate_sessions");
  const crowd = await each(CROWD, 4, () => bench.newGuest());
  const offer = async (title: string) => {
    const id = (await creator.mutation("tutoring/sessions:create", draft(title))) as number;
    await moderator.mutation("tutoring/sessions:approve", { id });
    return id;
  };

  let made = 0;
  let page: number[] = [];
  for (const count of SESSIONS) {
    if (count > PAGE)
      await each(count - PAGE - made, 32, (i) => creator.mutation("tutoring/sessions:create", draft(`Filler ${i}`)));
    page = await each(PAGE, 4, (i) => offer(`Session ${i}`));
    made = count;
    await each(PAGE * SEATED, 8, async (i) => {
      const id = page[i % PAGE]!;
      const student = crowd[Math.floor(i / PAGE)]!;
      const { user } = (await student.mutation("tutoring/sessions:join", { id })) as { user: { id: number } };
      await creator.mutation("tutoring/sessions:approveRequest", { id, userId: user.id });
    });
    const reader = crowd.at(-1)!;
    await reads(
      bench,
      reader,
      `list of ${PAGE} of ${count.toLocaleString("en")} (6.1)`,
      `/api/sessions/?page_size=${PAGE}`,
    );
    await reads(bench, reader, `one of ${count.toLocaleString("en")} (6.2)`, `/api/sessions/${page[0]}/`);
  }
  await joins(bench, page, crowd.slice(SEATED));
  await seen(bench, creator, await each(WATCHERS.length, 1, (i) => offer(`Watched ${i}`)), crowd);
  await seenWhole(bench, await each(WATCHERS.length, 1, (i) => offer(`Looked at ${i}`)), crowd);
}

const draft = (title: string) => ({
  title,
  description: "From halves to proportions, with exercises.",
  subject: "Mathematics",
  level: "beginner",
  date: new Date(Date.now() + 30 * 86_400_000).toISOString(),
  duration: 60,
  maxParticipants: 100,
});

async function grant(bench: Bench, user: BenchUser, permission: string): Promise<void> {
  const { email } = (await user.query("accounts/users:me", {})) as { email: string };
  await bench.admin.run("accounts/users:grantPermission", { email, permission });
}

/** Results of `count` calls, at most `inFlight` at once. */
async function each<Result>(count: number, inFlight: number, call: (i: number) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      for (let i = next++; i < count; i = next++) results[i] = await call(i);
    }),
  );
  return results;
}

const figures = (load: LoadResult, more: Record<string, string>) => ({
  rate: perSecond(load.requestsPerSecond),
  p50: ms(load.p50Ms),
  p99: ms(load.p99Ms),
  ...more,
  ...(load.failed > 0 && { FAILED: `${load.failed} ${load.firstFailure}` }),
});

/** GET, beside a node:http server that answers the same bytes without thinking. */
async function reads(bench: Bench, user: BenchUser, name: string, path: string): Promise<void> {
  const headers = { authorization: user.session };
  const body = await (await fetch(`${bench.siteUrl}${path}`, { headers })).text();
  const found = JSON.parse(body) as { results?: Made[] } & Partial<Made>;
  if (found.results ? found.results.length !== PAGE : found.id === undefined)
    throw new Error(`${path} answered ${body.slice(0, 200)}`);
  const reference = await startReference(body);
  for (const connections of CONNECTIONS) {
    const options = { connections, durationMs: LOAD_MS };
    const ours = await httpLoad(bench.siteUrl, () => ({ method: "GET", path, headers }), options);
    const plain = await httpLoad(reference.url, () => ({ method: "GET", path: "/" }), options);
    const more = {
      "of plain node:http": ratio(ours.requestsPerSecond / plain.requestsPerSecond),
      size: `${(body.length / 1024).toFixed(1)} KiB`,
    };
    report(`GET ${name}, ${connections} in flight`, figures(ours, more));
  }
  await reference.close();
}

/** Each request is another person's or for another session; answered when durable. */
async function joins(bench: Bench, sessions: number[], people: BenchUser[]): Promise<void> {
  const appends = durableAppendsPerSecond(1_000);
  let pair = 0;
  const next = () => {
    const who = people[Math.floor(pair / sessions.length) % people.length]!;
    const path = `/api/sessions/${sessions[pair++ % sessions.length]}/join/`;
    return { method: "POST", path, headers: { authorization: who.session }, body: { message: "May I?" } };
  };
  for (const connections of CONNECTIONS) {
    // So short that the pairs last.
    const load = await httpLoad(bench.siteUrl, next, { connections, durationMs: 1_000, warmUpMs: 200 });
    report(
      `POST join (6.6), ${connections} in flight`,
      figures(load, { "of one writer's durable appends": ratio(load.requestsPerSecond / appends) }),
    );
  }
}

/**
 * From sending a request to its notification on the creator's page, and to the figures on the page of everybody who
 * looks.
 */
async function seen(bench: Bench, creator: BenchUser, sessions: number[], crowd: BenchUser[]): Promise<void> {
  const reference = await startReference("{}");
  for (const [index, count] of WATCHERS.entries()) {
    const id = sessions[index]!;
    const { liveKey } = (await creator.query("tutoring/sessions:viewer", { id })) as { liveKey: string };
    const { convexUrl } = bench;
    const shown: number[] = [];
    let isShown = () => {};
    const inbox = await subscribe({
      convexUrl,
      jwt: creator.jwt,
      path: "notifications/inbox:list",
      args: { paginationOpts: { numItems: 6, cursor: null, id: 1 } },
      onUpdate: () => isShown(),
    });
    const live = await fanOut({
      count,
      iterations: JOINS,
      connect: (onUpdate) =>
        subscribe({ convexUrl, jwt: null, path: "tutoring/live:seats", args: { liveKey }, onUpdate }),
      change: async (n) => {
        const sentAt = performance.now();
        const notified = new Promise<void>((resolve) => (isShown = resolve));
        await Promise.all([crowd[n]!.mutation("tutoring/sessions:join", { id }), notified]);
        shown.push(performance.now() - sentAt);
      },
    });
    inbox.close();
    report(`join to notification, ${count} watching the session`, {
      p50: ms(quantile(shown, 0.5)),
      p99: ms(quantile(shown, 0.99)),
    });
    await reportLast(`join to seats on the last of ${count} pages`, live, reference, count);
  }
  await reference.close();
}

/** From sending a request to the whole session, anew, at each of many different people who look at it. */
async function seenWhole(bench: Bench, sessions: number[], crowd: BenchUser[]): Promise<void> {
  const viewers = await each(Math.max(...WATCHERS), 8, () => bench.newGuest());
  for (const [index, count] of WATCHERS.entries()) {
    const id = sessions[index]!;
    const answer = JSON.stringify(await viewers[0]!.query("tutoring/sessions:get", { id }));
    const reference = await startReference(answer);
    let next = 0;
    const live = await fanOut({
      count,
      iterations: JOINS,
      connect: (onUpdate) =>
        subscribe({
          convexUrl: bench.convexUrl,
          jwt: viewers[next++]!.jwt,
          path: "tutoring/sessions:get",
          args: { id },
          onUpdate,
        }),
      change: (n) => crowd[n]!.mutation("tutoring/sessions:join", { id }),
    });
    await reportLast(`join to the session on the last of ${count} people's pages`, live, reference, count);
    await reference.close();
  }
}

async function reportLast(
  name: string,
  live: FanOut,
  reference: Awaited<ReturnType<typeof startReference>>,
  count: number,
): Promise<void> {
  const plain = await fanOut({ count, iterations: JOINS, connect: reference.connect, change: reference.broadcast });
  report(name, {
    p50: ms(live.lastP50Ms),
    p99: ms(live.lastP99Ms),
    "of plain ws broadcast, p50": ratio(live.lastP50Ms / plain.lastP50Ms),
    "p99 ": ratio(live.lastP99Ms / plain.lastP99Ms),
    ...(live.lost > 0 && { LOST: String(live.lost) }),
  });
}
