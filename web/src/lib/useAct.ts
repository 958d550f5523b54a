import { useState } from "react";
import { readFailure } from "@/lib/errors";

/** Runs one act at a time and keeps the reason when it fails. */
export function useAct() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const run = (act: () => Promise<unknown>) => {
    setBusy(true);
    setProblem(null);
    act()
      .catch((error: unknown) => setProblem(readFailure(error).message))
      .finally(() => setBusy(false));
  };
  return { run, busy, problem };
}
