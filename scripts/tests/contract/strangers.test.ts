/**
 * Nobody reaches anybody else's data: every public function and every endpoint, as the deployment itself lists them, is
 * called by a stranger with the ids of somebody who has one of everything. What is new there fails until it has a case.
 */
import { randomUUID } from "node:crypto";
import { anyApi, type FunctionReference } from "convex/server";
import { beforeAll, describe, expect, test } from "vitest";
import { admin, call, newAccount, signedInAgain, target, type Account } from "../support/api";
import { focusFunction, focusOwner } from "../support/focus";
import { moderator } from "../support/tutoring";
import { ENDPOINT_CASES, FUNCTION_CASES, type Case, type Owned } from "./strangers.cases";

/** Stands in everything of the owner's that no stranger may read. */
const SECRET = `private-${randomUUID()}`;

let owner: Account;
let stranger: Account;
/** A user of another tenant than the owner. */
let outsider: Account;
let owned: Owned;
let functions: { path: string; kind: string }[];
let endpoints: { method: string; path: string }[];

type Reference = FunctionReference<any>;
const reference = (path: string): Reference => {
  const [module = "", name = ""] = path.split(":");
  return module.split("/").reduce((node: any, part) => node[part], anyApi)[name] as Reference;
};
const read = (path: string, args: Record<string, unknown> = {}) => owner.http.query(reference(path), args);
const page = { paginationOpts: { numItems: 100, cursor: null } };

async function one<Value>(
  what: string,
  value: Promise<Value | undefined | null> | Value | undefined | null,
): Promise<Value> {
  const found = await value;
  if (found === undefined || found === null) throw new Error(`the owner has no ${what}`);
  return found;
}

async function oneOfEverything(): Promise<Owned> {
  const focus = await focusOwner(owner);
  const goalId = (await owner.http.mutation(focusFunction("goals", "create"), {
    title: `Goal ${SECRET}`,
    emoji: "🎨",
    category: { name: "Drawing", color: "#4187a2" },
    daysTotal: 30,
  })) as string;
  const { activityId } = focus;
  const focusId = (await owner.http.mutation(focusFunction("sessions", "start"), { goalId, activityId })) as string;
  await owner.http.mutation(focusFunction("sessions", "pause"), { sessionId: focusId });

  const guest = await call("POST", "/api/sessions", {
    body: { form_data: { company: SECRET } },
    headers: { "X-Guest-Session-Id": "new" },
  });
  const guestId = await one("guest id", guest.headers.get("x-guest-session-id"));
  await owner.http.mutation(reference("valuations/sessions:claim"), { guestSessionId: guestId });
  const reportId = guest.body.report_id as string;
  const receipts = (await read("valuations/claims:receipts")) as { id: string }[];

  const me = await read("accounts/users:me");
  const again = await call("POST", "/api/auth/login/", {
    body: { email: owner.email, password: owner.password },
    headers: {
      "User-Agent": `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15 ${SECRET}`,
    },
  });
  const devices = (await read("accounts/sessions:list")) as { id: number; isCurrent: boolean }[];
  const alerts = (await read("accounts/alerts:list")) as { id: string }[];

  const tutoringId = (await owner.http.mutation(reference("tutoring/sessions:create"), {
    title: "Open to all",
    description: "Bring questions",
    subject: "maths",
    level: "beginner",
    date: new Date(Date.now() + 5 * 86_400_000).toISOString(),
    duration: 60,
  })) as number;
  await (await moderator()).http.mutation(reference("tutoring/sessions:approve"), { id: tutoringId });
  const requester = await newAccount();
  const requesterMe = (await requester.http.query(reference("accounts/users:me"), {})) as { publicId: number };
  await requester.http.mutation(reference("tutoring/sessions:join"), { id: tutoringId, message: SECRET });
  const materialId = (await owner.http.mutation(reference("tutoring/materials:add"), {
    sessionId: tutoringId,
    title: "Notes",
    type: "note",
    content: SECRET,
  })) as number;
  const { page: notifications } = await read("notifications/inbox:list", page);
  const viewer = await read("tutoring/sessions:viewer", { id: tutoringId });
  await admin("accounts/users:grantPermission", { email: owner.email, permission: "manage_webhooks" });
  const webhook = await call("POST", "/api/v1/webhooks/", {
    auth: owner.session,
    body: { url: "https://nowhere.invalid/", events: ["tutoring.participant.left"], description: SECRET },
  });
  const webhookId = await one("webhook", webhook.body.id as string | undefined);
  const delivery = await call("POST", `/api/v1/webhooks/${webhookId}/test/`, { auth: owner.session });
  return {
    goalId,
    activityId,
    focusId,
    reportId,
    guestId,
    claimId: await one("claim receipt", receipts[0]?.id),
    sessionId: again.body.session_id as string,
    deviceId: await one("other device", devices.find(({ isCurrent }) => !isCurrent)?.id),
    alertId: await one("sign-in alert", alerts[0]?.id),
    tutoringId,
    materialId,
    requesterId: requesterMe.publicId,
    userId: me.publicId as number,
    userUuid: me.id as string,
    notificationId: await one("notification", notifications[0]?.id as number | undefined),
    calendarFile: await one("calendar feed", await newFeed()),
    liveKey: await one("live key", viewer.liveKey as string | undefined),
    shareToken: (await owner.http.mutation(reference("tutoring/sessions:share"), { id: tutoringId })) as string,
    webhookId,
    deliveryId: await one("delivery", delivery.body.id as string | undefined),
  };
}

async function newFeed(): Promise<string | undefined> {
  const { body } = await call("POST", "/api/calendar/", { auth: owner.session });
  return (body.url as string).split("/").at(-1);
}

/** All the owner sees of their own, without the times of their own last activity. */
async function snapshot(): Promise<string> {
  const parts = await Promise.all([
    read("accounts/users:me"),
    read("accounts/sessions:list").then((list: Record<string, unknown>[]) =>
      list.map(({ lastActivity: _, ...rest }) => JSON.stringify(rest)).sort(),
    ),
    read("accounts/alerts:list"),
    read("focus/goals:list"),
    read("focus/sessions:current"),
    read("focus/sessions:history", { goalId: owned.goalId, ...page }).then(
      (history: { page: unknown }) => history.page,
    ),
    read("focus/progress:mine"),
    read("valuations/sessions:get", { reportId: owned.reportId }),
    read("valuations/sessions:list", page).then((list: { page: unknown }) => list.page),
    read("valuations/claims:receipts"),
    read("tutoring/sessions:get", { id: owned.tutoringId }),
    read("tutoring/materials:list", { sessionId: owned.tutoringId }),
    read("notifications/inbox:list", page).then((list: { page: unknown }) => list.page),
  ]);
  return JSON.stringify(parts, null, 1);
}

async function newOutsider(): Promise<Account> {
  const account = await newAccount();
  const tenantId = await admin<string>("accounts/tenants:create", { name: `Elsewhere ${randomUUID()}` });
  await admin("accounts/tenants:assign", { email: account.email, tenantId });
  // Moving ends all sessions.
  return await signedInAgain(account);
}

beforeAll(async () => {
  [owner, stranger, outsider] = await Promise.all([newAccount(), newAccount(), newOutsider()]);
  owned = await oneOfEverything();
  const specification =
    await admin<{ identifier?: string; functionType: string; visibility?: { kind: string } }[]>(
      "_system/cli/modules:apiSpec",
    );
  functions = specification
    .filter(({ visibility, identifier }) => visibility?.kind === "public" && identifier)
    .map(({ identifier, functionType }) => ({
      path: identifier!.replace(/\.js:/, ":"),
      kind: functionType.toLowerCase(),
    }));
  const document = (await call("GET", "/api/openapi.json")).body as { paths: Record<string, Record<string, unknown>> };
  endpoints = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => ({ method: method.toUpperCase(), path })),
  );
});

/** Endpoint names differ in what their parameters are called; a case is found by its shape. */
const shapeOf = (path: string) => path.replace(/\{\w+\}/g, "{}");
const endpointCases = Object.entries(ENDPOINT_CASES).map(([name, walk]) => {
  const [method = "", path = ""] = name.split(" ");
  return { method, path, walk };
});
// Two paths of one shape: the owner's ids tell them apart by form, as the router does.
const casesOf = ({ method, path }: { method: string; path: string }) =>
  endpointCases.filter((entry) => entry.method === method && shapeOf(entry.path) === shapeOf(path));

function assertHidden(name: string, walk: Case, refused: boolean, text: string): void {
  expect(text, name).not.toContain(SECRET);
  expect(text, name).not.toContain(owner.email);
  if (walk.foreign && !walk.allowed)
    expect(refused, `${name} must be refused, but answered ${text.slice(0, 300)}`).toBe(true);
}

async function callFunction(path: string, kind: string, caller: Account, walk: Case) {
  const response = await fetch(`${target().convexUrl}/api/${kind}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: caller.bearer },
    body: JSON.stringify({ path, args: walk.send?.(owned) ?? {}, format: "json" }),
  });
  const text = await response.text();
  const answer = JSON.parse(text) as { status: string; errorData?: { code: string }; errorMessage?: string };
  return { ...answer, text, refused: answer.status === "error" };
}

async function callEndpoint(method: string, path: string, { session }: Pick<Account, "session">, walk: Case) {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: keyof Owned) => String(owned[name]));
  const answer = await call(method, filled, { auth: session, ...(walk.send && { body: walk.send(owned) }) });
  return { ...answer, refused: answer.status >= 400 };
}

describe("somebody of another tenant", () => {
  const stopsAtTenant = (walk: Case) => walk.foreign && !walk.anyTenant;

  test("is refused everything of the owner's, even what all of the owner's tenant may see", async () => {
    const before = await snapshot();
    for (const { path, kind } of functions) {
      const walk = FUNCTION_CASES[path];
      if (!walk || !stopsAtTenant(walk)) continue;
      const { refused, text } = await callFunction(path, kind, outsider, walk);
      assertHidden(path, { ...walk, allowed: undefined }, refused, text);
    }
    for (const { method, path, walk } of endpoints.flatMap(casesOf)) {
      if (!stopsAtTenant(walk)) continue;
      const { refused, text } = await callEndpoint(method, path, outsider, walk);
      assertHidden(`${method} ${path}`, { ...walk, allowed: undefined }, refused, text);
    }
    expect(await snapshot()).toBe(before);
  });

  test("finds nothing of the owner's in lists", async () => {
    for (const path of [
      "/api/sessions/",
      "/api/sessions/?search=Open",
      "/api/sessions/my_sessions/",
      "/api/sessions",
      "/api/notifications/",
    ]) {
      const { status, text } = await call("GET", path, { auth: outsider.session });
      expect(status, path).toBe(200);
      expect(text, path).not.toContain(String(owned.tutoringId));
    }
  });
});

describe("a service key of another tenant", () => {
  test("reads and changes nothing of the owner's through any endpoint", async () => {
    const tenant = await admin<string>("accounts/tenants:create", { name: `Elsewhere ${randomUUID()}` });
    const key = await admin<string>("identity/serviceKeys:make", {
      name: randomUUID(),
      scopes: ["analytics:read", "metrics", "webhooks"],
      tenant,
    });
    const before = await snapshot();
    for (const { method, path, walk } of endpoints.flatMap(casesOf)) {
      const answer = await callEndpoint(method, path, { session: `Bearer ${key}` }, walk);
      // Its scopes open figures of the deployment and its own tenant's things.
      const allowed = walk.ofService ?? walk.anyTenant;
      assertHidden(`${method} ${path}`, { ...walk, allowed }, answer.refused, answer.text);
    }
    expect(await snapshot()).toBe(before);
  });
});

describe("a stranger", () => {
  test("has a case for everything that is public", () => {
    expect(functions.length).toBeGreaterThan(50);
    expect(endpoints.length).toBeGreaterThan(35);
    expect(functions.map(({ path }) => path).filter((path) => !(path in FUNCTION_CASES))).toEqual([]);
    expect(endpoints.filter((endpoint) => casesOf(endpoint).length === 0)).toEqual([]);
  });

  test("reads and changes nothing of the owner's through any function", async () => {
    let before = await snapshot();
    expect(before).toContain(SECRET);
    for (const { path, kind } of functions) {
      const walk = FUNCTION_CASES[path];
      if (!walk) continue;
      const caller = walk.endsCaller ? await newAccount() : stranger;
      const { text, ...answer } = await callFunction(path, kind, caller, walk);
      assertHidden(path, walk, answer.refused, text);
      // Refused for a reason of the app's, not because the walk's arguments were of the wrong kind.
      if (walk.foreign && answer.status === "error")
        expect(answer.errorData?.code, `${path}: ${text.slice(0, 300)}`).toBeOneOf([
          "NOT_FOUND",
          "FORBIDDEN",
          "CONFLICT",
          ...(walk.code ? [walk.code] : []),
        ]);
      if (!walk.foreign && path !== "auth:signIn" && path !== "accounts/password:change")
        expect(answer.status, `${path}: ${text.slice(0, 300)}`).toBe("success");
      const after = await snapshot();
      if (!walk.changesOwner) expect(after, `${path} changed something of the owner's`).toBe(before);
      before = after;
    }
  });

  test("reads and changes nothing of the owner's through any endpoint", async () => {
    let before = await snapshot();
    for (const { method, path, walk } of endpoints.flatMap(casesOf)) {
      const caller = walk.endsCaller ? await newAccount() : stranger;
      const answer = await callEndpoint(method, path, caller, walk);
      const name = `${method} ${path}`;
      assertHidden(name, walk, answer.refused, answer.text);
      expect(answer.status, `${name}: ${answer.text.slice(0, 300)}`).not.toBe(500);
      if (walk.foreign && answer.status >= 400)
        expect(answer.status, `${name}: ${answer.text.slice(0, 300)}`).toBeOneOf([401, 403, 404, 409, 400]);
      const after = await snapshot();
      if (!walk.changesOwner) expect(after, `${name} changed something of the owner's`).toBe(before);
      before = after;
    }
  });
});
