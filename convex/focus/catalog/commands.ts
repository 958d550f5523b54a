/** Additions to the catalog: goals of one's own, activities for everybody. */
import { userCommand } from "../../identity/command";
import { text } from "../../lib/schemas/fields";
import { z } from "../../lib/schemas/zod";
import { color, emoji, name } from "../fields";
import { DAYS_TOTAL_MAX } from "../rules";
import * as Activities from "./activities";
import * as Goals from "./goals";

const TITLE_MAX = 200;

/** Returns the goal's UUID. */
export const createGoal = userCommand({
  input: z.strictObject({
    title: text({ min: 1, max: TITLE_MAX }),
    emoji: emoji(),
    category: z.strictObject({ name: name(), color: color() }),
    daysTotal: z.int().min(1).max(DAYS_TOTAL_MAX),
  }),
  run: Goals.createGoal,
});

/** Returns the activity's UUID. */
export const createActivity = userCommand({
  input: z.strictObject({ name: name(), emoji: emoji(), category: name(), color: color() }),
  run: Activities.createActivity,
});
