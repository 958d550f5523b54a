import { useCallback, useRef } from "react";
import { singleFlight } from "./singleFlight";
import { useLatest } from "../hooks/useLatest";

/** `singleFlight` for a component, stable across renders. Runs the newest `call`, which handles its own failures. */
export function useSingleFlight<Arg>(call: (arg: Arg) => Promise<unknown>): (arg: Arg) => void {
  const latest = useLatest(call);
  const flight = useRef<((arg: Arg) => void) | null>(null);
  return useCallback(
    (arg: Arg) => {
      flight.current ??= singleFlight((each: Arg) => latest.current(each));
      flight.current(arg);
    },
    [latest],
  );
}
