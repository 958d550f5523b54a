import { ConvexError } from "convex/values";
import { expect, test } from "vitest";
import { readFailure } from "../errors";
import { toRefusal } from "./refusals";

const failureOf = async (status: number, body: string, headers = {}) =>
  readFailure(await toRefusal(new Response(body, { status, headers })));

test("an answer that refuses becomes the failure that a live function would have been", async () => {
  const error = { code: "VALIDATION_ERROR", message: "Wrong.", fields: { url: ["Must be an absolute URL."] } };
  expect(await failureOf(400, JSON.stringify({ error }))).toMatchObject(error);
  expect(await failureOf(400, `{"error":"Wrong.","fields":{"from":["Must not be after to."]}}`)).toMatchObject({
    message: "Wrong.",
    fields: { from: ["Must not be after to."] },
  });
  expect(await failureOf(403, `{"error":"No."}`)).toMatchObject({ code: "FORBIDDEN", message: "No." });
  expect(await failureOf(429, `{"error":"Slow down."}`, { "Retry-After": "7" })).toMatchObject({
    retryAfterSeconds: 7,
  });
});

test.each(["", "<html>", "null", "[]", `{"detail":1}`, `{"error":null}`])(
  "an answer of %s is told as such",
  async (body) => {
    const error = await toRefusal(new Response(body, { status: 502 }));
    expect(error).toBeInstanceOf(ConvexError);
    expect(readFailure(error).message).toBe("The server couldn't be reached, or refused. Try again.");
  },
);
