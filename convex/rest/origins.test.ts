import { afterEach, expect, test, vi } from "vitest";
import { listAllowedOrigins } from "./origins";

afterEach(() => vi.unstubAllEnvs());

test.each([
  [undefined, undefined, []],
  [undefined, "https://app.example/start", ["https://app.example"]],
  [undefined, "app.example", []],
  ["", "https://app.example", []],
  [" https://a.example ,https://b.example,", "https://app.example", ["https://a.example", "https://b.example"]],
])("CORS_ALLOWED_ORIGINS %j and SITE_URL %j allow %j", (listed, site, origins) => {
  vi.stubEnv("CORS_ALLOWED_ORIGINS", listed);
  vi.stubEnv("SITE_URL", site);
  expect(listAllowedOrigins()).toEqual(origins);
});
