import type { EvaluatedModule } from "../isolate";
import type { Json, JsonObject } from "../values";

export const CRONS = "crons.js";

/** A cron as `crons.export()` describes it. */
export interface CronDefinition {
  /** `module:function`. */
  name: string;
  args: Json[];
  schedule: JsonObject;
}

/** The crons a definition declares, by name. */
export function readCrons(analysis: Record<string, EvaluatedModule>): Record<string, CronDefinition> {
  const exported = analysis[CRONS]?.exported;
  return exported === null || exported === undefined ? {} : (JSON.parse(exported) as Record<string, CronDefinition>);
}
