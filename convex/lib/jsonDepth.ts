/** The deepest nesting of JSON from outside that is accepted (rest/README.md §0, Input). */
export const MAX_JSON_DEPTH = 60;

/** Iterative, so that hostile input cannot exhaust the stack. */
export function deeperThan(value: unknown, levels: number): boolean {
  let level = [value].filter(isNode);
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > levels) return true;
    level = level.flatMap((node) => Object.values(node).filter(isNode));
  }
  return false;
}

const isNode = (value: unknown): value is object => typeof value === "object" && value !== null;
