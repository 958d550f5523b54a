/** Sessions, people and shapes for the contract tests of tutoring. */
import { randomUUID } from "node:crypto";
import { ConvexHttpClient } from "convex/browser";
import { anyApi, type FunctionReference } from "convex/server";
import { expect } from "vitest";
import { admin, call, newAccount, target, type Account, type Answer } from "./api";

const DAY_MS = 86_400_000;
export const inDays = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString();

export const draft = (overrides: Record<string, unknown> = {}) => ({
  title: "Fractions, gently",
  description: "From halves to proportions.",
  subject: "Mathematics",
  level: "beginner",
  date: inDays(3),
  duration: 60,
  ...overrides,
});

export type Person = Account & { id: number };

/** A signed-in user with the integer id of §0. */
export async function person(overrides: Record<string, unknown> = {}): Promise<Person> {
  const account = await newAccount(overrides);
  const me = (await account.http.query(anyApi.accounts!.users!.me as FunctionReference<"query">, {})) as {
    publicId: number;
  };
  return { ...account, id: me.publicId };
}

/** A signed-in user without e-mail and password: hashing fifty passwords would take longer than all else. */
export async function nameless(): Promise<Person> {
  const http = new ConvexHttpClient(target().convexUrl);
  const { tokens } = (await http.action(anyApi.auth!.signIn as FunctionReference<"action">, {
    provider: "anonymous",
  })) as { tokens: { token: string } };
  const jwt = tokens.token;
  http.setAuth(jwt);
  const me = (await http.query(anyApi.accounts!.users!.me as FunctionReference<"query">, {})) as { publicId: number };
  const bearer = `Bearer ${jwt}`;
  return { email: "", password: "", sessionId: "", session: bearer, bearer, jwt, http, id: me.publicId };
}

export async function moderator(): Promise<Person> {
  const account = await person();
  await admin("accounts/users:grantPermission", { email: account.email, permission: "moderate_sessions" });
  return account;
}

export const send = (
  method: string,
  path: string,
  who: Account | null,
  body?: unknown,
  headers?: Record<string, string>,
): Promise<Answer> =>
  call(method, path, {
    ...(who && { auth: who.session }),
    ...(body !== undefined && { body }),
    ...(headers && { headers }),
  });

/** Offers a session; → its path, such as `/api/sessions/1/`. */
export async function offer(creator: Account, overrides: Record<string, unknown> = {}): Promise<string> {
  const made = await send("POST", "/api/sessions/", creator, draft(overrides));
  expect(made.status, made.text).toBe(201);
  return `/api/sessions/${made.body.id as number}/`;
}

/** The same, open for joining. */
export async function offerOpen(
  creator: Account,
  approver: Account,
  overrides: Record<string, unknown> = {},
): Promise<string> {
  const path = await offer(creator, overrides);
  expect((await send("POST", `${path}approve/`, approver)).status).toBe(200);
  return path;
}

/** Gives `student` a seat. */
export async function seat(path: string, creator: Account, student: Person): Promise<void> {
  expect((await send("POST", `${path}join/`, student, {})).status).toBe(200);
  expect((await send("POST", `${path}approve_request/`, creator, { user_id: student.id })).status).toBe(200);
}

/** A refusal with the document's text, its code, and nothing else but the fields it may name. */
export function expectRefused(answer: Answer, status: number, key: "error" | "detail", message?: string): void {
  expect(answer.status, answer.text).toBe(status);
  expect(Object.keys(answer.body as object).filter((name) => name !== "fields")).toEqual([key, "code"]);
  expect(answer.body.code).toMatch(/^[A-Z_]+$/);
  if (message !== undefined) expect(answer.body[key]).toBe(message);
  else expect(answer.body[key]).toBeTypeOf("string");
}

/** 400 that names exactly these fields. */
export function expectWrong(answer: Answer, ...fields: string[]): void {
  expectRefused(answer, 400, "error");
  expect(Object.keys(answer.body.fields as object).sort()).toEqual(fields.sort());
  for (const reasons of Object.values(answer.body.fields as Record<string, unknown[]>))
    expect(reasons[0]).toBeTypeOf("string");
}

const integer = expect.any(Number) as number;
const text = expect.any(String) as string;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;
const time = expect.stringMatching(TIME) as string;

const USER = { id: integer, username: text, first_name: text, last_name: text, email: text, date_joined: time };
export const REQUEST = {
  id: integer,
  session: integer,
  user: USER,
  message: text,
  status: expect.stringMatching(/^(pending|approved|rejected)$/) as string,
  requested_at: time,
};
const PARTICIPANT = {
  id: integer,
  session: integer,
  user: USER,
  role: expect.stringMatching(/^(student|tutor)$/) as string,
  status: "approved",
  joined_at: time,
};
export const MATERIAL = {
  id: integer,
  session: integer,
  title: text,
  type: expect.stringMatching(/^(file|link|note)$/) as string,
  url: text,
  file: expect.toSatisfy((value) => value === null || typeof value === "string") as string | null,
  file_name: text,
  uploaded_by: USER,
  uploaded_at: time,
  content: text,
  scan_status: expect.toSatisfy(
    (value) => value === null || ["pending", "clean", "infected", "error"].includes(value as string),
  ) as string | null,
};
export const NOTIFICATION = {
  id: integer,
  user: integer,
  title: text,
  message: text,
  type: expect.stringMatching(/^(reminder|booking_request|session_update|general)$/) as string,
  session: expect.toSatisfy((value) => value === null || typeof value === "number") as number | null,
  read: expect.any(Boolean) as boolean,
  created_at: time,
};
const SESSION = {
  id: integer,
  title: text,
  description: text,
  subject: text,
  level: expect.stringMatching(/^(beginner|intermediate|advanced)$/) as string,
  date: time,
  duration: integer,
  max_participants: integer,
  creator: USER,
  status: expect.stringMatching(
    /^(pending_approval|approved|scheduled|ongoing|completed|cancelled|expired)$/,
  ) as string,
  created_at: time,
  updated_at: time,
  is_full: expect.any(Boolean) as boolean,
  available_spots: integer,
  participant_count: integer,
  can_join: expect.any(Boolean) as boolean,
};

/** Every documented key of a session and all in it, of its documented type, and no other. */
export function expectSessionShape(session: any): void {
  const { participants, materials, booking_requests: requests, ...rest } = session as Record<string, unknown[]>;
  expect(rest).toEqual(SESSION);
  for (const each of participants!) expect(each).toEqual(PARTICIPANT);
  for (const each of materials!) expect(each).toEqual(MATERIAL);
  for (const each of requests!) expect(each).toEqual(REQUEST);
  expect(session.available_spots).toBe(Math.max(0, session.max_participants - session.participant_count));
  expect(session.is_full).toBe(session.participant_count >= session.max_participants);
  expect(session.participant_count).toBe(participants!.length);
}

export const unique = (): string => randomUUID().slice(0, 12);

/** The path of an absolute URL that an answer gave. */
export const pathOf = (url: string): string => {
  expect(url.startsWith(target().siteUrl), url).toBe(true);
  return url.slice(target().siteUrl.length);
};

/** One multipart request; a `file` part beside the fields. */
export async function sendForm(
  method: string,
  path: string,
  who: Account,
  fields: Record<string, string>,
  file?: { name: string; bytes: Uint8Array<ArrayBuffer> | string },
  headers: Record<string, string> = {},
): Promise<Answer> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  if (file) form.set("file", new Blob([file.bytes]), file.name);
  return await sendFormData(method, path, who, form, headers);
}

export async function sendFormData(
  method: string,
  path: string,
  who: Account,
  form: FormData,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${target().siteUrl}${path}`, {
    method,
    body: form,
    headers: { Authorization: who.session, ...headers },
  });
  const body = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text: body,
    body: body === "" ? undefined : JSON.parse(body),
  };
}
