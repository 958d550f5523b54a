import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ConvexHttpClient } from "convex/browser";
import WebSocket from "ws";
import { decodeRecords } from "../deployment/storage";
import { adminClient, type AdminClient } from "../lib/admin";
import { startChild } from "../lib/processes/children";
import { functionReference } from "../lib/function-reference";
import { startServer } from "../lib/server";
import type { Subscriber } from "./live-load";
import type { ReferenceReady } from "./reference";

export interface BenchUser {
  /** `Authorization` value with a SessionID. */
  session: string;
  jwt: string;
  mutation(path: string, args: object): Promise<unknown>;
  query(path: string, args: object): Promise<unknown>;
  /** The same user over a connection of its own. */
  another(): Promise<BenchUser>;
}

/** A server under measurement, started as a user starts it, and what the cases ask of it. */
export interface Bench {
  siteUrl: string;
  convexUrl: string;
  admin: AdminClient;
  adminKey: string;
  /** Seconds from `npm start` to ready. */
  startSeconds: number;
  newUser(): Promise<BenchUser>;
  /** A user without e-mail, made without hashing a password; `session` is a Bearer token that lasts for minutes. */
  newGuest(): Promise<BenchUser>;
  /** Write transactions of the deployment so far: each is one record of its write-ahead log. */
  commits(): number;
  /** Resolves when nothing has been written for a second. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** @param dataDir a folder of data that is kept; without one, one of its own that goes with it. */
export async function startBench(dataDir?: string): Promise<Bench> {
  const startedAt = performance.now();
  const server = await startServer({ ...(dataDir && { dataDir }), env: { RATE_LIMIT_SCALE: "1000000" } });
  const startSeconds = (performance.now() - startedAt) / 1000;
  const post = async (path: string, body: object, auth?: string) => {
    const response = await fetch(`${server.siteUrl}${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...(auth && { Authorization: auth }) },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Record<string, string>;
  };
  const log = join(server.dataDir, "deployment", "db", "log");
  const commits = () => lastSequence(log);
  return {
    commits,
    async idle() {
      for (let before = -1; before !== commits(); await new Promise((resolve) => setTimeout(resolve, 1_000)))
        before = commits();
    },
    siteUrl: server.siteUrl,
    convexUrl: server.convexUrl,
    admin: adminClient(server.convexUrl, server.adminKey),
    adminKey: server.adminKey,
    startSeconds,
    async newUser() {
      const email = `bench-${randomUUID()}@example.com`;
      const { session_id } = await post("/api/auth/register/", { email, password: "bench password 1" });
      const session = `SessionID ${session_id}`;
      const { access } = await post("/api/auth/token/", {}, session);
      return user(server.convexUrl, session, access!);
    },
    async newGuest() {
      const client = new ConvexHttpClient(server.convexUrl, { logger: false });
      const { tokens } = (await client.action(functionReference<"action">("auth:signIn"), {
        provider: "anonymous",
      })) as { tokens: { token: string } };
      return user(server.convexUrl, `Bearer ${tokens.token}`, tokens.token);
    },
    close: () => server.stop(),
  };
}

/** The number of the newest record in the files of a log, which are written over in turn. */
function lastSequence(folder: string): number {
  const files = readdirSync(folder).filter((name) => name.endsWith(".log"));
  return Math.max(
    0,
    ...files.flatMap((name) => [...decodeRecords(readFileSync(join(folder, name)))].map(({ sequence }) => sequence)),
  );
}

function user(convexUrl: string, session: string, jwt: string): BenchUser {
  const client = new ConvexHttpClient(convexUrl, { logger: false });
  client.setAuth(jwt);
  return {
    session,
    jwt,
    mutation: (path, args) => client.mutation(functionReference<"mutation">(path), args, { skipQueue: true }),
    query: (path, args) => client.query(functionReference<"query">(path), args),
    another: async () => user(convexUrl, session, jwt),
  };
}

/** The plain reference server: its URL, a connector for subscribers, and a broadcast to all of them. */
export async function startReference(body: string) {
  const child = await startChild<ReferenceReady>(new URL("./reference.ts", import.meta.url), { body });
  const url = `http://127.0.0.1:${child.ready.port}`;
  return {
    url,
    connect: (onUpdate: () => void): Promise<Subscriber> =>
      new Promise((resolve, reject) => {
        const socket = new WebSocket(url.replace(/^http/, "ws"), { perMessageDeflate: false });
        socket.on("open", () => resolve({ close: () => socket.close() }));
        socket.on("message", onUpdate);
        socket.on("error", reject);
      }),
    broadcast: async () => {
      await (await fetch(url, { method: "POST" })).arrayBuffer();
    },
    close: () => child.stop(),
  };
}
