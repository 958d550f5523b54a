// @vitest-environment node
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { api } from "../_generated/api";
import { newBackend, signedInUser, TEST_CLIENT } from "../setup.testing";
import { mmdbOf } from "./mmdb.testing";
import { openSession } from "../identity/sessions/accountSessions";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "geo-"));
  const place = { city: { names: { en: "New York" } }, country: { iso_code: "US" } };
  writeFileSync(join(folder, "places.mmdb"), mmdbOf("11000110", place));
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

async function placesOf(ip: string, location?: string) {
  vi.useFakeTimers();
  const t = newBackend();
  const ada = await signedInUser(t);
  await t.run((ctx) =>
    openSession(ctx, ada.user, {
      loginMethod: "password",
      client: { ...TEST_CLIENT, ip, ...(location && { location }) },
    }),
  );
  await t.finishAllScheduledFunctions(vi.runAllTimers);
  const search = async (text: string) =>
    (await ada.as.query(api.accounts.sessions.list, { search: text })).map((device) => device.location);
  return { listed: await search(ip), found: await search("york") };
}

test("with GEOIP_DATABASE a session shows where its address is, and is found by it", async () => {
  vi.stubEnv("GEOIP_DATABASE", join(folder, "places.mmdb"));
  expect(await placesOf("198.51.100.7")).toEqual({ listed: ["New York, US"], found: ["New York, US"] });
});

test("an address that the database does not know has no place", async () => {
  vi.stubEnv("GEOIP_DATABASE", join(folder, "places.mmdb"));
  expect(await placesOf("203.0.113.7")).toEqual({ listed: [null], found: [] });
});

test("what a proxy told stands", async () => {
  vi.stubEnv("GEOIP_DATABASE", join(folder, "places.mmdb"));
  expect(await placesOf("198.51.100.7", "Paris, FR")).toEqual({ listed: ["Paris, FR"], found: [] });
});

test("without a database there are no places", async () => {
  expect(await placesOf("198.51.100.7")).toEqual({ listed: [null], found: [] });
});
