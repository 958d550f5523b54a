/** The REST shapes of contracts §5, from the rows they are read from. */
import { z } from "@hono/zod-openapi";
import type { Doc } from "../_generated/dataModel";

export const ErrorBody = z.object({ detail: z.string(), fields: z.record(z.string(), z.array(z.string())).optional() }).openapi("FocusError");

export const Goal = z
  .object({
    id: z.uuid(),
    title: z.string(),
    emoji: z.string(),
    category: z.object({ name: z.string(), color: z.string() }),
    user: z.uuid(),
    status: z.string(),
    days_total: z.int(),
    days_completed: z.int(),
  })
  .openapi("Goal");

export const wireGoal = (goal: Doc<"goals">, owner: Doc<"users">): z.infer<typeof Goal> => ({
  id: goal.uuid,
  title: goal.title,
  emoji: goal.emoji,
  category: { name: goal.category.name, color: goal.category.color },
  user: owner.uuid,
  status: goal.status,
  days_total: goal.daysTotal,
  days_completed: goal.daysCompleted,
});
