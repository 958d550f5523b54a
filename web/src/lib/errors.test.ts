import { ConvexError } from "convex/values";
import { describe, expect, test } from "vitest";
import { readFailure } from "./errors";
import { NotLoadedError } from "./lazyPart";

describe("readFailure", () => {
  test("keeps the code, the fields and the extras of an expected failure", () => {
    const failure = readFailure(
      new ConvexError({
        code: "CONFLICT",
        message: "A session is running",
        sessionId: "s1",
        fields: { goal: ["taken"] },
      }),
    );
    expect(failure).toMatchObject({ code: "CONFLICT", message: "A session is running.", fields: { goal: ["taken"] } });
    expect(failure.data.sessionId).toBe("s1");
  });

  test("reads data that crossed an action as JSON text", () => {
    const failure = readFailure(new ConvexError(JSON.stringify({ code: "VALIDATION", message: "email: bad" })));
    expect(failure.code).toBe("VALIDATION");
  });

  test.each([
    [1, "Too many attempts. Try again in 1 second."],
    [12.2, "Too many attempts. Try again in 13 seconds."],
    [240, "Too many attempts. Try again in 4 minutes."],
  ])("says how long to wait after %s s", (retryAfter, message) => {
    expect(readFailure(new ConvexError({ code: "RATE_LIMITED", message: "slow down", retryAfter })).message).toBe(
      message,
    );
  });

  test("an unexpected error shows no internals", () => {
    const failure = readFailure(new Error("TypeError: cannot read x of undefined at convex/focus/model.ts:12"));
    expect(failure.code).toBe("UNKNOWN");
    expect(failure.message).not.toContain("TypeError");
  });

  test("a part that could not be fetched is no failure of the server", () => {
    const failure = readFailure(
      new NotLoadedError(new TypeError("Failed to fetch dynamically imported module"), () => undefined),
    );
    expect(failure.code).toBe("NOT_LOADED");
    expect(failure.message).not.toContain("server");
  });

  test("a function the server lacks is named as missing", () => {
    expect(readFailure(new Error("Could not find public function for 'audit/entries:list'")).code).toBe("MISSING");
  });
});
