import { useQueries, type RequestForQueries } from "convex/react";
import { getFunctionName, type FunctionReference, type FunctionReturnType } from "convex/server";
import { convexToJson, type Value } from "convex/values";
import { useCallback, useEffect, useMemo, useState } from "react";
import { readFailure, type Failure } from "../errors";

/** The states of a live read. While offline, `ready` holds the last known value; `useOnline` tells. */
export type QueryState<Data> =
  { kind: "loading" } | { kind: "ready"; data: Data } | { kind: "error"; failure: Failure; retry: () => void };

/**
 * Subscribes to a query and returns its state instead of throwing, so that every card can show what went wrong and try
 * again. "skip" stays `loading`.
 */
export function useQueryState<Ref extends FunctionReference<"query">>(
  query: Ref,
  args: Ref["_args"] | "skip",
): QueryState<FunctionReturnType<Ref>> {
  const { resting, retry } = useRetry();
  const name = getFunctionName(query);
  const argsKey = args === "skip" ? null : JSON.stringify(convexToJson(args));
  const queries = useMemo(
    (): RequestForQueries =>
      argsKey === null || resting ? {} : { it: { query, args: args as Record<string, Value> } },
    // The query and its arguments are new objects at each render; their name and JSON text are what they mean.
    // oxlint-disable-next-line react/exhaustive-deps
    [name, argsKey, resting],
  );
  const result: unknown = useQueries(queries).it;
  if (result instanceof Error) return { kind: "error", failure: readFailure(result), retry };
  if (result === undefined) return { kind: "loading" };
  return { kind: "ready", data: result as FunctionReturnType<Ref> };
}

/** Lets go of the subscription for a moment, so that the server runs the query again. */
export function useRetry() {
  const [resting, setResting] = useState(false);
  useEffect(() => {
    if (!resting) return;
    const timer = setTimeout(() => setResting(false), 50);
    return () => clearTimeout(timer);
  }, [resting]);
  return { resting, retry: useCallback(() => setResting(true), []) };
}
