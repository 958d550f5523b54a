import { expect, test } from "vitest";
import { missingThere } from "./outside";

const settings = { webUrls: ["http://127.0.0.1:5173", "http://localhost:5173"], storeUrl: undefined };

test("a new deployment gets what the app needs, and what this environment says", () => {
  const { missing, left } = missingThere({}, { ...settings, environment: { TRUSTED_PROXY: "1", HOME: "/home" } });
  expect(Object.keys(missing).sort()).toEqual(
    ["CORS_ALLOWED_ORIGINS", "JWKS", "JWT_PRIVATE_KEY", "SERVICE_KEY", "SITE_URL", "TRUSTED_PROXY"],
  );
  expect(missing.CORS_ALLOWED_ORIGINS).toBe("http://127.0.0.1:5173,http://localhost:5173");
  expect(left).toEqual([]);
});

test("what is set there stays, whatever this environment says; what would be otherwise is told", () => {
  const present = { ...missingThere({}, { ...settings, environment: {} }).missing, TRUSTED_PROXY: "2", PERMANENT_STORE_URL: "" };
  const environment = { TRUSTED_PROXY: "1", PERMANENT_STORE_URL: "postgres://here" };
  expect(missingThere(present, { ...settings, environment })).toEqual({ missing: {}, left: ["PERMANENT_STORE_URL", "TRUSTED_PROXY"] });
  expect(missingThere(present, { ...settings, environment: { TRUSTED_PROXY: "2" } })).toEqual({ missing: {}, left: ["PERMANENT_STORE_URL"] });
});

test("half a key pair and a second store are refused in one line", () => {
  expect(() => missingThere({ JWKS: "{}" }, { ...settings, environment: {} })).toThrow(/JWT_PRIVATE_KEY/);
  const present = { PERMANENT_STORE_URL: "postgres://there" };
  expect(() => missingThere(present, { ...settings, storeUrl: "postgres://embedded", environment: {} })).toThrow(/--embedded-store/);
});
