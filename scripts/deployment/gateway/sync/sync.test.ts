import { ConvexClient } from "convex/browser";
import { fetchAction, fetchMutation, fetchQuery, preloadedQueryResult, preloadQuery } from "convex/nextjs";
import { anyApi } from "convex/server";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import WebSocket from "ws";
import {
  ADMIN_KEY,
  containing,
  eventually,
  FIXTURE,
  fixtureApp,
  push,
  run,
  startTestDeployment,
  type TestDeployment,
} from "../../deploy/testing";
import { decodeTs } from "./server-messages";
import { type Message, RawSync, Wire } from "./testing";

const PORT = 4320;
const WIRE_PORT = 4329;
const counters = anyApi["counters"]!;
let app: TestDeployment;
let mint: (subject: string, expires?: string | number) => Promise<string>;
const open: { close(): unknown }[] = [];

beforeAll(async () => {
  app = await startTestDeployment(PORT, null);
  const keys = await generateKeyPair("ES256", { extractable: true });
  const jwks = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: "k", alg: "ES256" }] };
  await fetch(`${app.url}/api/update_environment_variables`, {
    method: "POST",
    headers: { Authorization: `Convex ${ADMIN_KEY}` },
    body: JSON.stringify({
      changes: [{ name: "TEST_JWKS", value: `data:application/json,${encodeURIComponent(JSON.stringify(jwks))}` }],
    }),
  });
  await push(app.url, fixtureApp({ "auth.config.ts": { file: `${FIXTURE}auth.config.ts` } }));
  mint = (subject, expires = "1h") =>
    new SignJWT({})
      .setProtectedHeader({ alg: "ES256", kid: "k" })
      .setIssuer("https://issuer.test")
      .setAudience("tests")
      .setSubject(subject)
      .setIssuedAt()
      .setExpirationTime(expires)
      .sign(keys.privateKey);
});

afterEach(async () => {
  for (const client of open.splice(0)) await client.close();
});

afterAll(() => app.stop());

function client(port = PORT): ConvexClient {
  const made = new ConvexClient(`http://127.0.0.1:${port}`, {
    webSocketConstructor: WebSocket as never,
    unsavedChangesWarning: false,
    logger: false,
  });
  open.push(made);
  return made;
}

async function raw(options?: { connect?: Record<string, unknown> | null }): Promise<RawSync> {
  const made = await RawSync.open(app.url, options);
  open.push(made);
  return made;
}

describe("the real client", () => {
  test("hears of a change made elsewhere, and of failures with their data", async () => {
    const seen: unknown[] = [];
    client().onUpdate(counters["get"]!, { name: "live" }, (value) => seen.push(value));
    await eventually(() => seen.length === 1, "the first value");
    await run(app.url, "counters:add", { name: "live", by: 5 });
    await eventually(() => seen.length === 2, "the update");
    expect(seen).toEqual([0, 5]);
    await expect(client().mutation(counters["refuse"]!, {})).rejects.toMatchObject({
      data: { code: "refused" },
    });
    expect(await client().action(counters["double"]!, { n: 21 })).toBe(42);
  });

  test("keeps an optimistic value until the real one is there, without a flicker", async () => {
    const one = client();
    const seen: unknown[] = [];
    one.onUpdate(counters["get"]!, { name: "optimistic" }, (value) => seen.push(value));
    await eventually(() => seen.length === 1, "the first value");
    for (let i = 1; i <= 10; i++) {
      const done = one.client.mutation(
        "counters:add",
        { name: "optimistic", by: 1 },
        {
          optimisticUpdate: (local) =>
            local.setQuery(counters["get"] as never, { name: "optimistic" } as never, i as never),
        },
      );
      await done;
      expect(one.client.localQueryResult("counters:get", { name: "optimistic" })).toBe(i);
    }
    // The client reports the real value too, although it is the same; what must not come in between is an older one.
    expect(seen.filter((value, i) => value !== seen[i - 1])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test("resolves a mutation that changes nothing", async () => {
    expect(await client().mutation(counters["touchNothing"]!, {})).toBe("done");
  });

  test("loses and doubles nothing when the connection is cut again and again", async () => {
    const wire = new Wire(WIRE_PORT, PORT);
    await wire.open();
    const one = client(WIRE_PORT);
    const seen: number[] = [];
    one.onUpdate(counters["get"]!, { name: "cut" }, (value) => seen.push(value as number));
    await eventually(() => seen.length > 0, "the first value");
    const answers: Promise<number>[] = [];
    for (let i = 0; i < 60; i++) {
      answers.push(one.mutation(counters["add"]!, { name: "cut", by: 1 }) as Promise<number>);
      if (i % 12 === 5) setTimeout(() => wire.cut(), i % 5);
      await new Promise((resolve) => setTimeout(resolve, 8));
    }
    const values = await Promise.all(answers);
    await eventually(() => seen.at(-1) === 60, "the last value", 20_000);
    expect(wire.cuts).toBe(5);
    expect(values).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
    expect([...seen].sort((a, b) => a - b)).toEqual(seen);
    expect(await run(app.url, "counters:get", { name: "cut" })).toBe(60);
    await wire.close();
  });

  test("changes who it is", async () => {
    const one = client();
    const seen: unknown[] = [];
    one.onUpdate(counters["whoami"]!, {}, (value) => seen.push(value));
    await eventually(() => seen.length === 1, "anonymous");
    const ada = await mint("ada");
    one.setAuth(async () => ada);
    await eventually(() => seen.length === 2, "ada");
    const bob = await mint("bob");
    one.setAuth(async () => bob);
    await eventually(() => seen.at(-1) === "bob", "bob");
    expect(seen).toEqual([null, "ada", "bob"]);
  });

  test("takes over what a server rendered for the signed-in user", async () => {
    const options = { url: app.url, token: await mint("ada") };
    const preloaded = await preloadQuery(counters["whoami"]!, {}, options);
    expect(preloadedQueryResult(preloaded)).toBe("ada");
    expect(await fetchQuery(counters["whoami"]!, {}, { url: app.url })).toBeNull();
    expect(await fetchMutation(counters["add"]!, { name: "rendered", by: 2 }, options)).toBe(2);
    expect(await fetchAction(counters["double"]!, { n: 4 }, options)).toBe(8);
    const { _name, _argsJSON } = preloaded as unknown as { _name: string; _argsJSON: object };
    const [module, name] = _name.split(":");
    const one = client();
    one.setAuth(async () => options.token);
    const seen: unknown[] = [];
    one.onUpdate(anyApi[module!]![name!]!, _argsJSON, (value) => seen.push(value));
    await eventually(() => seen.at(-1) === "ada", "the rendered result, live");
    await expect(fetchQuery(counters["whoami"]!, {}, { url: app.url, token: `${options.token}x` })).rejects.toThrow();
  });

  test("receives results too large for one frame", async () => {
    const value = (await client().query(counters["large"]!, { length: 6_000_000 })) as string;
    expect(value.length).toBe(6_000_000);
    expect(/^é+$/.test(value)).toBe(true);
  });

  test("gets new code's results after a push", async () => {
    const seen: unknown[] = [];
    const one = client();
    one.onUpdate(
      anyApi["versioned"]!["get"]!,
      {},
      (value) => seen.push(value),
      () => seen.push("error"),
    );
    await eventually(() => seen.length === 1, "the failure before the push");
    const auth = { "auth.config.ts": { file: `${FIXTURE}auth.config.ts` } };
    const version = (n: number) => ({
      text: `import { queryGeneric } from "convex/server"; export const get = queryGeneric(async () => ${n});`,
    });
    await push(app.url, fixtureApp({ ...auth, "versioned.ts": version(1) }));
    await eventually(() => seen.at(-1) === 1, "version 1");
    await push(app.url, fixtureApp({ ...auth, "versioned.ts": version(2) }));
    await eventually(() => seen.at(-1) === 2, "version 2");
    expect(seen).toEqual(["error", 1, 2]);
  });
});

describe("the protocol", () => {
  test("chains versions, advances time with every transition and answers a mutation before showing it", async () => {
    const sync = await raw();
    sync.add(0, 0, "counters:get", { name: "chain" });
    await sync.next((message) => message.type === "Transition");
    for (let requestId = 0; requestId < 5; requestId++)
      sync.send({ type: "Mutation", requestId, udfPath: "counters:add", args: [{ name: "chain", by: 1 }] });
    await sync.next((message) => message.type === "MutationResponse" && message.requestId === 4);
    await sync.next((message) => message.type === "Transition" && message.modifications.some((m) => m.value === 5));
    const transitions = sync.transitions();
    for (let i = 1; i < transitions.length; i++)
      expect(transitions[i]!.startVersion).toEqual(transitions[i - 1]!.endVersion);
    expect(transitions[0]!.startVersion).toEqual({ querySet: 0, identity: 0, ts: "AAAAAAAAAAA=" });
    for (const response of sync.received.filter((message) => message.type === "MutationResponse")) {
      const at = sync.received.indexOf(response);
      const ts = decodeTs(response.ts)!;
      const reaches = (message: Message) => message.type === "Transition" && decodeTs(message.endVersion.ts)! >= ts;
      expect(sync.received.slice(0, at).some(reaches)).toBe(false);
      expect(sync.received.slice(at).some(reaches)).toBe(true);
    }
  });

  test("runs a repeated mutation once and gives its first answer again", async () => {
    const sessionId = crypto.randomUUID();
    const answers: unknown[] = [];
    for (let attempt = 0; attempt < 2; attempt++) {
      const sync = await raw({ connect: { sessionId, connectionCount: attempt } });
      sync.send({ type: "Mutation", requestId: 7, udfPath: "counters:add", args: [{ name: "once", by: 1 }] });
      answers.push(await sync.next((message) => message.type === "MutationResponse"));
      sync.close();
    }
    expect(answers[1]).toEqual(answers[0]);
    expect(await run(app.url, "counters:get", { name: "once" })).toBe(1);
  });

  test("takes messages in order although checking a token takes time", async () => {
    const sync = await raw();
    sync.send({ type: "Authenticate", tokenType: "User", value: await mint("ordered"), baseVersion: 0 });
    sync.add(0, 0, "counters:whoami");
    const first = await sync.next((message) => message.type === "Transition" && message.modifications.length > 0);
    expect(first.modifications[0]!.value).toBe("ordered");
    expect(first.endVersion).toMatchObject({ querySet: 1, identity: 1 });
  });

  test("confirms that a query is gone", async () => {
    const sync = await raw();
    sync.add(0, 3, "counters:get", { name: "gone" });
    await sync.next((message) => message.type === "Transition");
    sync.send({
      type: "ModifyQuerySet",
      baseVersion: 1,
      newVersion: 2,
      modifications: [{ type: "Remove", queryId: 3 }],
    });
    const removed = await sync.next((message) => message.type === "Transition" && message.endVersion.querySet === 2);
    expect(removed.modifications).toEqual([{ type: "QueryRemoved", queryId: 3 }]);
  });

  test("does not repeat a result that has not changed", async () => {
    const sync = await raw();
    sync.add(0, 0, "counters:get", { name: "same" });
    await sync.next((message) => message.type === "Transition");
    await run(app.url, "counters:add", { name: "same", by: 0 });
    await run(app.url, "counters:add", { name: "same", by: 2 });
    await sync.next((message) => message.modifications?.[0]?.value === 2);
    const values = sync.transitions().flatMap((message) => message.modifications.map((m) => m.value));
    expect(values).toEqual([0, 2]);
  });

  test("ends a session whose token is refused, and one whose token runs out", async () => {
    const refused = await raw();
    refused.send({ type: "Authenticate", tokenType: "User", value: "nonsense", baseVersion: 0 });
    expect(await refused.next((message) => message.type === "AuthError")).toMatchObject({
      baseVersion: 0,
      authUpdateAttempted: true,
    });
    await refused.untilClosed();

    const brief = await raw();
    brief.send({
      type: "Authenticate",
      tokenType: "User",
      value: await mint("brief", Math.floor(Date.now() / 1_000) + 3),
      baseVersion: 0,
    });
    expect(await brief.next((message) => message.type === "AuthError")).toMatchObject({
      baseVersion: 1,
      authUpdateAttempted: false,
    });
    await brief.untilClosed();
  });

  test.each([
    ["no JSON", "{", "not valid JSON"],
    ["an unknown message", { type: "Hello" }, "unknown type"],
    ["one whose type is nested deeply", `{"type":${"[".repeat(200_000)}${"]".repeat(200_000)}}`, "unknown type"],
    [
      "a gap in the query set's versions",
      { type: "ModifyQuerySet", baseVersion: 4, newVersion: 5, modifications: [] },
      "expected to start at 0",
    ],
    ["a wrong identity version", { type: "Authenticate", tokenType: "None", baseVersion: 2 }, "expected 0"],
    [
      "a query that was never added",
      {
        type: "ModifyQuerySet",
        baseVersion: 0,
        newVersion: 1,
        modifications: [{ type: "Remove", queryId: 1 }],
      },
      "never added",
    ],
    [
      "a component without the admin key",
      { type: "Mutation", requestId: 0, udfPath: "a:b", args: [{}], componentPath: "child" },
      "admin key",
    ],
    [
      "arguments that are nested too deeply",
      `{"type":"Mutation","requestId":0,"udfPath":"a:b","args":[{"a":${"[".repeat(5_000)}${"]".repeat(5_000)}}]}`,
      "nested deeper than 64 levels",
    ],
    ["a negative request", { type: "Mutation", requestId: -1, udfPath: "a:b", args: [{}] }, "requestId"],
  ])("refuses %s for good", async (_name, message, reason) => {
    const sync = await raw();
    sync.send(message);
    expect((await sync.next((answer) => answer.type === "FatalError")).error).toContain(reason);
    await sync.untilClosed();
  });

  test("refuses to go on before Connect, and a client that has seen more than there is", async () => {
    const early = await raw({ connect: null });
    early.add(0, 0, "counters:get", { name: "x" });
    expect((await early.next((answer) => answer.type === "FatalError")).error).toContain("before Connect");
    const future = Buffer.alloc(8);
    future.writeBigUInt64LE(2n ** 63n);
    const ahead = await raw({ connect: { maxObservedTimestamp: future.toString("base64") } });
    expect((await ahead.untilClosed()).reason).toBe("MaxObservedTimestampTooHigh");
    expect(ahead.received).toEqual([]);
  });

  test("reaches only public functions without the admin key", async () => {
    const sync = await raw();
    sync.add(0, 0, "counters:hidden");
    const answer = await sync.next((message) => message.type === "Transition");
    expect(answer.modifications[0]).toMatchObject({
      type: "QueryFailed",
      errorMessage: containing("Could not find public function"),
    });
    sync.send({ type: "Authenticate", tokenType: "Admin", value: ADMIN_KEY, baseVersion: 0 });
    const updated = await sync.next((message) => message.modifications?.[0]?.type === "QueryUpdated");
    expect(updated.modifications).toMatchObject([{ value: "internal" }]);
  });
});

test("a call beyond a thousand that have not ended closes the socket, and what has not begun is dropped", async () => {
  const sync = await raw();
  sync.send({ type: "Authenticate", baseVersion: 0, tokenType: "Admin", value: ADMIN_KEY });
  for (let requestId = 0; requestId <= 1_000; requestId++)
    sync.send({ type: "Action", requestId, udfPath: "jobs:slow", args: [{ name: "many", ms: 1_000 }] });
  expect(await sync.untilClosed()).toMatchObject({
    reason: expect.stringContaining("TooManyConcurrentCalls") as unknown,
  });
  const count = () => run(app.url, "jobs:runs", { name: "many:begin" });
  const atOnce = 64;
  await eventually(async () => (await count()) === atOnce, "what had begun");
  await eventually(async () => (await run(app.url, "jobs:runs", { name: "many" })) === atOnce, "its end");
  expect(await count()).toBe(atOnce);
});

test("a client with thousands of queries keeps no other waiting, and gets all of them in one transition", async () => {
  const [heavy, light] = await Promise.all([raw(), raw()]);
  const modifications = Array.from({ length: 8_000 }, (_, queryId) => ({
    type: "Add",
    queryId,
    udfPath: "counters:get",
    args: [{ name: `many ${queryId}` }],
  }));
  heavy.send({ type: "ModifyQuerySet", baseVersion: 0, newVersion: 1, modifications });
  let isDone = false;
  const all = heavy
    .next((message) => message.type === "Transition", 60_000)
    .then((found) => {
      isDone = true;
      return found;
    });
  let answered = 0;
  for (; !isDone; answered++) {
    light.add(answered, answered, "counters:get", { name: `few ${answered}` });
    await light.next((message) => message.endVersion?.querySet === answered + 1, 20_000);
  }
  expect((await all).modifications).toHaveLength(8_000);
  expect(answered).toBeGreaterThan(10);
  await run(app.url, "counters:add", { name: "many 7", by: 3 });
  const change = await heavy.next((message) => message.modifications?.[0]?.value === 3);
  expect(change.modifications).toHaveLength(1);
});

test("one change reaches a thousand sockets from one execution", async () => {
  let executions = 0;
  app.deployment.engine.onLog((record) => {
    if (record.identifier.startsWith("counters.js:get") && record.udfType === "Query" && !record.cached)
      executions += 1;
  });
  const sockets = await Promise.all(Array.from({ length: 1_000 }, () => raw()));
  for (const sync of sockets) sync.add(0, 0, "counters:get", { name: "fan" });
  await Promise.all(sockets.map((sync) => sync.next((message) => message.type === "Transition", 20_000)));
  executions = 0;
  const told = Promise.all(
    sockets.map((sync) => sync.next((message) => message.modifications?.[0]?.value === 1, 20_000)),
  );
  await run(app.url, "counters:add", { name: "fan", by: 1 });
  await told;
  expect(executions).toBe(1);
});
