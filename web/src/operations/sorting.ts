import type { Latency } from "./api";

export type Order = { by: keyof Latency; descending: boolean };

/** The order after a column's head is pressed: by it, figures with the highest first; again: the other way round. */
export const turnOrder = ({ by, descending }: Order, name: keyof Latency): Order => ({
  by: name,
  descending: by === name ? !descending : name !== "operation",
});

/** Equal ones keep their order. */
export function sortLatencies(latencies: readonly Latency[], { by, descending }: Order): Latency[] {
  const sign = descending ? -1 : 1;
  return [...latencies].sort((a, b) => {
    const [first, second] = [a[by], b[by]];
    return sign * (typeof first === "number" ? first - Number(second) : first.localeCompare(String(second), "en"));
  });
}
