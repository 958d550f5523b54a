import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "../deployment/transactions";
import { cliEnvironment, pushFunctions } from "../lib/start/push";
import { startBench, type Bench } from "./bench";
import { insertUsers } from "./fixture-users";
import { httpLoad } from "./http-load";
import { fanOut, subscribe } from "./live-load";
import { ms, quantile, ratio, report } from "./stats";

const FEW_ROWS = 1_000;
/** `insertUsers` writes a user, a session, its activity and an auth session. */
const ROWS_PER_USER = 4;
const UPDATES = 200_000;
const UPDATED_DOCUMENTS = 200;
const REST_MS = 3_000;
const READ_MS = 3_000;
const PING_EVERY_MS = 5;

/** Figures of one deployment; less is better. */
interface Figures {
  startSeconds: number;
  restMegabytes: number;
  pushSeconds: number;
  longestWaitMs: number;
  readMs: number;
  updateMs: number;
  diskMegabytes: number;
}

/** Measures what must not depend on how much is stored, with few and with `rows` stored rows. */
export async function benchScale(_bench: Bench, { rows }: { rows: number }): Promise<void> {
  const few = await measure(FEW_ROWS);
  const many = await measure(rows);
  const stored = `${rows.toLocaleString("en")} rows`;
  const line = (name: string, key: keyof Figures, format: (value: number) => string) =>
    report(`${name}, ${stored}`, { is: format(many[key]), "of 1,000 rows": ratio(many[key] / few[key]) });
  const seconds = (value: number) => `${value.toFixed(1)} s`;
  const megabytes = (value: number) => `${Math.round(value)} MB`;
  line("npm start to ready", "startSeconds", seconds);
  line("memory at rest, all processes", "restMegabytes", megabytes);
  line("npx convex deploy, nothing changed", "pushSeconds", seconds);
  line("longest answer beside it", "longestWaitMs", ms);
  line("GET /api/sessions/{id}/, p50", "readMs", ms);
  line("mutation to an unrelated subscription, p50", "updateMs", ms);
  line(`disk after ${UPDATES.toLocaleString("en")} updates`, "diskMegabytes", megabytes);
}

async function measure(rows: number): Promise<Figures> {
  const dataDir = mkdtempSync(join(tmpdir(), "live-sessions-bench-"));
  try {
    // Makes the tenant that users belong to.
    const empty = await startBench(dataDir);
    await empty.newUser();
    await empty.close();
    const folder = join(dataDir, "deployment");
    const [first] = await insertUsers(folder, { count: Math.ceil(rows / ROWS_PER_USER) });
    const bench = await startBench(dataDir);
    const served = await measureServed(bench, dataDir, first!.credential);
    await updateOften(folder);
    return { ...served, diskMegabytes: measureFolder(join(folder, "db")) };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Measures a running server, and ends it. */
async function measureServed(
  bench: Bench,
  dataDir: string,
  credential: string,
): Promise<Omit<Figures, "diskMegabytes">> {
  try {
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
    const restMegabytes = measureMemory(dataDir);
    const waits = startPings(bench.convexUrl);
    const pushedAt = performance.now();
    await pushFunctions(cliEnvironment(bench.convexUrl, bench.adminKey));
    const pushSeconds = (performance.now() - pushedAt) / 1_000;
    const longestWaitMs = quantile(await waits.stop(), 1);
    const headers = { authorization: `SessionID ${credential}` };
    const read = await httpLoad(
      bench.siteUrl,
      () => ({ method: "GET", path: `/api/sessions/${credential}/`, headers }),
      {
        connections: 1,
        durationMs: READ_MS,
      },
    );
    if (read.failed > 0) throw new Error(`${read.failed} reads failed: ${read.firstFailure}`);
    const { startSeconds } = bench;
    return { startSeconds, restMegabytes, pushSeconds, longestWaitMs, readMs: read.p50Ms, updateMs: await hear(bench) };
  } finally {
    await bench.close();
  }
}

/** @returns ms from a mutation to the subscription that it changes, of a table with few rows. */
async function hear(bench: Bench): Promise<number> {
  const user = await bench.newUser();
  const { firstP50Ms, lost } = await fanOut({
    count: 1,
    iterations: 100,
    connect: (onUpdate) =>
      subscribe({ convexUrl: bench.convexUrl, jwt: user.jwt, path: "focus/goals:list", args: {}, onUpdate }),
    change: (n) =>
      user.mutation("focus/goals:create", {
        title: `Goal ${n}`,
        emoji: "⏱",
        category: { name: "Coding", color: "#3b82f6" },
        daysTotal: 30,
      }),
  });
  if (lost > 0) throw new Error(`${lost} updates were lost`);
  return firstP50Ms;
}

/** Asks for the version again and again; `stop` gives how long each answer took, ms. */
function startPings(convexUrl: string): { stop(): Promise<number[]> } {
  const waits: number[] = [];
  let isRunning = true;
  const ended = (async () => {
    while (isRunning) {
      const askedAt = performance.now();
      await (await fetch(`${convexUrl}/version`)).arrayBuffer();
      waits.push(performance.now() - askedAt);
      await new Promise((resolve) => setTimeout(resolve, PING_EVERY_MS));
    }
  })();
  return {
    async stop() {
      isRunning = false;
      await ended;
      // The first one opens the connection.
      return waits.slice(1);
    },
  };
}

/** Resident memory of all processes that were started for the data folder, on Linux. */
function measureMemory(dataDir: string): number {
  let kilobytes = 0;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name)))
    try {
      if (!readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(`DATA_DIR=${dataDir}`)) continue;
      kilobytes += Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
    } catch {
      // It has ended meanwhile, or is another user's.
    }
  return kilobytes / 1_000;
}

/** Writes the same documents again and again into a stopped deployment. */
async function updateOften(folder: string): Promise<void> {
  const store = openStore(folder);
  try {
    const ids = store.groupCommit((writer) => {
      const tx = store.begin("write");
      const made = Array.from({ length: UPDATED_DOCUMENTS }, (_, n) => tx.insert("", "scaleUpdates", { n }));
      writer.commit(tx);
      return made;
    });
    for (let done = 0; done < UPDATES; done += ids.length) {
      // As between the commits of a deployment that is served.
      await new Promise((resolve) => setImmediate(resolve));
      store.groupCommit((writer) => {
        const tx = store.begin("write");
        for (const [n, id] of ids.entries()) tx.replace("", id, { n, done, text: "x".repeat(400) });
        writer.commit(tx);
      });
    }
  } finally {
    await store.close();
  }
}

/** MB on disk of the files in a folder without links, which would be followed. */
function measureFolder(folder: string): number {
  return (
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .map((path) => statSync(join(folder, path)))
      .filter((entry) => entry.isFile())
      .reduce((sum, { blocks }) => sum + blocks * 512, 0) / 1e6
  );
}
