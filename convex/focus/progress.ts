import { v } from "convex/values";
import { userQuery } from "../identity/builders";
import { getProgress, listRecentDays } from "./settlement/progress";
import { vPerDimension } from "../xp/shapes";

export { experimental_reuseContext } from "../lib/contexts";

/**
 * `timeZone` is an IANA name, by default UTC. `today` (YYYY-MM-DD, the date there) lets a client that stays open over
 * midnight ask for the new day; without it the server's clock decides.
 */
const when = { timeZone: v.optional(v.string()), today: v.optional(v.string()) };

/** XP, level, today's work and the streak of the caller. */
export const mine = userQuery({
  args: when,
  returns: v.object({
    xpTotal: v.number(),
    xp: vPerDimension,
    lifeLevel: v.number(),
    nextLevelAt: v.number(),
    today: v.object({ focusedSeconds: v.number(), xpTotal: v.number() }),
    streakDays: v.number(),
  }),
  handler: getProgress,
});

/** The last `weeks` (1…53) × 7 dates, oldest first, today's last. A session counts for the date on which it ended. */
export const weeks = userQuery({
  args: { ...when, weeks: v.number() },
  returns: v.object({
    days: v.array(v.object({ date: v.string(), focusedSeconds: v.number(), xpTotal: v.number(), xp: vPerDimension })),
  }),
  handler: async (ctx, args) => ({ days: await listRecentDays(ctx, args) }),
});
