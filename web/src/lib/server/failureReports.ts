import { ConvexError } from "convex/values";
import { NotLoadedError } from "../lazyPart";

type Told = { name: string; message: string; stack: string };

let receiver: ((told: Told) => void) | null = null;

/** Sets who is told of failures, until the returned function is called. */
export function receiveFailures(receive: (told: Told) => void): () => void {
  receiver = receive;
  return () => {
    if (receiver === receive) receiver = null;
  };
}

/** Failures that are nobody's mistake: what the server refuses, lost connections, and a warning of browsers. */
const isExpected = (error: unknown): boolean =>
  error instanceof ConvexError ||
  error instanceof NotLoadedError ||
  (error instanceof Error &&
    (error.name === "AbortError" || /Failed to fetch|NetworkError|Load failed|ResizeObserver/.test(error.message)));

/** One that comes again and again is told once a visit. */
const told = new Set<string>();
const TOLD_MAX = 50;

/** Tells operators of a failure in this page. */
export function reportFailure(error: unknown): void {
  if (!receiver || isExpected(error) || told.size >= TOLD_MAX) return;
  const { name, message, stack = "" } = error instanceof Error ? error : new Error(String(error));
  const key = `${name} ${message}`;
  if (told.has(key)) return;
  told.add(key);
  receiver({ name, message, stack });
}
