import { useMutation } from "convex/react";
import { useState } from "react";
import { api } from "@/lib/api";
import { readFailure } from "@/lib/errors";
import { DEFAULT_DAYS, UNDECIDED } from "../goals/categories";
import { lookOf } from "../goals/LookFields";

/** Creates goals and activities from their names alone, as their dialogs would when nothing else is entered. */
export function useQuickCreate() {
  const createGoal = useMutation(api.focus.goals.create);
  const createActivity = useMutation(api.focus.activities.create);
  const [problem, setProblem] = useState<string | null>(null);
  const [pending, setPending] = useState(0);
  const { category, color, emoji } = lookOf({ category: UNDECIDED, emoji: null });
  const attempt = (create: () => Promise<string>, then: (id: string) => void) => {
    setProblem(null);
    setPending((count) => count + 1);
    create()
      .then(then, (error: unknown) => setProblem(readFailure(error).message))
      .finally(() => setPending((count) => count - 1));
  };
  return {
    problem,
    /** Whether something is being created. */
    busy: pending > 0,
    goal: (title: string, then: (id: string) => void) =>
      attempt(() => createGoal({ title, emoji, category: { name: category, color }, daysTotal: DEFAULT_DAYS }), then),
    activity: (name: string, then: (id: string) => void) =>
      attempt(() => createActivity({ name, category, color, emoji }), then),
  };
}
