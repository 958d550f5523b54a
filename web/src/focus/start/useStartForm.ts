import { useMutation } from "convex/react";
import type { FunctionArgs } from "convex/server";
import { useNavigate } from "react-router";
import { api } from "@/lib/api";
import { useForm, type FormState } from "@/lib/forms/useForm";
import { ownTimeZone } from "@/lib/time/time";

type Choice = Pick<FunctionArgs<typeof api.focus.sessions.start>, "goalId" | "activityId"> & {
  /** Null for an open end. */
  plannedSeconds: number | null;
};

/**
 * The submission that starts a session and goes to it.
 *
 * @param choose what to start; null when that is not known yet, and nothing starts
 */
export function useStartForm(choose: () => Choice | null): FormState {
  const navigate = useNavigate();
  const start = useMutation(api.focus.sessions.start);
  return useForm({
    names: [],
    save: async () => {
      const choice = choose();
      if (!choice) return;
      const { plannedSeconds, ...what } = choice;
      await start({
        ...what,
        devicePlatform: "web",
        timeZone: ownTimeZone(),
        ...(plannedSeconds !== null && { plannedSeconds }),
      });
      await navigate("/focus/live");
    },
    onFailure: ({ code }) => {
      // Another device was faster. Its session is this account's session too.
      if (code === "CONFLICT") void navigate("/focus/live");
      return code === "CONFLICT";
    },
  });
}
