/**
 * Wraps an asynchronous call so that one runs at a time. Calls made meanwhile become one further call, with the newest
 * argument, once the running one has settled.
 */
export function singleFlight<Arg>(call: (arg: Arg) => Promise<unknown>): (arg: Arg) => void {
  let running = false;
  let waiting: { arg: Arg } | null = null;
  const run = (arg: Arg) => {
    if (running) {
      waiting = { arg };
      return;
    }
    running = true;
    const settle = () => {
      running = false;
      const next = waiting;
      waiting = null;
      if (next) run(next.arg);
    };
    call(arg).then(settle, settle);
  };
  return run;
}
