import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer, type Server } from "../lib/server";
import { insertUsers } from "./fixture-users";
import { httpLoad } from "./http-load";
import { median, ms, perSecond, ratio, report } from "./stats";

const FEW = 100;
const MANY = 100_000;
const ROUNDS = 5;
const ROUND_MS = 2_000;
const CONNECTIONS = 32;
/** Sessions in use; the others lie about. */
const IN_USE = 100;

/**
 * `GET /api/sessions/{id}/` beside few and beside many stored sessions. Both servers run at once and are measured in
 * turns, so that whatever else loads the machine loads both.
 */
export async function benchSessionChecks(): Promise<void> {
  const few = await serverWith(FEW);
  try {
    const many = await serverWith(MANY);
    try {
      const rounds = { few: [] as Round[], many: [] as Round[] };
      for (let round = 0; round < ROUNDS; round++) {
        rounds.few.push(await check(few));
        rounds.many.push(await check(many));
      }
      for (const [count, name] of [
        [FEW, "few"],
        [MANY, "many"],
      ] as const)
        report(`GET /api/sessions/{id}/, ${count.toLocaleString("en")} stored, ${CONNECTIONS} in flight`, {
          rate: perSecond(median(rounds[name].map((round) => round.requestsPerSecond))),
          p50: ms(median(rounds[name].map((round) => round.p50Ms))),
          p99: ms(median(rounds[name].map((round) => round.p99Ms))),
          ...(name === "many" && {
            "times slower": ratio(
              median(rounds.few.map((round, n) => round.requestsPerSecond / rounds.many[n]!.requestsPerSecond)),
            ),
          }),
        });
    } finally {
      await many.close();
    }
  } finally {
    await few.close();
  }
}

interface Round {
  requestsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
}
interface Filled {
  server: Server;
  credentials: string[];
  close(): Promise<void>;
}

/** A server with `count` stored sessions, of which some are in use. */
async function serverWith(count: number): Promise<Filled> {
  const dataDir = mkdtempSync(join(tmpdir(), "live-sessions-bench-"));
  const start = () => startServer({ dataDir, env: { RATE_LIMIT_SCALE: "1000000" } });
  try {
    const empty = await start();
    // Makes the tenant that users belong to.
    const registered = await fetch(`${empty.siteUrl}/api/auth/register/`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ email: "first@example.com", password: "bench password 1" }),
    });
    await empty.kill("SIGTERM");
    if (registered.status !== 201) throw new Error(`registering answered ${registered.status}`);
    const users = await insertUsers(join(dataDir, "deployment"), { count });
    const step = Math.floor(users.length / IN_USE);
    const credentials = Array.from({ length: IN_USE }, (_, n) => users[n * step]!.credential);
    const server = await start();
    return {
      server,
      credentials,
      async close() {
        await server.kill("SIGTERM");
        rmSync(dataDir, { recursive: true, force: true });
      },
    };
  } catch (error) {
    rmSync(dataDir, { recursive: true, force: true });
    throw error;
  }
}

async function check({ server, credentials }: Filled): Promise<Round> {
  const result = await httpLoad(
    server.siteUrl,
    (n) => {
      const id = credentials[n % credentials.length]!;
      return { method: "GET", path: `/api/sessions/${id}/`, headers: { authorization: `SessionID ${id}` } };
    },
    { connections: CONNECTIONS, durationMs: ROUND_MS },
  );
  if (result.failed > 0) throw new Error(`${result.failed} session checks failed: ${result.firstFailure}`);
  return result;
}
