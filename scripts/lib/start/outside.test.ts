import { expect, test, vi } from "vitest";
import type { AdminClient } from "../admin";
import { configureOutside, missingThere, outsideDeployment } from "./outside";

const settings = { webUrls: ["http://127.0.0.1:5173", "http://localhost:5173"], storeUrl: undefined };

test("a new deployment gets what the app needs, and what this environment says", () => {
  const { missing, left } = missingThere({}, { ...settings, environment: { TRUSTED_PROXY: "1", HOME: "/home" } });
  expect(Object.keys(missing).sort()).toEqual([
    "CORS_ALLOWED_ORIGINS",
    "JWKS",
    "JWT_PRIVATE_KEY",
    "SERVICE_KEY",
    "SITE_URL",
    "TRUSTED_PROXY",
  ]);
  expect(missing.CORS_ALLOWED_ORIGINS).toBe("http://127.0.0.1:5173,http://localhost:5173");
  expect(left).toEqual([]);
});

test("what is set there stays, whatever this environment says; what would be otherwise is told", () => {
  const present = {
    ...missingThere({}, { ...settings, environment: {} }).missing,
    TRUSTED_PROXY: "2",
    PERMANENT_STORE_URL: "",
  };
  const environment = { TRUSTED_PROXY: "1", PERMANENT_STORE_URL: "postgres://here" };
  expect(missingThere(present, { ...settings, environment })).toEqual({
    missing: {},
    left: ["PERMANENT_STORE_URL", "TRUSTED_PROXY"],
  });
  expect(missingThere(present, { ...settings, environment: { TRUSTED_PROXY: "2" } })).toEqual({
    missing: {},
    left: ["PERMANENT_STORE_URL"],
  });
});

test("half a key pair and a second store are refused in one line", () => {
  expect(() => missingThere({ JWKS: "{}" }, { ...settings, environment: {} })).toThrow(/JWT_PRIVATE_KEY/);
  const present = { PERMANENT_STORE_URL: "postgres://there" };
  expect(() => missingThere(present, { ...settings, storeUrl: "postgres://embedded", environment: {} })).toThrow(
    /--embedded-store/,
  );
});

test("demo data comes only when asked for, and is known again once it is there", async () => {
  vi.spyOn(console, "log").mockReturnValue();
  const demoData = async (variables: Record<string, string>, seed: boolean) => {
    const admin = {
      environment: async () => variables,
      setEnvironment: async () => undefined,
    } as unknown as AdminClient;
    return (await configureOutside(admin, { ...settings, environment: {} }, seed)).demoData;
  };
  expect(await demoData({}, false)).toBe("none");
  expect(await demoData({ DEMO_DATA: "wanted" }, false)).toBe("none");
  expect(await demoData({}, true)).toBe("wanted");
  expect(await demoData({ DEMO_DATA: "seeded" }, false)).toBe("seeded");
});

test("which deployment, and what is wrong with what names it", async () => {
  expect(await outsideDeployment({})).toBeNull();
  await expect(outsideDeployment({ CONVEX_DEPLOYMENT: "dev:x" })).rejects.toThrow(/npx convex deploy/);
  const there = { CONVEX_SELF_HOSTED_URL: "http://127.0.0.1:1/" };
  await expect(outsideDeployment(there)).rejects.toThrow(/CONVEX_SELF_HOSTED_ADMIN_KEY is not/);
  const withKey = { ...there, CONVEX_SELF_HOSTED_ADMIN_KEY: "a|b" };
  await expect(outsideDeployment(withKey)).rejects.toThrow(
    "The deployment at http://127.0.0.1:1 does not say where it answers HTTP",
  );
  expect(await outsideDeployment({ ...withKey, CONVEX_SITE_URL: "http://127.0.0.1:2/" })).toMatchObject({
    siteUrl: "http://127.0.0.1:2",
  });
});
