import type { FunctionCall, Outcome } from "../functions";
import type { Store, Transaction } from "../transactions";
import type { Json, JsonObject } from "../values";

export const JOBS_TABLE = "_scheduled_functions";

/** A `_scheduled_functions` document. Source: the convex package's system data model. */
export interface Job {
  _id: string;
  name: string;
  args: Json[];
  scheduledTime: number;
  completedTime?: number;
  state: { kind: "pending" | "inProgress" | "success" | "canceled" } | { kind: "failed"; error: string };
}

export function* listJobs(store: Store, component: string): Generator<Job> {
  const tx = store.begin("read", { unlimited: true });
  const stream = tx.openStream(component, {
    source: { type: "FullTableScan", tableName: JOBS_TABLE, order: "asc" },
    operators: [],
  });
  for (let text = tx.nextInStream(stream); text !== null; text = tx.nextInStream(stream)) yield JSON.parse(text) as Job;
  tx.closeStream(stream);
}

export function readJob(tx: Transaction, component: string, id: string): Job | null {
  const text = tx.get(component, id, JOBS_TABLE, true);
  return text === null ? null : (JSON.parse(text) as Job);
}

/** The fields of a job that has ended. */
export function makeEndFields(tx: Transaction, outcome: Outcome): JsonObject {
  const state: JsonObject = outcome.ok ? { kind: "success" } : { kind: "failed", error: outcome.errorMessage };
  return { state, completedTime: tx.now };
}

/**
 * `module.js:function` for a function of the caller's own component, with the component's path and a colon in front for
 * another's. Function and module names have no colon, so the two cannot be confused.
 */
export function makeJobName(caller: string, target: FunctionCall): string {
  if (target.path.startsWith("function://")) return target.path;
  const [module = "", fn = "default"] = target.path.split(":");
  const name = `${module.endsWith(".js") ? module : `${module}.js`}:${fn}`;
  return target.component === caller ? name : `${target.component}:${name}`;
}

export function makeJobCall(component: string, job: Job): FunctionCall {
  const parts = job.name.split(":");
  const foreign = parts.length === 3 && !job.name.startsWith("function://");
  return {
    component: foreign ? parts[0]! : component,
    path: foreign ? `${parts[1]}:${parts[2]}` : job.name,
    args: job.args[0] ?? {},
    identity: null,
    reach: "all",
    job: { component, id: job._id },
  };
}
