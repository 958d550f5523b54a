import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deadlineMs } from "../../lib/deadlines";
import { openStore } from "../transactions";
import {
  ADMIN_KEY,
  containing,
  eventually,
  fixtureApp,
  push,
  run,
  startTestDeployment,
  type TestDeployment,
} from "../deploy/testing";

const PORT = 4330;
const CRASH_PORT = 4332;
let app: TestDeployment;

beforeAll(async () => {
  app = await startTestDeployment(PORT);
});
afterAll(() => app.stop());

type Job = {
  state: { kind: string; error?: string };
  name: string;
  args: unknown[];
  scheduledTime: number;
  completedTime?: number;
} | null;

const runs = (name: string): Promise<number> => run(app.url, "jobs:runs", { name }) as Promise<number>;
const job = (id: string): Promise<Job> => run(app.url, "jobs:job", { id }) as Promise<Job>;
const later = (name: string, args: Record<string, unknown>, ms = 0): Promise<string> =>
  run(app.url, "jobs:later", { job: name, args, ms }) as Promise<string>;

async function untilDone(id: string): Promise<NonNullable<Job>> {
  await eventually(async () => (await job(id))?.completedTime !== undefined, "the job to end");
  return (await job(id))!;
}

describe("mutations", () => {
  test("run once, soon, and leave a record", async () => {
    const id = await later("record", { name: "soon" });
    await eventually(async () => (await runs("soon")) === 1, "the run");
    expect(await untilDone(id)).toMatchObject({
      name: "jobs.js:record",
      args: [{ name: "soon" }],
      state: { kind: "success" },
    });
  });

  test("wait for their time", async () => {
    const id = await later("record", { name: "waits" }, deadlineMs(2_000));
    expect(await job(id)).toMatchObject({ state: { kind: "pending" } });
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(await runs("waits")).toBe(0);
    const { scheduledTime, completedTime } = await untilDone(id);
    expect(completedTime!).toBeGreaterThanOrEqual(scheduledTime);
    expect(await runs("waits")).toBe(1);
  });

  test("may have arguments of 4 MiB, nested as any function's", async () => {
    const nested = Array.from({ length: 60 }).reduce<unknown>((inner) => [inner], 1);
    const name = "x".repeat(3 * 2 ** 20);
    expect(await untilDone(await later("count", { name, nested }))).toMatchObject({ state: { kind: "success" } });
    await expect(later("count", { name: "x".repeat(4 * 2 ** 20), nested })).rejects.toThrow(/4 MiB/);
  });

  test("that are queries are scheduled, and fail when their time comes", async () => {
    const { state } = await untilDone(await later("runs", { name: "a query" }));
    expect(state).toMatchObject({ kind: "failed", error: containing("only mutations and actions can be scheduled") });
  });

  test("get no commit timestamp, which there is not yet", async () => {
    await expect(run(app.url, "jobs:laterWithTimestamp")).rejects.toThrow(/commit timestamp/);
  });

  test("that fail are not retried, and nothing they wrote stays", async () => {
    const done = await untilDone(await later("fail", { name: "fails" }));
    expect(done.state.kind).toBe("failed");
    expect(done.state.error).toContain("on purpose");
    expect(await runs("fails")).toBe(0);
  });

  test("scheduled by a function that fails never exist", async () => {
    await expect(run(app.url, "jobs:abort", { name: "aborted" })).rejects.toThrow("nothing of this");
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await runs("aborted")).toBe(0);
  });

  test("with arguments that do not fit fail", async () => {
    const done = await untilDone(await later("record", { wrong: 1 }));
    expect(done.state).toMatchObject({
      kind: "failed",
      error: containing("ArgumentValidationError"),
    });
  });

  test("that a push has taken away fail", async () => {
    const temporary = {
      text: `import { internalMutationGeneric } from "convex/server"; export const gone = internalMutationGeneric(async () => null);
      import { mutationGeneric, anyApi } from "convex/server"; export const plan = mutationGeneric(async (ctx) => await ctx.scheduler.runAfter(${deadlineMs(5_000)}, anyApi.temporary.gone, {}));`,
    };
    await push(app.url, fixtureApp({ "temporary.ts": temporary }));
    const id = (await run(app.url, "temporary:plan")) as string;
    await push(app.url, fixtureApp());
    expect((await untilDone(id)).state).toMatchObject({
      kind: "failed",
      error: containing("Could not find"),
    });
  });

  test("a thousand run once each", async () => {
    for (let i = 0; i < 10; i++) await run(app.url, "jobs:batch", { name: "many", count: 100 });
    await eventually(async () => (await runs("many")) >= 1_000, "all of them");
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await runs("many")).toBe(1_000);
  });
});

describe("cancelling", () => {
  test("a pending job: it never runs", async () => {
    const id = await later("record", { name: "canceled" }, deadlineMs(1_000));
    await run(app.url, "jobs:cancel", { id });
    expect((await job(id))!.state).toEqual({ kind: "canceled" });
    await new Promise((resolve) => setTimeout(resolve, deadlineMs(1_000) + 100));
    expect(await runs("canceled")).toBe(0);
  });

  test("a running action: it goes on, but what it schedules does not", async () => {
    const id = await later("slow", { name: "stopped", ms: deadlineMs(1_500) });
    await eventually(async () => (await runs("stopped:begin")) === 1, "its beginning");
    expect((await job(id))!.state.kind).toBe("inProgress");
    await run(app.url, "jobs:cancel", { id });
    await eventually(async () => (await runs("stopped")) === 1, "its end");
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await job(id))!.state).toEqual({ kind: "canceled" });
    expect(await runs("stopped:child")).toBe(0);
  });
});

test("actions run beside each other, and mutations do not wait for them", async () => {
  const ids = await Promise.all(
    Array.from({ length: 12 }, (_, i) => later("slow", { name: `slow${i}`, ms: deadlineMs(2_000) })),
  );
  await later("record", { name: "overtakes" });
  await eventually(async () => (await runs("overtakes")) === 1, "the mutation");
  const going = (await Promise.all(ids.map(job))).filter((entry) => entry?.state.kind === "inProgress");
  expect(going.length).toBeGreaterThan(1);
  await eventually(
    async () => (await Promise.all(ids.map(job))).every((entry) => entry?.state.kind === "success"),
    "all actions",
  );
  expect(await runs("slow11:child")).toBe(1);
});

const listNextTimes = (store: ReturnType<typeof openStore>): number[] =>
  [...store.meta.list("cron/")].map(([, text]) => (JSON.parse(text) as { nextMs: number }).nextMs);

test("a cron that a clock ahead of time has put off runs again once the clock is right", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "crons-"));
  const minutely = `import { anyApi, cronJobs } from "convex/server";
    const crons = cronJobs();
    crons.interval("often", { seconds: 1 }, anyApi.jobs.record, { name: "often" });
    crons.cron("daily", "0 12 * * *", anyApi.jobs.record, { name: "daily" });
    export default crons;`;
  const first = await startTestDeployment(PORT + 4, fixtureApp({ "crons.ts": { text: minutely } }), { dataDir });
  await first.deployment.close();
  const store = openStore(dataDir);
  const before = listNextTimes(store);
  for (const [key, text] of [...store.meta.list("cron/")]) {
    const state = JSON.parse(text) as { nextMs: number };
    store.meta.put(key, JSON.stringify({ ...state, nextMs: state.nextMs + 3 * 86_400_000 }));
  }
  await store.close();
  const second = await startTestDeployment(PORT + 6, null, { dataDir });
  const often = () => run(second.url, "jobs:runs", { name: "often" }) as Promise<number>;
  const had = await often();
  await eventually(async () => (await often()) > had, "a run");
  await second.deployment.close();
  const again = openStore(dataDir);
  expect(Math.max(...listNextTimes(again))).toBe(Math.max(...before));
  await again.close();
  rmSync(dataDir, { recursive: true, force: true });
});

test("crons start with the push that brings them, go with the one that drops them, and keep their beat over others", async () => {
  const crons = (seconds: number): { text: string } => ({
    text: `import { anyApi, cronJobs } from "convex/server";
      const crons = cronJobs();
      crons.interval("tick", { seconds: ${seconds} }, anyApi.jobs.record, { name: "tick" });
      export default crons;`,
  });
  await push(app.url, fixtureApp({ "crons.ts": crons(1) }));
  await eventually(async () => (await runs("tick")) >= 2, "two ticks");
  const before = await runs("tick");
  const since = performance.now();
  // An unchanged cron is not started anew: pushing often must not make it run more often.
  for (let i = 0; i < 4; i++) await push(app.url, fixtureApp({ "crons.ts": crons(1) }));
  const seconds = (performance.now() - since) / 1_000;
  expect((await runs("tick")) - before).toBeLessThanOrEqual(Math.ceil(seconds) + 1);
  await push(app.url, fixtureApp());
  const last = await runs("tick");
  await new Promise((resolve) => setTimeout(resolve, 1_300));
  expect(await runs("tick")).toBe(last);
});

describe("kill -9", () => {
  const main = fileURLToPath(new URL("../main.ts", import.meta.url));
  const dataDir = mkdtempSync(join(tmpdir(), "deployment-crash-"));
  const url = `http://127.0.0.1:${CRASH_PORT}`;
  let child: ChildProcess;

  async function start(): Promise<void> {
    child = spawn(
      process.execPath,
      [
        "--import",
        "tsx",
        main,
        "--data",
        dataDir,
        "--cloud-port",
        String(CRASH_PORT),
        "--site-port",
        String(CRASH_PORT + 1),
        "--admin-key",
        ADMIN_KEY,
      ],
      { stdio: ["ignore", "ignore", "inherit"] },
    );
    await eventually(
      () =>
        fetch(url).then(
          () => true,
          () => false,
        ),
      "the deployment to listen",
      20_000,
    );
  }
  const kill = (): Promise<void> =>
    new Promise((resolve) => {
      child.once("exit", () => resolve());
      child.kill("SIGKILL");
    });
  afterAll(async () => {
    await kill();
    rmSync(dataDir, { recursive: true, force: true });
  });

  test("loses no answered write, no job, and runs none twice", async () => {
    await start();
    await push(url, fixtureApp());
    const slow = (await run(url, "jobs:later", {
      job: "slow",
      args: { name: "cut", ms: 60_000 },
      ms: 0,
    })) as string;
    await eventually(async () => (await run(url, "jobs:runs", { name: "cut:begin" })) === 1, "the action to begin");
    let answered = 0;
    for (let round = 0; round < 3; round++) {
      let stopped = false;
      const writers = Array.from({ length: 4 }, async () => {
        while (!stopped) {
          try {
            await run(url, "jobs:batch", { name: "crash", count: 5 });
            answered += 1;
          } catch {
            return;
          }
        }
      });
      const enough = answered + 5;
      await eventually(() => answered >= enough, "some answers");
      // Somewhere in what comes next.
      await new Promise((resolve) => setTimeout(resolve, round * 13));
      await kill();
      stopped = true;
      await Promise.all(writers);
      await start();
      const wanted = (await run(url, "jobs:runs", { name: "crash:wanted" })) as number;
      expect(wanted).toBeGreaterThanOrEqual(answered * 5);
      await eventually(
        async () => (await run(url, "jobs:runs", { name: "crash" })) === wanted,
        `${wanted} runs`,
        15_000,
      );
    }
    expect(answered).toBeGreaterThan(10);
    expect(await run(url, "jobs:job", { id: slow })).toMatchObject({
      state: { kind: "failed", error: containing("not retried") },
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await run(url, "jobs:runs", { name: "crash" })).toBe(await run(url, "jobs:runs", { name: "crash:wanted" }));
  });
});
