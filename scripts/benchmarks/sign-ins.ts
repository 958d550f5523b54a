import type { Bench, BenchUser } from "./bench";
import { subscribe } from "./live-load";
import { ms, quantile, report } from "./stats";

const SIGN_INS = 50;
/** Different people: sessions of one account would wait for each other. */
const ACCOUNTS = 10;
const PASSWORD = "bench password 1";
/** Before and after, so that whatever else loads the machine loads both measurements. */
const QUIET_MS = 8_000;

/**
 * Measures what fifty sign-ins at once do to somebody else's live updates: the delay from a change to its update,
 * before and during.
 */
export async function benchSignIns(bench: Bench): Promise<void> {
  const user = await bench.newUser();
  const emails = Array.from({ length: ACCOUNTS }, (_, n) => `sign-in-${n}-${Date.now()}@example.com`);
  for (const email of emails) await post(bench, "/api/auth/register/", email);
  const watched = await watchedChange(bench, user);
  const during = async (until: () => boolean): Promise<number[]> => {
    const samples: number[] = [];
    while (!until()) samples.push(await watched.changeOnce());
    return samples;
  };
  const quietly = () => {
    const startedAt = performance.now();
    return during(() => performance.now() - startedAt > QUIET_MS);
  };
  await quietly();
  const before = await quietly();
  let done = false;
  const startedAt = performance.now();
  const signIns = Promise.all(
    Array.from({ length: SIGN_INS }, (_, n) => post(bench, "/api/auth/login/", emails[n % ACCOUNTS]!)),
  ).finally(() => (done = true));
  const busy = await during(() => done);
  await signIns;
  const tookMs = performance.now() - startedAt;
  const quiet = [...before, ...(await quietly())];
  watched.close();
  report("live update while nobody signs in", figures(quiet));
  report(`live update during ${SIGN_INS} sign-ins at once`, {
    ...figures(busy),
    "later than usual, p50": ms(quantile(busy, 0.5) - quantile(quiet, 0.5)),
    "p99 ": ms(quantile(busy, 0.99) - quantile(quiet, 0.99)),
    "max ": ms(Math.max(...busy) - Math.max(...quiet)),
    "sign-ins took": ms(tookMs),
  });
}

const figures = (samples: number[]) => ({
  p50: ms(quantile(samples, 0.5)),
  p99: ms(quantile(samples, 0.99)),
  max: ms(Math.max(...samples)),
});

/** A live query of one user's that a mutation changes; → the time from a change's sending to its update, in ms. */
async function watchedChange(bench: Bench, user: BenchUser) {
  const goalId = await user.mutation("focus/goals:create", {
    title: "Bench",
    emoji: "⏱",
    category: { name: "Coding", color: "#3b82f6" },
    daysTotal: 1,
  });
  const activity = { name: "Programming", emoji: "💻", category: "Coding", color: "#3b82f6" };
  const activityId = await user.mutation("focus/activities:create", activity);
  const sessionId = await user.mutation("focus/sessions:start", { goalId, activityId });
  let heard = () => {};
  const subscription = await subscribe({
    convexUrl: bench.convexUrl,
    jwt: user.jwt,
    path: "focus/sessions:current",
    args: {},
    onUpdate: () => heard(),
  });
  let running = true;
  return {
    close: () => subscription.close(),
    async changeOnce(): Promise<number> {
      const told = new Promise<void>((resolve) => (heard = resolve));
      running = !running;
      const startedAt = performance.now();
      const changed = user.mutation(`focus/sessions:${running ? "resume" : "pause"}`, { sessionId });
      await told;
      const tookMs = performance.now() - startedAt;
      await changed;
      return tookMs;
    },
  };
}

async function post(bench: Bench, path: string, email: string): Promise<void> {
  const response = await fetch(`${bench.siteUrl}${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ email, password: PASSWORD }),
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  await response.arrayBuffer();
}
