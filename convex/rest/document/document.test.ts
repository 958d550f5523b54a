import { expect, test } from "vitest";
import { newBackend } from "../../setup.testing";
import type { Answer, Document, Operation, Parameter } from "./openapi";

const served = await newBackend().fetch("/api/openapi.json");
const text = await served.text();
const document = JSON.parse(text) as Document;
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({
    name: `${method.toUpperCase()} ${path}`,
    method,
    path,
    operation,
  })),
);
const operationOf = (name: string): Operation => operations.find((entry) => entry.name === name)!.operation;

/** The part itself, or the one it refers to. */
function resolved(part: Parameter | Answer): any {
  return "$ref" in part && part.$ref
    ? part.$ref
        .slice(2)
        .split("/")
        .reduce<any>((node, key) => node[key], document)
    : part;
}
const parametersOf = (operation: Operation) =>
  (operation.parameters ?? []).map((parameter) => resolved(parameter) as Exclude<Parameter, { $ref: string }>);
const parameterOf = (name: string, parameter: string) =>
  parametersOf(operationOf(name)).find((entry) => entry.name === parameter);
const answerOf = (name: string, status: number) => resolved(operationOf(name).responses[status]!) as Answer;

test("every reference leads somewhere", () => {
  const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, $ref]) => $ref!);
  expect(references.length).toBeGreaterThan(100);
  expect(references.filter(($ref) => resolved({ $ref }) === undefined)).toEqual([]);
});

test("no two paths differ in the names of their parameters alone", () => {
  const shapes = Object.keys(document.paths).map((path) => path.replace(/\{\w+\}/g, "{}"));
  expect(shapes.filter((shape, index) => shapes.indexOf(shape) !== index)).toEqual([]);
  expect(Object.keys(document.paths["/api/sessions/{sessionId}/"]!).sort()).toEqual(["delete", "get", "patch", "put"]);
});

test("the parameters of a path are those its operations declare, each once and required", () => {
  for (const { name, path, operation } of operations) {
    const declared = parametersOf(operation);
    const inPath = declared.filter((parameter) => parameter.in === "path");
    expect(inPath.map((parameter) => parameter.name).sort(), name).toEqual(
      [...path.matchAll(/\{(\w+)\}/g)].map(([, found]) => found!).sort(),
    );
    expect(
      inPath.every(({ required }) => required === true),
      name,
    ).toBe(true);
    const identities = declared.map((parameter) => `${parameter.in} ${parameter.name}`);
    expect(new Set(identities).size, name).toBe(identities.length);
  }
});

test("what any request may be answered is declared for all, with its headers", () => {
  for (const { name, method, path, operation } of operations) {
    const expected = [
      ...(path === "/api/health/" ? [] : [429]),
      500,
      ...(["post", "put", "patch"].includes(method) ? [400, 413, 415] : []),
    ];
    for (const status of expected) expect(operation.responses, name).toHaveProperty(String(status));
    for (const [status, answer] of Object.entries(operation.responses)) {
      const { headers = {}, description } = resolved(answer) as Answer;
      expect(description, `${name} ${status}`).toBeTypeOf("string");
      expect(Object.keys(headers), `${name} ${status}`).toContain("X-Request-Id");
      const rates = ["RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"];
      expect(
        rates.filter((rate) => rate in headers),
        name,
      ).toEqual(path === "/api/health/" ? [] : rates);
      if (status === "401") expect(headers, name).toHaveProperty("WWW-Authenticate");
      if (status === "429") expect(headers, name).toHaveProperty("Retry-After");
    }
  }
});

test("headers and cookies that the server reads are parameters", () => {
  expect(parameterOf("PATCH /api/sessions/{reportId}", "If-Match")?.in).toBe("header");
  expect(parameterOf("POST /api/sessions", "Idempotency-Key")).toMatchObject({
    in: "header",
    schema: { minLength: 1, maxLength: 255 },
  });
  const replayed = operations.filter(({ operation }) =>
    parametersOf(operation).some(({ name }) => name === "Idempotency-Key"),
  );
  expect(
    replayed.every(({ method, path }) => method === "post" && !/^\/api\/(auth|sessions\/create)\//.test(path)),
  ).toBe(true);
  for (const name of [
    "GET /api/sessions",
    "PATCH /api/sessions/{reportId}",
    "POST /api/sessions/claim",
    "POST /api/auth/login/",
  ]) {
    expect(parameterOf(name, "X-Guest-Session-Id")?.in, name).toBe("header");
    expect(parameterOf(name, "guest_session_id")?.in, name).toBe("cookie");
  }
});

test.each([
  ["GET /api/sessions/{reportId}", 200, ["ETag", "X-Guest-Session-Id"]],
  ["POST /api/sessions", 201, ["ETag", "Set-Cookie", "X-Guest-Session-Id"]],
  ["PATCH /api/sessions/{reportId}", 412, ["ETag"]],
  ["GET /api/sessions/", 200, ["Link"]],
  ["GET /api/notifications/", 200, ["Link"]],
  ["POST /api/auth/login/", 200, ["Cache-Control", "Set-Cookie"]],
] as const)("%s %i carries %j", (name, status, names) => {
  expect(Object.keys(answerOf(name, status).headers ?? {})).toEqual(expect.arrayContaining([...names]));
});

test("lengths and bounds are those that are enforced", () => {
  const {
    TutoringSessionDraft: session,
    RegisterFocusSession: focus,
    JoinTutoringSession: join,
  } = document.components.schemas;
  expect(session!.properties!.title).toMatchObject({ type: "string", minLength: 1, maxLength: 200 });
  expect(session!.properties!.subject).toMatchObject({ minLength: 1, maxLength: 100 });
  expect(focus!.properties!.session_id).toMatchObject({ minLength: 1, maxLength: 255 });
  expect(focus!.properties!.device_platform).toMatchObject({ type: ["string", "null"], maxLength: 10 });
  expect(join!.properties!.message).toMatchObject({ type: "string", maxLength: 2000 });
  expect(parameterOf("GET /api/sessions/", "page_size")?.schema).toMatchObject({
    type: "integer",
    minimum: 1,
    maximum: 100,
  });
  expect(parameterOf("GET /api/sessions", "limit")?.schema).toMatchObject({ type: "integer", minimum: 1 });
  expect(parameterOf("GET /api/business-cards", "token")?.required).toBe(true);
});

test("read-only names may be sent back", () => {
  const {
    TutoringSessionDraft: draft,
    TutoringSession: session,
    UpdateValuationSession: update,
  } = document.components.schemas;
  expect(Object.keys(session!.properties!).filter((name) => !(name in draft!.properties!))).toEqual([]);
  expect(draft!.properties!.creator).toMatchObject({ readOnly: true });
  expect(draft!.additionalProperties).toBe(false);
  expect(update!.properties!.report_id).toMatchObject({ readOnly: true });
  const { SessionMaterialJsonDraft: material, SessionMaterial: answered } = document.components.schemas;
  expect(Object.keys(answered!.properties!).filter((name) => !(name in material!.properties!))).toEqual([]);
});

test("the page shows what the document holds", async () => {
  const page = await (await newBackend().fetch("/api/docs")).text();
  for (const name of ["Idempotency-Key", "If-Match", "Retry-After", "WWW-Authenticate", "Too many requests"])
    expect(page).toContain(name);
});

test("every error body has a code, and the codes are one list with a page of their own", async () => {
  const { ErrorCode: codes } = document.components.schemas;
  for (const { name, operation } of operations)
    for (const [status, answer] of Object.entries(operation.responses)) {
      if (Number(status) < 400 || name === "GET /api/health/") continue;
      const body = (resolved(answer) as Answer).content?.["application/json"]?.schema;
      const schemas = (body?.anyOf as { $ref: string }[] | undefined) ?? [body as { $ref: string }];
      for (const schema of schemas) {
        const { properties = {}, required } = resolved(schema) as { properties: any; required: string[] };
        const code = properties.error?.properties?.code ?? properties.code;
        expect(code, `${name} ${status}`).toEqual({ $ref: "#/components/schemas/ErrorCode" });
        expect(properties.error?.properties?.required ?? required, `${name} ${status}`).toContain(
          properties.error?.properties ? "error" : "code",
        );
      }
    }
  const page = await (await newBackend().fetch("/api/docs/errors")).text();
  for (const code of codes!.enum as string[]) expect(page).toContain(`<code>${code}</code>`);
});

test("errors of every shape carry a code", async () => {
  const t = newBackend();
  const ask = async (method: string, path: string, init: RequestInit = {}) => {
    const response = await t.fetch(path, { method, ...init });
    return [response.status, await response.json()];
  };
  const json = (body: string) => ({ body, headers: { "Content-Type": "application/json" } });
  expect(await ask("GET", "/api/nowhere")).toEqual([404, { error: "Not found", code: "NOT_FOUND" }]);
  expect(await ask("GET", "/api/auth/nowhere/")).toEqual([404, { detail: "Not found", code: "NOT_FOUND" }]);
  expect(await ask("GET", "/api/sessions/current/")).toMatchObject([401, { code: "AUTHENTICATION_REQUIRED" }]);
  const wrong = { headers: { Authorization: "Bearer x" } };
  expect(await ask("GET", "/api/sessions/current/", wrong)).toMatchObject([401, { code: "INVALID_TOKEN" }]);
  expect(await ask("GET", "/api/sessions/5/")).toMatchObject([401, { code: "AUTHENTICATION_REQUIRED" }]);
  expect(await ask("GET", "/api/sessions/unknown")).toMatchObject([404, { code: "NOT_FOUND" }]);
  expect(await ask("PUT", "/api/auth/login/", json("{}"))).toMatchObject([405, { code: "METHOD_NOT_ALLOWED" }]);
  expect(await ask("POST", "/api/auth/login/", json("[]"))).toMatchObject([400, { code: "VALIDATION_ERROR" }]);
  expect(await ask("POST", "/api/auth/login/", { body: "x" })).toMatchObject([415, { code: "UNSUPPORTED_TYPE" }]);
  const devices = await ask("GET", "/api/v1/users/me/sessions/");
  expect(devices).toMatchObject([401, { success: false, error: { code: "AUTHENTICATION_REQUIRED" } }]);
  expect(devices[1]).not.toHaveProperty("code");
});
