/** convex/rest/README.md §0: bodies, their size, depth, encoding and media type, and what each wrong field is told. */
import { gzipSync } from "node:zlib";
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { newAccount, type Account } from "../support/api";
import { rawCall } from "../support/raw";

const MIB = 1024 * 1024;
const JSON_TYPE = { "Content-Type": "application/json" };
let account: Account;
beforeAll(async () => {
  account = await newAccount();
});

type Body = Uint8Array | string | (Uint8Array | string)[];
const login = (body: Body, headers: Record<string, string> = JSON_TYPE) =>
  rawCall("POST", "/api/auth/login/", { headers, body });
const credentials = () => JSON.stringify({ email: account.email, password: account.password });
const padded = (length: number) => credentials().padEnd(length, " ");
const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;
const nestedArray = (levels: number) => `{"a":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;

describe("size", () => {
  test.each([
    [MIB - 1, 200],
    [MIB, 200],
    [MIB + 1, 413],
  ])("%i bytes → %i, declared or chunked", async (length, status) => {
    const text = padded(length);
    expect((await login(text)).status).toBe(status);
    const chunked = await login([text.slice(0, 1000), text.slice(1000)]);
    expect(chunked.status).toBe(status);
    if (status === 413) expect(chunked.body.detail).toBeTypeOf("string");
  });

  test("a chunked body far over the limit is refused, not gathered", async () => {
    const pieces = Array.from({ length: 24 }, () => " ".repeat(MIB));
    // A client that goes on writing may find the connection closed before it has read the answer (RFC 9112, 9.6).
    const cutOff = (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE" && error.code !== "ECONNRESET") throw error;
    };
    const answers: unknown[] = [];
    for (let tries = 0; tries < 5 && answers.length === 0; tries++) {
      const answer = await login(pieces).catch(cutOff);
      if (answer) answers.push(answer);
    }
    expect(answers).toMatchObject([{ status: 413, body: { detail: "The body is larger than 1 MiB." } }]);
  });
});

describe("depth", () => {
  test.each([
    ["objects", nested],
    ["arrays", nestedArray],
  ])("60 levels of %s are read, 61 are 400", async (_, make) => {
    expect((await login(make(60))).body.fields).toHaveProperty("email");
    expect(await login(make(61))).toMatchObject({
      status: 400,
      body: { fields: { body: ["is nested deeper than 60 levels"] } },
    });
    expect((await login(make(100_000))).status).toBe(400);
  });
});

describe("encoding and media type", () => {
  test.each([
    "application/json; charset=utf-8",
    "application/json;charset=UTF-8",
    "APPLICATION/JSON",
    "application/merge-patch+json",
  ])("%s is taken", async (type) => {
    expect((await login(credentials(), { "Content-Type": type })).status).toBe(200);
  });

  test.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/jsonx",
    "",
  ])("“%s” is 415", async (type) => {
    const answer = await login(credentials(), type ? { "Content-Type": type } : {});
    expect(answer.status).toBe(415);
    expect(answer.body.detail).toBeTypeOf("string");
  });

  test("a compressed body is 415, which says so", async () => {
    for (const [coding, body] of [
      ["gzip", gzipSync(credentials())],
      ["zz", credentials()],
    ] as const) {
      const answer = await login(body, { "Content-Type": "application/json", "Content-Encoding": coding });
      expect([answer.status, answer.body.detail]).toEqual([415, expect.stringContaining("Content-Encoding")]);
    }
    const plain = { "Content-Type": "application/json", "Content-Encoding": "identity" };
    expect((await login(credentials(), plain)).status).toBe(200);
  });

  test("a byte order mark is skipped, bytes that are no UTF-8 are 400", async () => {
    expect((await login(`\ufeff${credentials()}`)).status).toBe(200);
    const around = (bytes: number[]) =>
      Buffer.concat([Buffer.from('{"email":"'), Buffer.from(bytes), Buffer.from('","password":"x"}')]);
    // No character at all, and half of a surrogate pair written as if it were one.
    for (const bytes of [
      [0xff, 0xfe],
      [0xed, 0xa0, 0x80],
    ])
      expect(await login(around(bytes))).toMatchObject({ status: 400, body: { fields: { body: ["is not UTF-8"] } } });
  });

  test.each(["{", "[]", "1", "null", '"text"', "{} {}"])("%s is 400", async (body) => {
    expect((await login(body)).status).toBe(400);
  });

  test("an endpoint without fields takes nothing or an empty object, and says so", async () => {
    const token = (body?: string) =>
      rawCall("POST", "/api/auth/token/", {
        headers: { Authorization: account.session, ...(body !== undefined && JSON_TYPE) },
        ...(body !== undefined && { body }),
      });
    for (const body of [undefined, "", "{}"]) expect((await token(body)).status, String(body)).toBe(200);
    expect(await token('{"lifetime":1}')).toMatchObject({
      status: 400,
      body: { fields: { lifetime: ["Unknown field."] } },
    });
    for (const body of ["[]", "{", "1"]) expect((await token(body)).status, body).toBe(400);
  });
});

describe("fields", () => {
  test.each([
    [{ email: 1, password: "x" }, { email: ["Must be a string."] }],
    [{ email: null, password: "x" }, { email: ["Must be a string."] }],
    [{ email: "  ", password: "x" }, { email: ["Must not be empty."] }],
    [{ email: "a".repeat(255), password: "x" }, { email: ["Must have at most 254 characters."] }],
    [{ email: "a@example.com" }, { password: ["This field is required."] }],
    [{ email: "a@example.com", password: "" }, { password: ["Must not be empty."] }],
    [
      { email: "a@example.com", password: "x", admin: true, "a.b": 1 },
      { admin: ["Unknown field."], "a.b": ["Unknown field."] },
    ],
  ])("%j is 400 naming each", async (body, fields) => {
    const answer = await login(JSON.stringify(body));
    expect([answer.status, answer.body.fields]).toEqual([400, fields]);
    expect(answer.body.detail).toBeTypeOf("string");
  });

  test("names of every object's own are unknown fields like others", async () => {
    const answer = await login('{"email":"a@example.com","password":"x","__proto__":{"a":1},"constructor":1}');
    expect(answer.status).toBe(400);
    expect(Object.keys(answer.body.fields).sort()).toEqual(["__proto__", "constructor"]);
  });

  test("of a repeated name the last counts, as JSON has it", async () => {
    expect((await login(`{"email":"x",${credentials().slice(1)}`)).status).toBe(200);
  });

  test("text loses control characters but tab and newline, and is trimmed; passwords stay as they are", async () => {
    const email = `clean-${randomUUID()}@example.com`;
    const password = " pass\u0007word with bells ";
    const send = (path: string, body: object) =>
      rawCall("POST", path, { headers: JSON_TYPE, body: JSON.stringify(body) });
    const registered = await send("/api/auth/register/", {
      email: `\u0000 ${email.toUpperCase()}\u007f `,
      password,
      first_name: "\u001b[31mA\u0085da\tK\u0000",
    });
    expect(registered.status).toBe(201);
    expect((await send("/api/auth/login/", { email, password })).status).toBe(200);
    expect((await send("/api/auth/login/", { email, password: password.trim() })).status).toBe(401);
    const auth = { Authorization: `SessionID ${registered.body.session_id as string}`, ...JSON_TYPE };
    const draft = {
      title: "t",
      description: "d",
      subject: "s",
      level: "beginner",
      date: new Date(Date.now() + 86_400_000).toISOString(),
      duration: 30,
    };
    const created = await rawCall("POST", "/api/sessions/", { headers: auth, body: JSON.stringify(draft) });
    expect(created.body.creator.first_name).toBe("[31mAda\tK");
  });

  test("a known query parameter that comes twice is 400, an unknown one is ignored", async () => {
    const headers = { Authorization: account.session };
    const base = "/api/v1/users/me/sessions/";
    expect(await rawCall("DELETE", `${base}?exclude_current=true&exclude_current=false`, { headers })).toMatchObject({
      status: 400,
      body: { error: { code: "VALIDATION_ERROR", fields: { exclude_current: ["Must be given once."] } } },
    });
    expect((await rawCall("GET", `${base}?colour=red&colour=blue`, { headers })).status).toBe(200);
  });
});
