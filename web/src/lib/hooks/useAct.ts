import { useState } from "react";
import { readFailure } from "@/lib/errors";
import { useExclusive } from "./useExclusive";

/** Runs one act at a time and keeps the reason when it fails. */
export function useAct() {
  const { busy, run: runAlone } = useExclusive();
  const [problem, setProblem] = useState<string | null>(null);
  const run = (act: () => Promise<unknown>) =>
    runAlone(async () => {
      setProblem(null);
      await act().catch((error: unknown) => setProblem(readFailure(error).message));
    });
  return { run, busy, problem };
}
