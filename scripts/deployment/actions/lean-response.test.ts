import { describe, expect, test } from "vitest";
import { LeanResponse, findWholeBody } from "./lean-response";

const NodeResponse = globalThis.Response;
const stream = () =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode("streamed"));
      controller.close();
    },
  });

/** Everything of a response that can be observed, or the error's name. */
async function observe(make: () => Response): Promise<unknown> {
  try {
    const response = make();
    const { status, statusText, ok, type, redirected, url, bodyUsed } = response;
    const hasBody = response.body !== null;
    return {
      status,
      statusText,
      ok,
      type,
      redirected,
      url,
      bodyUsed,
      hasBody,
      headers: [...response.headers],
      text: await response.text(),
    };
  } catch (error) {
    return (error as Error).name;
  }
}

describe("is like Node's Response", () => {
  const cases: [string, () => [BodyInit | null | undefined, ResponseInit?]][] = [
    ["text", () => ["hello"]],
    ["nothing", () => [null]],
    ["undefined", () => [undefined, { status: 404 }]],
    ["empty text", () => [""]],
    ["text with headers", () => ["{}", { status: 201, headers: { "Content-Type": "application/json", "x-a": "1" } }]],
    ["bytes", () => [new TextEncoder().encode("bytes")]],
    ["a part of a buffer", () => [new TextEncoder().encode("some bytes").subarray(5)]],
    ["a buffer", () => [new TextEncoder().encode("buffer").buffer]],
    ["a stream", () => [stream()]],
    ["a blob", () => [new Blob(["blob"], { type: "text/x" })]],
    ["search parameters", () => [new URLSearchParams({ a: "1" })]],
    ["a status text", () => ["x", { statusText: "Fine" }]],
    ["no content", () => [null, { status: 204 }]],
    ["a body where none may be", () => ["x", { status: 204 }]],
    ["a status out of range", () => ["x", { status: 99 }]],
    [
      "several cookies",
      () => [
        null,
        {
          headers: [
            ["set-cookie", "a=1"],
            ["set-cookie", "b=2"],
          ],
        },
      ],
    ],
  ];
  test.each(cases)("%s", async (_what, make) => {
    expect(await observe(() => new LeanResponse(...make()))).toEqual(await observe(() => new NodeResponse(...make())));
  });

  test("instanceof, clone and reading twice", async () => {
    const response = new LeanResponse("once", { status: 202 });
    expect(response).toBeInstanceOf(NodeResponse);
    const copy = response.clone();
    expect([await response.text(), await copy.text(), copy.status]).toEqual(["once", "once", 202]);
    expect(response.bodyUsed).toBe(true);
    await expect(response.text()).rejects.toThrow(TypeError);
    expect(() => response.clone()).toThrow(TypeError);
  });

  test("bytes, buffers, blobs and streams of a text body", async () => {
    const text = (data: ArrayBuffer | Uint8Array) => new TextDecoder().decode(data);
    expect(text(await new LeanResponse("a").arrayBuffer())).toBe("a");
    expect(text(await new LeanResponse(new Uint8Array([98])).arrayBuffer())).toBe("b");
    expect(await (await new LeanResponse("c").blob()).text()).toBe("c");
    expect(await new NodeResponse(new LeanResponse("d").body).text()).toBe("d");
  });

  test("a later change of the given bytes does not change the body", async () => {
    const given = new TextEncoder().encode("before");
    const response = new LeanResponse(given);
    given.fill(0);
    expect(await response.text()).toBe("before");
  });
});

test("a whole body is there until something else took it", async () => {
  expect(findWholeBody(new LeanResponse("text"))).toBe("text");
  expect(findWholeBody(new LeanResponse(null))).toBe(null);
  expect(findWholeBody(new LeanResponse(stream()))).toBe(undefined);
  expect(findWholeBody(new NodeResponse("text"))).toBe(undefined);
  const streamed = new LeanResponse("text");
  expect(streamed.body).not.toBe(null);
  expect(findWholeBody(streamed)).toBe(undefined);
  const read = new LeanResponse("text");
  await read.text();
  expect(findWholeBody(read)).toBe(undefined);
});
