import type { QueryState } from "./useQueryState";

type DataOf<States> = { [Name in keyof States]: States[Name] extends QueryState<infer Data> ? Data : never };

/** Several live values as one: an error before anything that loads, and ready when all are. */
export function joinStates<States extends Record<string, QueryState<unknown>>>(
  states: States,
): QueryState<DataOf<States>> {
  const all = Object.values(states);
  const failed = all.find((state) => state.kind === "error");
  if (failed) return failed;
  if (all.some(({ kind }) => kind === "loading")) return { kind: "loading" };
  const data = Object.fromEntries(
    Object.entries(states).map(([name, state]) => [name, state.kind === "ready" ? state.data : undefined]),
  );
  return { kind: "ready", data: data as DataOf<States> };
}
