/// <reference types="vite/client" />
import actionCacheTest from "@convex-dev/action-cache/test";
import { convexTest, type TestConvex } from "convex-test";
import type { Doc } from "./_generated/dataModel";
import { openSession } from "./identity/sessions/accountSessions";
import { createIntegerId, createUuid } from "./lib/ids";
import schema from "./schema";

const modules = import.meta.glob(["./**/*.{ts,js}", "!./**/*.test.ts", "!./**/*.testing.ts"]);

export type T = TestConvex<typeof schema>;

/** A fresh backend with the app's components. */
export function newBackend(): T {
  const t = convexTest(schema, modules);
  actionCacheTest.register(t);
  return t;
}

export const TEST_CLIENT = {
  ip: "192.0.2.1",
  userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
};

export type TestUser = {
  user: Doc<"users">;
  credential: string;
  as: ReturnType<T["withIdentity"]>;
  headers: { Authorization: string };
};

/** A signed-in user: `as` carries the JWT identity, `headers` the SessionID credential. */
export async function signedInUser(t: T, overrides: Partial<Doc<"users">> = {}): Promise<TestUser> {
  const { user, opened } = await t.run(async (ctx) => {
    const tenantId = overrides.tenantId ?? (await ctx.db.insert("tenants", { uuid: createUuid(), name: "Test" }));
    const number = createIntegerId();
    const userId = await ctx.db.insert("users", {
      uuid: createUuid(),
      publicId: number,
      email: `user${number}@example.com`,
      username: `user${number}`,
      firstName: "Ada",
      lastName: "Tester",
      permissions: [],
      needsOnboarding: false,
      onboardingCompleted: true,
      ...overrides,
      tenantId,
    });
    const user = (await ctx.db.get("users", userId))!;
    return { user, opened: await openSession(ctx, user, { loginMethod: "password", client: TEST_CLIENT }) };
  });
  return {
    user,
    credential: opened.credential,
    as: t.withIdentity({ subject: `${user._id}|${opened.session.authSessionId}` }),
    headers: { Authorization: `SessionID ${opened.credential}` },
  };
}
