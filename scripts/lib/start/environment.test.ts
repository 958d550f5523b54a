import { expect, test } from "vitest";
import { environmentAtStart, webOrigins } from "./environment";

/** Starts one after the other on one deployment; between them an operator may set variables. */
function deployment() {
  const variables: Record<string, string> = {};
  const start = (environment: Record<string, string>, defaults: Record<string, string> = {}) => {
    const changes = environmentAtStart(environment, { ...variables }, () => defaults);
    for (const [name, value] of Object.entries(changes))
      if (value === null) delete variables[name];
      else variables[name] = value;
    return changes;
  };
  const shown = () => Object.fromEntries(Object.entries(variables).filter(([name]) => name !== "PASSED_ON"));
  return { variables, start, shown };
}

test("what a start passed on goes with the first start whose environment lacks it", () => {
  const { start, shown, variables } = deployment();
  start({ TUTORING_AUTO_APPROVE: "true", TRUSTED_PROXY: "1", HOME: "/home" });
  expect(shown()).toEqual({ TUTORING_AUTO_APPROVE: "true", TRUSTED_PROXY: "1" });
  start({ TRUSTED_PROXY: "2" });
  expect(shown()).toEqual({ TRUSTED_PROXY: "2" });
  expect(start({ TRUSTED_PROXY: "2" })).toEqual({});
  start({});
  expect(variables).toEqual({});
});

test("what an operator set stays, also over a value that a start had passed on", () => {
  const { start, shown, variables } = deployment();
  variables.RATE_LIMIT_SCALE = "5";
  start({ TRUSTED_PROXY: "1" });
  variables.TRUSTED_PROXY = "3";
  start({});
  expect(shown()).toEqual({ RATE_LIMIT_SCALE: "5", TRUSTED_PROXY: "3" });
  start({ RATE_LIMIT_SCALE: "7" });
  start({});
  expect(shown()).toEqual({ TRUSTED_PROXY: "3" });
});

test("where something was passed on, defaults come back; the environment wins over them", () => {
  const { variables } = deployment();
  const seen: (string | undefined)[] = [];
  const start = (environment: Record<string, string>) => {
    const changes = environmentAtStart(environment, { ...variables }, (present) => {
      seen.push(present.SERVICE_KEY);
      return { PERMANENT_STORE_URL: "embedded", ...(present.SERVICE_KEY ? {} : { SERVICE_KEY: "made" }) };
    });
    Object.assign(variables, changes);
  };
  start({ SERVICE_KEY: "mine", PERMANENT_STORE_URL: "postgres://x" });
  expect(variables).toMatchObject({ SERVICE_KEY: "mine", PERMANENT_STORE_URL: "postgres://x" });
  start({});
  expect(variables).toMatchObject({ SERVICE_KEY: "made", PERMANENT_STORE_URL: "embedded" });
  expect(seen).toEqual(["mine", undefined]);
  expect(variables.PASSED_ON).toBeNull();
});

test("the web application's address follows the start, until an operator sets one", () => {
  const { variables } = deployment();
  const start = (environment: Record<string, string>, web: string) => {
    const changes = environmentAtStart(environment, { ...variables }, (known) => ({
      ...(known.SITE_URL ? {} : { SITE_URL: web }),
      ...(known.CORS_ALLOWED_ORIGINS ? {} : { CORS_ALLOWED_ORIGINS: webOrigins([web], known.SITE_URL) }),
    }));
    for (const [name, value] of Object.entries(changes))
      if (value === null) delete variables[name];
      else variables[name] = value;
    return [variables.SITE_URL, variables.CORS_ALLOWED_ORIGINS];
  };
  const [first, second, site] = ["http://127.0.0.1:5173", "http://127.0.0.1:5180", "https://app.example"] as const;
  expect(start({}, first)).toEqual([first, first]);
  expect(start({}, second)).toEqual([second, second]);
  expect(start({ SITE_URL: `${site}/` }, second)).toEqual([`${site}/`, `${second},${site}`]);
  expect(start({}, first)).toEqual([first, first]);
  variables.CORS_ALLOWED_ORIGINS = "https://mine.example";
  expect(start({ SITE_URL: site }, second)).toEqual([site, "https://mine.example"]);
  variables.SITE_URL = "https://other.example";
  expect(start({}, second)).toEqual(["https://other.example", "https://mine.example"]);
});

test("the origins of the web application", () => {
  expect(webOrigins(["http://127.0.0.1:1", "http://localhost:1"], undefined)).toBe(
    "http://127.0.0.1:1,http://localhost:1",
  );
  expect(webOrigins(["http://127.0.0.1:1"], "https://app.example/path")).toBe("http://127.0.0.1:1,https://app.example");
  expect(webOrigins(["http://127.0.0.1:1"], "no address")).toBe("http://127.0.0.1:1");
});
