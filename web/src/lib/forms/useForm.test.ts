import { expect, test } from "vitest";
import type { Failure } from "../errors";
import { placeErrors } from "./useForm";

const failure = (fields: Record<string, string[]>): Failure => ({
  code: "VALIDATION",
  message: "email: bad.",
  fields,
  retryAfterSeconds: null,
  data: {},
});

test("errors of the form's own fields stand beside them, without a message", () => {
  expect(placeErrors(["email"], failure({ email: ["Must be an email address."] }))).toEqual({
    fields: { email: ["Must be an email address."] },
    message: null,
  });
});

test("errors of fields the form lacks are not swallowed", () => {
  expect(placeErrors(["email"], failure({ tenant: ["Is closed."] }))).toEqual({
    fields: {},
    message: "tenant: Is closed.",
  });
});

test("a failure without fields shows its message", () => {
  expect(placeErrors(["email"], failure({}))).toEqual({ fields: {}, message: "email: bad." });
});
