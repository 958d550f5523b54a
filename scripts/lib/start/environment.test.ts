import { expect, test } from "vitest";
import { environmentAtStart } from "./environment";

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
  expect(seen).toEqual([undefined, undefined]);
  expect(variables.PASSED_ON).toBeNull();
});
