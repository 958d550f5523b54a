import { afterEach, expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import { newBackend, signedInUser } from "../setup.testing";
import { cleanError, toKind } from "./errorTexts";
import { buildEnvelope, readDsn } from "./sentry";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

const kindOf = (message: string, stack?: string) =>
  toKind("browser", cleanError({ name: "TypeError", message, stack }));

test("numbers and quoted values make no other kind; names, messages and frames do", () => {
  expect(kindOf("row 17 of 'a' is missing")).toBe(kindOf("row 4 of 'b' is missing"));
  expect(kindOf("x", "Error: x\n    at show (app.js:1:2)")).toBe(kindOf("x", "Error: x\n    at show (app.js:30:4)"));
  expect(kindOf("x", "Error: x\n    at show (app.js:1:2)")).not.toBe(kindOf("x", "Error: x\n    at hide (app.js:1:2)"));
  expect(kindOf("one")).not.toBe(kindOf("two"));
});

test("what is kept names nobody and opens nothing", () => {
  const secrets = [
    "ada.lovelace+x@example.co.uk",
    "0b8cf4b4-9d0f-4d5c-8f5e-0d8f8a3f7f11",
    "SessionID abc",
    "Bearer eyJhbGciOiJSUzI1NiJ9.e30.c2ln",
    "192.0.2.17",
    "abcdefghijklmnopqrstuvwxyz0123456789",
    "281474976710655",
  ];
  for (const secret of secrets) {
    const { message, sample } = cleanError({
      name: "E",
      message: `for ${secret}, wrong`,
      stack: `E: for ${secret}, wrong`,
    });
    expect(message, secret).not.toContain(secret);
    expect(sample, secret).not.toContain(secret);
    expect(message).toMatch(/^for <\w+>, wrong$/);
  }
  expect(cleanError({ name: "E", message: "GET https://host/a?token=x#y failed" }).message).toBe(
    "GET https://host/a failed",
  );
});

test("failures in browsers are grouped and listed for who may see them, ten a minute", async () => {
  const t = newBackend();
  const ada = await signedInUser(t);
  const operator = await signedInUser(t, { permissions: ["view_operations"] });
  const report = (message: string) =>
    ada.as.mutation(api.operations.errors.report, { name: "TypeError", message, place: "focus?x=1", version: "1.2.3" });
  await report("row 1 is missing");
  await report("row 2 is missing");
  await report("other");
  const listed = await operator.as.query(api.operations.errors.list, {});
  expect(listed.map(({ message, count, source, place, version }) => [message, count, source, place, version])).toEqual([
    ["other", 1, "browser", "focus", "1.2.3"],
    ["row 2 is missing", 2, "browser", "focus", "1.2.3"],
  ]);
  await expect(ada.as.query(api.operations.errors.list, {})).rejects.toThrow("FORBIDDEN");
  await operator.as.mutation(api.operations.errors.dismiss, { id: listed[0]!.id });
  expect(await operator.as.query(api.operations.errors.list, {})).toHaveLength(1);
  await expect(operator.as.mutation(api.operations.errors.dismiss, { id: listed[0]!.id })).rejects.toThrow("NOT_FOUND");
  await expect(
    (async () => {
      for (let n = 0; n < 12; n++) await report("again");
    })(),
  ).rejects.toThrow("RATE_LIMITED");
});

test("an envelope goes where the DSN says", async () => {
  expect(readDsn("https://key@sentry.example/sub/42")).toEqual({
    url: "https://sentry.example/sub/api/42/envelope/",
    key: "key",
  });
  for (const wrong of ["", "key@host/1", "https://host/1", "https://key@host/", "ftp://key@host/1"])
    expect(readDsn(wrong), wrong).toBeNull();
  const event = {
    fingerprint: "f",
    source: "server",
    place: "GET /x",
    version: "1",
    name: "Error",
    message: "müde",
    sample: "s",
    at: 5_000,
  };
  const [header, item, payload, end] = buildEnvelope(event, "https://key@host/1").split("\n");
  expect(JSON.parse(header!)).toMatchObject({
    dsn: "https://key@host/1",
    event_id: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  expect(JSON.parse(item!)).toMatchObject({ type: "event", length: new TextEncoder().encode(payload).length });
  expect(JSON.parse(payload!)).toMatchObject({
    timestamp: 5,
    exception: { values: [{ type: "Error", value: "müde" }] },
    fingerprint: ["f"],
  });
  expect(end).toBe("");
  const sent: Request[] = [];
  vi.stubEnv("SENTRY_DSN", "https://key@host/1");
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    sent.push(new Request(url, init));
    return new Response("{}");
  });
  const t = newBackend();
  await t.action(internal.operations.sentry.forward, { event });
  expect(sent.map(({ url, headers }) => [url, headers.get("X-Sentry-Auth")])).toEqual([
    ["https://host/api/1/envelope/", expect.stringContaining("sentry_key=key")],
  ]);
});

test("a REST request that fails with 500 is kept under its endpoint, without what its path and query say", async () => {
  vi.stubEnv("PERMANENT_STORE_URL", "ftp://nowhere");
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const t = newBackend();
  const operator = await signedInUser(t, { permissions: ["view_operations"] });
  const failed = await t.fetch("/api/business-cards?token=secret-token-of-a-card");
  expect(failed.status).toBe(500);
  const [entry, ...others] = await operator.as.query(api.operations.errors.list, {});
  expect(others).toEqual([]);
  expect(entry).toMatchObject({ source: "server", place: "GET /api/business-cards", count: 1 });
  expect(JSON.stringify(entry)).not.toContain("secret-token");
});
