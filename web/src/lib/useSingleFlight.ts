import { useEffectEvent, useState } from "react";
import { singleFlight } from "./singleFlight";

/**
 * `singleFlight` for effects and timers of a component: one call at a time, the newest argument next. The caller handles
 * its failures.
 */
export function useSingleFlight<Arg>(call: (arg: Arg) => Promise<unknown>): (arg: Arg) => void {
  const latest = useEffectEvent(call);
  const [flight] = useState(() => singleFlight<Arg>((arg) => latest(arg)));
  return flight;
}
