import type { Json } from "./json";

/** Levels of arrays and objects that arguments may have, as with Convex; far below what would exhaust the stack. */
const MAX_ARGUMENT_NESTING = 64;

/** Whether a value has more than `levels` of arrays and objects in each other; looks no deeper than that. */
export const isNestedDeeper = (value: Json, levels = MAX_ARGUMENT_NESTING): boolean =>
  typeof value === "object" &&
  value !== null &&
  (levels === 0 || Object.values(value).some((child) => isNestedDeeper(child, levels - 1)));

export const TOO_NESTED = `nested deeper than ${MAX_ARGUMENT_NESTING} levels`;
