import { httpLoad } from "./http-load";
import { fanOut, subscribe } from "./live-load";
import { startReference, type Bench } from "./bench";
import { ms, perSecond, ratio, report } from "./stats";
import { durableAppendsPerSecond } from "./disk";

const LOAD_MS = 3_000;
const CONNECTIONS = 32;

/** Live focus sessions: fan-out, durable writes, REST reads, and what an active session costs in writes. */
export async function benchFocus(bench: Bench): Promise<void> {
  const user = await bench.newUser();
  const goalId = (await user.mutation("focus/goals:create", {
    title: "Bench",
    emoji: "⏱",
    category: { name: "Coding", color: "#3b82f6" },
    daysTotal: 30,
  })) as string;
  const activityId = (await user.mutation("focus/activities:create", {
    name: "Programming",
    emoji: "💻",
    category: "Coding",
    color: "#3b82f6",
  })) as string;
  const sessionId = (await user.mutation("focus/sessions:start", { goalId, activityId })) as string;
  let running = true;
  const change = () => {
    running = !running;
    return user.mutation(`focus/sessions:${running ? "resume" : "pause"}`, { sessionId });
  };

  const reference = await startReference(JSON.stringify({ id: sessionId, status: "paused" }));
  for (const count of [1, 100, 1_000]) {
    const iterations = count === 1 ? 200 : 40;
    const live = await fanOut({
      count,
      iterations,
      connect: (onUpdate) =>
        subscribe({ convexUrl: bench.convexUrl, jwt: user.jwt, path: "focus/sessions:current", args: {}, onUpdate }),
      change,
    });
    const plain = await fanOut({ count, iterations, connect: reference.connect, change: reference.broadcast });
    report(`mutation to live update, ${count} subscribers, the last`, {
      p50: ms(live.lastP50Ms),
      p99: ms(live.lastP99Ms),
      "of plain ws broadcast, p50": ratio(live.lastP50Ms / plain.lastP50Ms),
      "p99 ": ratio(live.lastP99Ms / plain.lastP99Ms),
      ...(live.lost > 0 && { LOST: String(live.lost) }),
    });
  }

  const writes = await concurrentMutations(bench);
  const appends = durableAppendsPerSecond(2_000);
  report("durable mutations, 64 in flight", {
    rate: perSecond(writes),
    "of one writer's durable appends": ratio(writes / appends),
  });

  await user.mutation("focus/sessions:complete", { sessionId });
  const headers = { authorization: user.session };
  for (const [name, path] of [
    ["GET /api/v1/goals/{id}/ (5.4)", `/api/v1/goals/${goalId}/`],
    ["GET /api/v1/goals/{id}/sessions/ (5.6)", `/api/v1/goals/${goalId}/sessions/`],
  ] as const)
    for (const connections of [1, CONNECTIONS]) {
      const options = { connections, durationMs: LOAD_MS };
      const ours = await httpLoad(bench.siteUrl, () => ({ method: "GET", path, headers }), options);
      const plain = await httpLoad(reference.url, () => ({ method: "GET", path: "/" }), options);
      report(`${name}, ${connections} in flight`, {
        rate: perSecond(ours.requestsPerSecond),
        p50: ms(ours.p50Ms),
        p99: ms(ours.p99Ms),
        "of plain node:http": ratio(ours.requestsPerSecond / plain.requestsPerSecond),
        ...(ours.failed > 0 && { FAILED: `${ours.failed} ${ours.firstFailure}` }),
      });
    }
  await reference.close();
  await benchWritesPerSession(bench, activityId);
}

/** Goals created by 64 clients at once, each answered only when durable. */
async function concurrentMutations(bench: Bench): Promise<number> {
  const user = await bench.newUser();
  const until = performance.now() + LOAD_MS;
  let count = 0;
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: 64 }, async (_, worker) => {
      const client = await user.another();
      while (performance.now() < until) {
        await client.mutation("focus/activities:create", {
          name: `Activity ${worker} ${count}`,
          emoji: "📌",
          category: "Study",
          color: "#10b981",
        });
        count++;
      }
    }),
  );
  return count / ((performance.now() - startedAt) / 1000);
}

/** Durable commits a session causes while it only runs: a heartbeat every 30 s, counted in the database itself. */
async function benchWritesPerSession(bench: Bench, activityId: string): Promise<void> {
  const user = await bench.newUser();
  const goalId = (await user.mutation("focus/goals:create", {
    title: "Writes",
    emoji: "✍",
    category: { name: "Study", color: "#10b981" },
    daysTotal: 1,
  })) as string;
  const sessionId = (await user.mutation("focus/sessions:start", { goalId, activityId })) as string;
  const beatsPerHour = 120;
  const beats = 30;
  await bench.idle();
  const before = bench.commits();
  for (let i = 0; i < beats; i++) await user.mutation("focus/sessions:heartbeat", { sessionId });
  const perBeat = (bench.commits() - before) / beats;
  report("writes per active focus session per hour", {
    commits: String(Math.round(perBeat * beatsPerHour)),
    heartbeats: String(beatsPerHour),
  });
}
