/** HTTP as hostile clients speak it: a request's target and headers go out as they are, which `fetch` would not do. */
import { request } from "node:http";
import { inject } from "vitest";
import type { Answer } from "./api";

/** `body` in several pieces is sent chunked, without a length. */
export function rawCall(
  method: string,
  target: string,
  options: {
    headers?: Record<string, string | string[]>;
    body?: Uint8Array | string | (Uint8Array | string)[];
    siteUrl?: string;
  } = {},
): Promise<Answer> {
  const { body, headers = {} } = options;
  // Bytes, since text would take the headers along into its own encoding.
  const pieces = (body === undefined ? [] : Array.isArray(body) ? body : [body]).map((piece) =>
    Buffer.from(piece as string),
  );
  return new Promise((resolve, reject) => {
    const sent = request(
      options.siteUrl ?? inject("siteUrl"),
      { method, path: target, headers, agent: false },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on("data", (part: Buffer) => parts.push(part));
        answer.on("end", () => {
          const text = Buffer.concat(parts).toString();
          const flat = Object.entries(answer.headers).flatMap(([name, value]) =>
            value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value] as [string, string]],
          );
          resolve({ status: answer.statusCode ?? 0, headers: new Headers(flat), text, body: parsed(text) });
        });
      },
    );
    sent.on("error", reject);
    if (pieces.length === 1) sent.setHeader("Content-Length", pieces[0]!.byteLength);
    for (const piece of pieces) sent.write(piece);
    sent.end();
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
