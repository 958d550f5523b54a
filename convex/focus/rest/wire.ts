/** Makes the REST answers of focus/README §5 from rows. Only the routes load the declarations of those. */
import type { Doc } from "../../_generated/dataModel";
import type { z } from "../../rest/schemas/zod";
import { toWireTime } from "../../lib/time";
import { toWireXp } from "../../xp/amounts";
import type { Goal, History, HistorySession } from "./schemas";
import type { HistoryItem } from "../shapes";

export const toWireGoal = (goal: Doc<"goals">, owner: Doc<"users">): z.infer<typeof Goal> => ({
  id: goal.uuid,
  title: goal.title,
  emoji: goal.emoji,
  category: { name: goal.category.name, color: goal.category.color },
  user: owner.uuid,
  status: goal.status,
  days_total: goal.daysTotal,
  days_completed: goal.daysCompleted,
});

const toWireSession = (item: HistoryItem): z.infer<typeof HistorySession> => ({
  id: item.id,
  started_at: toWireTime(item.startedAt),
  ended_at: toWireTime(item.endedAt),
  total_duration_seconds: item.totalDurationSeconds,
  focused_duration_seconds: item.focusedDurationSeconds,
  ...toWireXp(item.xp),
  completed_reason: item.completedReason,
  activity: item.activity,
});

export const toWireHistory = (items: HistoryItem[], next: string | null): z.infer<typeof History> => ({
  results: items.map(toWireSession),
  next,
});
