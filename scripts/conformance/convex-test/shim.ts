/** The module that the suite's tests import in place of the mock: its interface, over HTTP to the deployment. */
import { getFunctionAddress } from "convex/server";
import { convexToJson, type JSONValue, jsonToConvex, type Value } from "convex/values";
import { afterEach, beforeEach } from "vitest";
import { findReason, NOT_APPLICABLE } from "./differences";
import { type InlineFunction, installSystemCalls, type Kind, runInline, runWithStorage } from "./inline";
import {
  callFunction,
  CONTROL_VARIABLE,
  postAndBlock,
  restoreError,
  sendRequest,
  type StartedDeployment,
  type Target,
} from "./wire";

interface ExportedSchema {
  export(): string;
}

interface TestOptions {
  schema?: ExportedSchema;
}

interface GivenIdentity {
  subject?: string;
  issuer?: string;
}

interface Job {
  scheduledTime: number;
  state: { kind: string };
}

const CONTROL_URL = process.env[CONTROL_VARIABLE]!;
/** The clock and the timers from before a test replaces them. */
const RealDate = Date;
const startTimer = setTimeout;
const POLL_MS = 50;
/** Jobs that are due later than this are not waited for. */
const JOB_HORIZON_MS = 20_000;

installSystemCalls();
const started: StartedDeployment[] = [];

beforeEach(({ task, skip }) => {
  const file = task.file.name.split("/").at(-1)!;
  const names: string[] = [];
  for (let one: { name: string; suite?: { name: string } } | undefined = task; one !== undefined; one = one.suite)
    if (one.name !== "" && one.name !== task.file.name) names.unshift(one.name);
  const reason = findReason(NOT_APPLICABLE, file, names.join(" > "));
  if (reason !== null) skip(reason);
});

afterEach(async () => {
  for (const { id } of started.splice(0)) await sendRequest(`${CONTROL_URL}/close/${id}`, { method: "POST" });
});

/** A deployment with the suite's functions, the given schema and no data. @throws Error when the schema is refused. */
export function convexTest(given?: ExportedSchema | TestOptions): object {
  const schema = given === undefined || "export" in given ? given : given.schema;
  const text = schema?.export() ?? null;
  const deployment = JSON.parse(postAndBlock(`${CONTROL_URL}/start`, {}, { schema: text })) as StartedDeployment;
  started.push(deployment);
  const components = [""];
  return {
    ...makeCaller({ deployment, identity: null }, components),
    withIdentity: (identity: GivenIdentity) =>
      makeCaller({ deployment, identity: completeIdentity(identity) }, components),
    registerComponent: (path: string) => void components.push(path),
  };
}

/** The identity with the attributes without which nobody can be acted for. */
function completeIdentity(identity: GivenIdentity): Record<string, JSONValue> {
  const { subject = "subject", issuer = "https://convex.test" } = identity;
  return { tokenIdentifier: `${issuer}|${subject}`, ...identity, subject, issuer };
}

function makeCaller(target: Target, components: string[]): object {
  const call =
    (kind: Kind) =>
    async (called: object, args: Record<string, Value> = {}): Promise<unknown> => {
      if (typeof called === "function") return await runInline(target, kind, called as InlineFunction);
      return await callReference(target, called, args);
    };
  return {
    query: call("query"),
    mutation: call("mutation"),
    action: call("action"),
    run: (inline: InlineFunction) => runWithStorage(target, inline),
    fetch: (path: string, init?: RequestInit) => fetchFromSite(target, path, init),
    finishInProgressScheduledFunctions: () => waitForJobs(target, components),
    finishAllScheduledFunctions: () => waitForJobs(target, components),
  };
}

async function callReference(target: Target, reference: object, args: Record<string, Value>): Promise<unknown> {
  const address = getFunctionAddress(reference) as { name?: string; reference?: string };
  const inComponent = /^_reference\/childComponent\/([^/]+)\/(.+)\/([^/]+)$/.exec(address.reference ?? "");
  const called =
    inComponent === null
      ? { componentPath: "", path: address.name! }
      : { componentPath: inComponent[1]!, path: `${inComponent[2]!}:${inComponent[3]!}` };
  try {
    return jsonToConvex(await callFunction(target, { ...called, args: convexToJson(args) }));
  } catch (error) {
    throw restoreError(error);
  }
}

async function fetchFromSite({ deployment }: Target, path: string, init?: RequestInit): Promise<Response> {
  const asked = new Request(`${deployment.siteUrl}${path}`, init);
  const body = Buffer.from(await asked.arrayBuffer());
  const headers = Object.fromEntries(asked.headers);
  const answer = await sendRequest(asked.url, { method: asked.method, headers, body });
  return new Response(new Uint8Array(answer.body), { status: answer.status, headers: answer.headers });
}

/** Waits, in real time, until no job runs or is due soon. @throws Error when that takes too long. */
async function waitForJobs(target: Target, components: string[]): Promise<void> {
  const horizonMs = RealDate.now() + JOB_HORIZON_MS;
  const isAwaited = ({ state, scheduledTime }: Job) =>
    state.kind === "inProgress" || (state.kind === "pending" && scheduledTime < horizonMs);
  while ((await Promise.all(components.map((path) => readJobs(target, path)))).flat().some(isAwaited)) {
    if (RealDate.now() > horizonMs + JOB_HORIZON_MS) throw new Error("Scheduled functions did not come to an end.");
    await new Promise((resolve) => startTimer(resolve, POLL_MS));
  }
}

interface SystemReader {
  db: { system: { query(table: string): { collect(): Promise<Job[]> } } };
}

async function readJobs(target: Target, componentPath: string): Promise<Job[]> {
  const read: InlineFunction = (ctx) => (ctx as SystemReader).db.system.query("_scheduled_functions").collect();
  return (await runInline(target, "query", read, componentPath)) as Job[];
}
