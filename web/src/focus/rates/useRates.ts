import { useAction } from "convex/react";
import { useCallback, useEffect, useState } from "react";
import { api } from "@/lib/api";
import { readFailure } from "@/lib/errors";
import type { QueryState } from "@/lib/live/useQueryState";
import type { CalculatedRates } from "../types";

type Answer = { key: string; state: QueryState<CalculatedRates> };

/** The rates per second of an activity for a goal, with reasons. `loading` without a choice. */
export function useRates(goalId: string | null, activityId: string | null): QueryState<CalculatedRates> {
  const calculate = useAction(api.focus.rates.calculate);
  const [attempt, setAttempt] = useState(0);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const key = goalId && activityId ? `${goalId}/${activityId}/${attempt}` : null;
  const retry = useCallback(() => setAttempt((count) => count + 1), []);

  useEffect(() => {
    if (!key || !goalId || !activityId) return;
    let current = true;
    calculate({ goalId, activityId }).then(
      (data) => current && setAnswer({ key, state: { kind: "ready", data } }),
      (error: unknown) => current && setAnswer({ key, state: { kind: "error", failure: readFailure(error), retry } }),
    );
    return () => {
      current = false;
    };
  }, [key, goalId, activityId, calculate, retry]);

  return answer && answer.key === key ? answer.state : { kind: "loading" };
}
