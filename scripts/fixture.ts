/**
 * `npm run fixture`: a data folder and a fixture file for a load harness that drives the REST contracts. Users are
 * written into the database while it is stopped; everything else comes in over the contracts themselves.
 */
import { randomUUID } from "node:crypto";
import { cpSync, existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { ConvexHttpClient } from "convex/browser";
import { CardLine } from "./import-cards";
import { adminClient } from "./lib/admin";
import { HELP_OPTION, readArguments, wholeNumber } from "./lib/arguments";
import { KEEP_PASSED_ON } from "./lib/start/environment";
import { makeFolder } from "./lib/folders/folders";
import { type Ports } from "./lib/free-ports";
import { startServer, type Server } from "./lib/server";
import { functionReference } from "./lib/function-reference";
import { insertUsers, type FixtureUser } from "./benchmarks/fixture-users";
import { step } from "./lib/start/progress";

/** Requests for each tutoring session. Whoever books one books it once. */
const PER_SESSION = { participants: 5, materials: 2, requests: 3 };
const LEAST_MEMBERS = 1 + PER_SESSION.participants + PER_SESSION.requests;

const HELP = `npm run fixture -- --out FOLDER [options]     data for a load harness

  --out FOLDER      gets data/ (a data folder for npm start), pristine/ (a copy of it) and fixture.json
  --members N       users with sessions, goals and drafts (100, at least ${LEAST_MEMBERS})
  --joiners N       users without ties to any session (600)
  --sessions N      tutoring sessions (100)
  --active N        active focus sessions (20000)
  --history N       ended focus sessions of the first member (50)
  --drafts N        report drafts of each member (0)
  --devices N       signed-in devices of the first member (10)
  --ports A,B,C,D   CONVEX_PORT, CONVEX_SITE_PORT, STORE_PORT, WEB_PORT the data will be served on (3210,3211,5433,5173)
  --help            this text`;

const IN_FLIGHT = 32;
let running: Server | null = null;

/** Runs `work(0…count−1)`, 32 at a time. */
async function each<T>(count: number, work: (n: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const loop = async () => {
    for (let n = next++; n < count; n = next++) results[n] = await work(n);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, loop));
  return results;
}

async function main(): Promise<void> {
  const number = (fallback: number) => ({ type: "string" as const, default: String(fallback) });
  const { values } = readArguments({
    options: {
      out: { type: "string" },
      members: number(100),
      joiners: number(600),
      sessions: number(100),
      active: number(20_000),
      history: number(50),
      drafts: number(0),
      devices: number(10),
      ports: { type: "string", default: "3210,3211,5433,5173" },
      help: HELP_OPTION,
    },
  });
  if (values.help) return console.log(HELP);
  if (!values.out) throw new Error("--out FOLDER is required; see --help.");
  const out = resolve(values.out);
  const count = (option: Exclude<keyof typeof values, "out" | "ports" | "help">, least = 0) =>
    wholeNumber(`--${option}`, values[option], least);
  const members = count("members", LEAST_MEMBERS);
  const [joiners, sessionCount, active, history] = [
    count("joiners"),
    count("sessions"),
    count("active"),
    count("history"),
  ];
  const [draftsEach, devices] = [count("drafts"), count("devices", 1)];
  const ports = readPorts(values.ports);
  const dataDir = join(out, "data");
  makeRoom(out);
  const start = async () =>
    (running = await startServer({
      dataDir,
      ports,
      env: { RATE_LIMIT_SCALE: "1000000", TUTORING_AUTO_APPROVE: "true" },
    }));

  let server = await step("empty server", start);
  const { JWT_PRIVATE_KEY = "" } = await adminClient(server.convexUrl, server.adminKey).environment();
  await request(server, "POST", "/api/auth/register/", null, {
    email: "first@example.com",
    password: "first password",
  });
  await server.kill("SIGTERM");
  const users = await step("users", () =>
    insertUsers(join(dataDir, "deployment"), {
      count: members + joiners,
      extraDevices: devices - 1,
      tokens: { privateKey: JWT_PRIVATE_KEY, siteUrl: server.siteUrl },
    }),
  );
  server = await step("server with users", start);
  const fill = new Filler(server, users.slice(0, members));
  const focus = await step("focus", () => fill.focus(active, history));
  const sessions = await step("tutoring", () => fill.tutoring(sessionCount));
  const drafts = draftsEach > 0 ? await step("drafts", () => fill.drafts(draftsEach)) : undefined;
  const card = await step("business card", () => insertCard(server));
  await step("permanent store caught up", () => caughtUp(server));
  // Whoever serves the folder gets the settings it was filled with.
  await adminClient(server.convexUrl, server.adminKey).setEnvironment(KEEP_PASSED_ON);
  await server.kill("SIGTERM");
  const entry = ({ publicId, uuid, jwt }: FixtureUser) => ({ id: uuid, publicId, token: jwt });
  const fixture = {
    members: users.slice(0, members).map(entry),
    joiners: users.slice(members).map(entry),
    sessions,
    // The creator sees every booking request, approved ones too.
    perSession: { ...PER_SESSION, requests: PER_SESSION.participants + PER_SESSION.requests },
    devices: { member: 0, count: devices },
    focus,
    ...(drafts && { drafts }),
    card,
  };
  writeFileSync(join(out, "fixture.json"), JSON.stringify(fixture));
  cpSync(dataDir, join(out, "pristine"), { recursive: true });
  console.log(`Serve ${dataDir} with npm start; ${join(out, "pristine")} is a copy to go back to.`);
}

function readPorts(text: string): Ports {
  const [convex, site, store, web, ...more] = text.split(",").map((port) => wholeNumber("--ports", port, 1));
  if (!convex || !site || !store || !web || more.length > 0)
    throw new Error(`--ports takes four ports, not "${text}".`);
  return { convex, site, store, web };
}

/** Replaces what an earlier run left; a folder with anything else in it is somebody's. */
function makeRoom(folder: string): void {
  const own = ["data", "pristine", "fixture.json"];
  const foreign = existsSync(folder) ? readdirSync(folder).find((name) => !own.includes(name)) : undefined;
  if (foreign) throw new Error(`--out ${folder} holds ${foreign}, which no fixture has. Name a new or empty folder.`);
  for (const name of own) rmSync(join(folder, name), { recursive: true, force: true });
  makeFolder(folder);
}

/** One business card in the permanent store. */
async function insertCard(server: Server): Promise<{ token: string }> {
  const token = `load-${randomUUID()}`;
  const card = CardLine.parse({
    token,
    company_name: "Load Testing Ltd",
    industry: "Software",
    business_type_id: "saas",
    country_code: "BE",
    description: "Answers the same question many times a second.",
    city: "Ghent",
    business_highlights: "Steady under load",
    reason_for_selling: null,
    revenue: 1_250_000,
    employee_count: 12,
    founding_year: 2015,
  });
  await adminClient(server.convexUrl, server.adminKey).run("store/reads:importBusinessCards", { cards: [card] });
  return { token };
}

/** Measuring beside a backlog would measure the backlog. */
async function caughtUp(server: Server): Promise<void> {
  const admin = adminClient(server.convexUrl, server.adminKey);
  const waiting = async () => {
    const { page } = await admin.run<{ page: unknown[] }>("_system/cli/tableData", {
      table: "storeOutbox",
      order: "asc",
      paginationOpts: { numItems: 1, cursor: null },
    });
    return page.length;
  };
  while ((await waiting()) > 0) await new Promise((resolve) => setTimeout(resolve, 500));
}

async function request(server: Server, method: string, path: string, auth: string | null, body?: object): Promise<any> {
  const response = await fetch(`${server.siteUrl}${path}`, {
    method,
    headers: { "Content-Type": "application/json", ...(auth && { Authorization: auth }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
  return response.status === 204 ? null : await response.json();
}

class Filler {
  readonly #server: Server;
  readonly #members: FixtureUser[];

  constructor(server: Server, members: FixtureUser[]) {
    this.#server = server;
    this.#members = members;
  }

  async focus(active: number, history: number) {
    const goalIds = await each(this.#members.length, (n) =>
      this.#mutation(this.#members[n]!, "focus/goals:create", {
        title: `Goal ${n}`,
        emoji: "🎯",
        category: { name: "Fitness", color: "#e5484d" },
        daysTotal: 30,
      }),
    );
    const activityId = await this.#mutation(this.#members[0]!, "focus/activities:create", {
      // Its rates allow the documented example of a completion (convex/focus/README.md §5): 5.0, 1.0, 0, 2.5 and 0.25 a
      // second.
      name: "Dancing",
      emoji: "💃",
      category: "Fitness",
      color: "#e5484d",
    });
    const service = `Bearer ${this.#server.serviceKey}`;
    const prefix = `load${randomUUID().slice(0, 8)}`;
    const register = (id: string, n: number) => ({
      session_id: id,
      user_id: this.#members[n % this.#members.length]!.uuid,
      goal_id: goalIds[n % goalIds.length],
      activity_id: activityId,
      status: "active",
      started_at: "2026-01-15T10:30:00Z",
      device_platform: "web",
    });
    await each(active, (n) =>
      this.#call("POST", "/api/v1/sessions/", service, register(`${prefix}${String(n).padStart(6, "0")}`, n)),
    );
    await each(history, (n) =>
      this.#call("PUT", `/api/v1/sessions/history${n}/`, service, {
        ...(({ session_id: _id, status: _status, ...rest }) => rest)(register("", 0)),
        status: "completed",
        ended_at: "2026-01-15T12:00:00Z",
        total_duration_seconds: 3600,
        focused_duration_seconds: 3200,
        xp_total: 28000,
        xp_physique: 16000,
        xp_energy: 3200,
        xp_logic: 0,
        xp_creativity: 8000,
        xp_social: 800,
        completed_reason: "manual",
      }),
    );
    return {
      activityId,
      goalIds,
      history: { goalId: goalIds[0], member: 0, count: Math.min(history, 50) },
      active: { ids: { prefix, digits: 6, count: active } },
    };
  }

  /** All sessions belong to the first member, who may see every booking request, so that lists nest them all. */
  async tutoring(count: number) {
    const creator = this.#members[0]!;
    const auth = `Bearer ${creator.jwt}`;
    const others = this.#members.slice(1);
    return await each(count, async (n) => {
      const { id } = await this.#call("POST", "/api/sessions/", auth, {
        title: `Session ${n}: linear algebra from the ground up`,
        description: "Vectors, matrices and what they are good for, with exercises to take home and discuss.",
        subject: "Mathematics",
        level: "beginner",
        date: new Date(Date.now() + 30 * 86_400_000).toISOString(),
        duration: 60,
        max_participants: 1000,
      });
      for (let i = 0; i < PER_SESSION.participants + PER_SESSION.requests; i++) {
        const user = others[(n + i) % others.length]!;
        await this.#call("POST", `/api/sessions/${id}/join/`, `Bearer ${user.jwt}`, { message: `May I join? ${i}` });
        if (i < PER_SESSION.participants)
          await this.#call("POST", `/api/sessions/${id}/approve_request/`, auth, { user_id: user.publicId });
      }
      for (let i = 0; i < PER_SESSION.materials; i++)
        await this.#call("POST", `/api/sessions/${id}/materials/`, auth, {
          title: `Material ${i}`,
          type: "link",
          url: `https://example.com/material/${n}/${i}`,
        });
      return { id, creator: 0 };
    });
  }

  async drafts(perMember: number) {
    const prefix = `draft${randomUUID().slice(0, 8)}`;
    const count = perMember * this.#members.length;
    const form = Object.fromEntries(Array.from({ length: 14 }, (_, i) => [`field_${i}`, `value ${i} `.repeat(6)]));
    await each(count, (n) =>
      this.#call("POST", "/api/sessions", `Bearer ${this.#members[n % this.#members.length]!.jwt}`, {
        report_id: `${prefix}${String(n).padStart(6, "0")}`,
        form_data: { ...form, revenue: n },
      }),
    );
    return { ids: { prefix, digits: 6, count }, revision: 1, total: count };
  }

  #call(method: string, path: string, auth: string, body?: object) {
    return request(this.#server, method, path, auth, body);
  }

  async #mutation(user: FixtureUser, path: string, args: object): Promise<string> {
    const client = new ConvexHttpClient(this.#server.convexUrl, { logger: false });
    client.setAuth(user.jwt);
    return (await client.mutation(functionReference<"mutation">(path), args, { skipQueue: true })) as string;
  }
}

main().catch(async (error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  await running?.kill("SIGTERM");
  process.exit(1);
});
