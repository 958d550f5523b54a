import { DIMENSIONS, type Rates, zeros } from "../../xp/amounts";

/**
 * The least and the most that all dimensions together earn, in XP per second. The least is the total of the documented
 * example (5.0 + 1.0 + 0 + 2.5 + 0.25); the most keeps any two activities within a factor of 1.5.
 */
export const MIN_TOTAL_RATE = 8.75;
export const MAX_TOTAL_RATE = 13;

/** Rates are whole quarters: exact in binary, so rate times whole seconds never needs rounding errors thought about. */
const UNITS_PER_XP = 4;

/** A dimension with less than this part would only be noise in the interface. */
const SMALLEST_SHARE = 0.02;

/**
 * Rates in XP per second.
 *
 * @param shares parts of 1 for each dimension, at least one above `SMALLEST_SHARE`.
 * @param effort 0 to 1: places the total between `MIN_TOTAL_RATE` and `MAX_TOTAL_RATE`.
 * @returns multiples of 0.25 whose sum lies within the band, in the proportions of the shares as far as quarters allow.
 */
export function toRates(shares: Rates, effort: number): Rates {
  const low = MIN_TOTAL_RATE * UNITS_PER_XP;
  const high = MAX_TOTAL_RATE * UNITS_PER_XP;
  const total = Math.round(low + (high - low) * Math.min(1, Math.max(0, effort)));

  const kept = DIMENSIONS.filter((dimension) => shares[dimension] >= SMALLEST_SHARE);
  const sum = kept.reduce((all, dimension) => all + shares[dimension], 0);
  const exact = kept.map((dimension) => ({ dimension, units: (total * shares[dimension]) / sum }));
  const rates = zeros();
  for (const { dimension, units } of exact) rates[dimension] = Math.floor(units);

  // Largest remainder: what flooring left over goes to those who lost most by it; the sort is stable, so ties are too.
  let left = total - kept.reduce((all, dimension) => all + rates[dimension], 0);
  const byRemainder = [...exact].sort((a, b) => (b.units % 1) - (a.units % 1));
  for (const { dimension } of byRemainder) {
    if (left === 0) break;
    rates[dimension] += 1;
    left -= 1;
  }
  for (const dimension of kept) rates[dimension] /= UNITS_PER_XP;
  return rates;
}
