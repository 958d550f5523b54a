import { parseEnv } from "node:util";
import { expect, test } from "vitest";
import { withDeployment } from "./env-local";

test("a start names its deployment in .env.local and keeps what others wrote there", () => {
  const first = withDeployment("", "http://127.0.0.1:3210", "live-sessions|aa");
  expect(parseEnv(first)).toEqual({
    CONVEX_SELF_HOSTED_URL: "http://127.0.0.1:3210",
    CONVEX_SELF_HOSTED_ADMIN_KEY: "live-sessions|aa",
  });
  expect(withDeployment(first, "http://127.0.0.1:3210", "live-sessions|aa")).toBe(first);

  const edited = `# mine\nVITE_GOOGLE_SIGN_IN=1\n${first}\nVITE_CONVEX_URL=http://127.0.0.1:3210\n`;
  const next = withDeployment(edited, "http://127.0.0.1:9", "live-sessions|bb");
  expect(parseEnv(next)).toEqual({
    CONVEX_SELF_HOSTED_URL: "http://127.0.0.1:9",
    CONVEX_SELF_HOSTED_ADMIN_KEY: "live-sessions|bb",
    VITE_GOOGLE_SIGN_IN: "1",
    VITE_CONVEX_URL: "http://127.0.0.1:3210",
  });
  expect(next).toContain("# mine\n");
  expect(next.match(/Written by npm start/g)).toHaveLength(1);
});
