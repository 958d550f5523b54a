import { Pool } from "undici";
import { quantile } from "./stats";

export interface LoadResult {
  requestsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  failed: number;
  firstFailure?: string;
}
export interface LoadRequest {
  method: string;
  path: string;
  headers?: Record<string, string>;
  body?: unknown;
}

/**
 * Closed loop: `connections` requests in flight for `durationMs` after a short warm-up; each connection sends its next
 * request when the last answer has been read.
 */
export async function httpLoad(
  origin: string,
  next: (n: number) => LoadRequest,
  options: { connections: number; durationMs: number; warmUpMs?: number },
): Promise<LoadResult> {
  const pool = new Pool(origin, { connections: options.connections, pipelining: 1 });
  let n = 0;
  const send = async (): Promise<{ ms: number; status: number; text: string | null }> => {
    const { body, ...request } = next(n++);
    const startedAt = performance.now();
    const answer = await pool.request({
      ...(request as { path: string; method: "GET" }),
      headers: {
        accept: "application/json",
        ...(body !== undefined && { "content-type": "application/json" }),
        ...request.headers,
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const bytes = await answer.body.arrayBuffer();
    const ok = answer.statusCode < 300;
    return {
      ms: performance.now() - startedAt,
      status: answer.statusCode,
      text: ok ? null : Buffer.from(bytes).toString(),
    };
  };
  const run = async (durationMs: number) => {
    const samples: number[] = [];
    let failed = 0;
    let firstFailure: string | undefined;
    const startedAt = performance.now();
    const loop = async () => {
      while (performance.now() - startedAt < durationMs) {
        const answer = await send();
        if (answer.text === null) samples.push(answer.ms);
        else {
          failed++;
          firstFailure ??= `${answer.status} ${answer.text.slice(0, 200)}`;
        }
      }
    };
    await Promise.all(Array.from({ length: options.connections }, loop));
    return { samples, failed, firstFailure, seconds: (performance.now() - startedAt) / 1000 };
  };
  await run(options.warmUpMs ?? 500);
  const { samples, failed, firstFailure, seconds } = await run(options.durationMs);
  await pool.close();
  return {
    requestsPerSecond: samples.length / seconds,
    p50Ms: quantile(samples, 0.5),
    p99Ms: quantile(samples, 0.99),
    failed,
    ...(firstFailure !== undefined && { firstFailure }),
  };
}
