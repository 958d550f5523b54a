/** Names that every JavaScript object has are unknown names to every endpoint, whatever it takes them for. */
import { beforeAll, expect, test, vi } from "vitest";
import { describeDevice } from "../identity/sessions/device";
import { stubTokenKeys } from "../accounts/keys.testing";
import { newBackend, signedInUser, type T, type TestUser } from "../setup.testing";
import { cardStore } from "../valuations/valuations.testing";
import type { Document, Parameter } from "./document/openapi";

const NAMES = ["constructor", "__proto__", "toString", "valueOf"];
/** A name of the same form that nothing has. */
const unknownLike = (name: string) => name.replace(/[A-Za-z]/g, "z");
const VALUES: Record<string, string> = { integer: "5", uuid: "00000000-0000-4000-8000-000000000000" };

let t: T;
let user: TestUser;
let requests: { method: string; path: string; query: string[]; fields: string[] }[];

type Named = Exclude<Parameter, { $ref: string }>;

beforeAll(async () => {
  vi.stubEnv("RATE_LIMIT_SCALE", "1000000");
  await stubTokenKeys((name, value) => vi.stubEnv(name, value));
  cardStore({});
  t = newBackend();
  user = await signedInUser(t, { permissions: ["moderate_sessions"] });
  const document = (await (await t.fetch("/api/openapi.json")).json()) as Document;
  const at = (reference: string) =>
    reference
      .slice(2)
      .split("/")
      .reduce<any>((node, key) => node[key], document);
  requests = Object.entries(document.paths).flatMap(([template, item]) =>
    Object.entries(item).map(([method, operation]) => {
      const parameters = (operation.parameters ?? []).map((part): Named =>
        "$ref" in part ? at(String(part.$ref)) : part,
      );
      const path = template.replace(/\{(\w+)\}/g, (_, name: string) => {
        const { schema } = parameters.find((parameter) => parameter.name === name) as {
          schema?: { type?: string; format?: string };
        };
        return VALUES[schema?.format ?? ""] ?? VALUES[schema?.type ?? ""] ?? "some";
      });
      const content = (operation.requestBody as any)?.content["application/json"]?.schema;
      const body = content?.$ref ? at(content.$ref) : content;
      return {
        method: method.toUpperCase(),
        path,
        query: parameters.filter((parameter) => parameter.in === "query").map(({ name }) => name),
        fields: Object.keys(body?.properties ?? {}),
      };
    }),
  );
});

async function ask(method: string, path: string, body?: string, headers: Record<string, string> = {}) {
  const response = await t.fetch(path, {
    method,
    headers: { ...user.headers, ...(body !== undefined && { "Content-Type": "application/json" }), ...headers },
    ...(body !== undefined && { body }),
  });
  const text = await response.text();
  return { status: response.status, text };
}

/** The answer to a request that says `name` is the one to a request that says any unknown name. */
async function expectAsUnknown(request: string, send: (name: string) => ReturnType<typeof ask>): Promise<void> {
  for (const name of NAMES) {
    const [answer, unknown] = [await send(name), await send(unknownLike(name))];
    expect(answer.status, `${request} ${name}`).toBeLessThan(500);
    const alike = { status: answer.status, text: shape(answer.text.replaceAll(name, unknownLike(name))) };
    expect([request, name, alike]).toEqual([request, name, { ...unknown, text: shape(unknown.text) }]);
  }
}

/** Leaves out what a request makes new each time. */
const shape = (text: string): string =>
  text.replace(/"(id|uuid|report_id|created_at|updated_at|access|expires_at)":("[^"]*"|\d+)/g, '"$1":…');

test("as the value of a query parameter, and as its name", async () => {
  for (const { method, path, query } of requests) {
    // Ends the session that asks.
    if (method === "DELETE" && path.startsWith("/api/v1/") && query.length === 0) continue;
    for (const parameter of query)
      await expectAsUnknown(`${method} ${path}?${parameter}`, (name) => ask(method, `${path}?${parameter}=${name}`));
    if (method === "GET")
      await expectAsUnknown(`${method} ${path}?…`, (name) => ask(method, `${path}?${name}=1&${name}=2`));
  }
});

test("as the value of a field of a body, and as the field's name", async () => {
  // A password that was changed answers the next request another way.
  for (const { method, path, fields } of requests.filter(
    (request) => ["POST", "PUT", "PATCH"].includes(request.method) && request.path !== "/api/auth/password/",
  )) {
    const body = (value: string) =>
      `{${fields
        .filter((field) => field !== "report_id")
        .map((field) => `"${field}":${value}`)
        .join()}}`;
    if (fields.length > 0) {
      await expectAsUnknown(`${method} ${path}`, (name) => ask(method, path, body(`"${name}"`)));
      await expectAsUnknown(`${method} ${path} {…}`, (name) => ask(method, path, body(`{"${name}":null}`)));
    }
    await expectAsUnknown(`${method} ${path} …`, (name) => ask(method, path, `{"${name}":1}`));
  }
});

test("as a segment of a path, and in headers", async () => {
  for (const { method, path } of requests) {
    const segments = path.split("/");
    for (let i = 2; i < segments.length; i++)
      if (segments[i] !== "") {
        const named = (name: string) => segments.with(i, name).join("/");
        if (method === "GET") await expectAsUnknown(`${method} ${named("…")}`, (name) => ask(method, named(name)));
      }
  }
  for (const header of [
    "Authorization",
    "X-Guest-Session-Id",
    "Content-Type",
    "If-Match",
    "Origin",
    "Accept",
    "Cookie",
  ])
    await expectAsUnknown(header, (name) => ask("POST", "/api/sessions/claim", "{}", { [header]: name }));
});

test("as the name of a browser", () => {
  for (const name of NAMES) expect(describeDevice(`${name}/1.0`).deviceName).not.toContain("[");
});
