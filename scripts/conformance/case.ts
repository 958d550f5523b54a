import type { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import type { Value } from "convex/values";

/** An application of published components: its sources, and how it is driven once it has been pushed. */
export interface ConformanceCase {
  name: string;
  /** Components of `@convex-dev` that it mounts, by their names. */
  components: string[];
  /** Modules by path inside the functions folder, besides `convex.config.ts`. */
  files: Record<string, string>;
  /** @throws Error saying what was expected and what was found. */
  drive(app: PushedApp): Promise<void>;
}

type Arguments = Record<string, Value>;

/** A pushed application, as an administrator sees it. */
export class PushedApp {
  readonly #client: ConvexHttpClient;
  readonly siteUrl: string;

  constructor(client: ConvexHttpClient, siteUrl: string) {
    this.#client = client;
    this.siteUrl = siteUrl;
  }

  query(path: string, args: Arguments = {}): Promise<unknown> {
    return this.#client.query(makeFunctionReference<"query">(path), args);
  }

  mutation(path: string, args: Arguments = {}): Promise<unknown> {
    return this.#client.mutation(makeFunctionReference<"mutation">(path), args);
  }

  action(path: string, args: Arguments = {}): Promise<unknown> {
    return this.#client.action(makeFunctionReference<"action">(path), args);
  }
}

/** @throws Error when the two differ. */
export function expectEqual(what: string, found: unknown, expected: unknown): void {
  const [a, b] = [JSON.stringify(found), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${what}: expected ${b}, found ${a}`);
}

const PATIENCE_MS = 45_000;
const POLL_MS = 100;

/** Reads until the answer is as expected. @throws Error with the last answer. */
export async function expectEventually(what: string, read: () => Promise<unknown>, expected: unknown): Promise<void> {
  const deadlineMs = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await read();
    if (JSON.stringify(found) === JSON.stringify(expected)) return;
    if (Date.now() > deadlineMs) return expectEqual(`${what}, after ${PATIENCE_MS / 1000} s`, found, expected);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** The names that generated modules give; every case begins with them. */
export const HEAD = `import { action, internalAction, internalMutation, internalQuery, mutation, query } from "./_generated/server";
import { components, internal } from "./_generated/api";
import { v } from "convex/values";
`;
