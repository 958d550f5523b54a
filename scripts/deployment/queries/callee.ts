import type { LoadedFunction } from "../functions";
import type { Json } from "../values";

/** A query that a query calls: all parts of its cache key except the caller's identity. */
export interface Callee {
  key: string;
  fn: LoadedFunction;
  args: Json;
  argsText: string;
  /** Set for a call from another component, and for the calls below it: they see no identity. */
  isAnonymous: boolean;
}

export const isSameCallee = (a: Callee, b: Callee): boolean => a.key === b.key && a.isAnonymous === b.isAnonymous;
