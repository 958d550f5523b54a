/** The lines of an axis from 0: even steps of 1, 2, 2.5 or 5 times a power of ten, the last at or above `most`. */
export function axisLines(most: number, steps = 4): number[] {
  const least = Math.max(most, steps) / steps;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 2.5, 5, 10].map((times) => times * power).find((size) => size >= least - Number.EPSILON * least);
  const size = step ?? 10 * power;
  return Array.from({ length: Math.ceil(most / size) + 1 }, (_, index) => index * size);
}
