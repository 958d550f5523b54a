import type { Infer } from "convex/values";
import { vReconciliation } from "../tables";

/** Counts of a reconciliation so far. */
export const vTally = vReconciliation.omit("finishedAt", "error");
export type Tally = Infer<typeof vTally>;
