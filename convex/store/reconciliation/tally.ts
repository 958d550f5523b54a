import type { Infer } from "convex/values";
import { vReconciliation } from "../tables";

/** What a reconciliation has counted so far. */
export const vTally = vReconciliation.omit("finishedAt", "error");
export type Tally = Infer<typeof vTally>;
