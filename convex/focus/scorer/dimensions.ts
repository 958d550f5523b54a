/**
 * The five dimensions of experience, in the order in which rates are written everywhere.
 *
 * - `physique`: strength, endurance, speed and coordination: exercise, sport and heavy bodily work, where the body is
 *   loaded beyond daily life.
 * - `energy`: vitality and the discipline that keeps it: sleep, rest, breath, calm, gentle movement such as walking
 *   and stretching, healthy food, hygiene, and keeping home, garden and routine in order. A chore belongs here even
 *   when it makes one sweat, because its use is order and not training.
 * - `logic`: analysis, learning, memory and planning: study, non-fiction, languages learned alone, mathematics, code,
 *   money, puzzles, repairs that are mostly diagnosis.
 * - `creativity`: making what was not there before: art, craft, music, fiction, design, performance, ideas.
 * - `social`: being with people and for people: talk, company, care, teaching, leading, selling, volunteering.
 */
export const DIMENSIONS = ["physique", "energy", "logic", "creativity", "social"] as const;

export type Dimension = (typeof DIMENSIONS)[number];

/** A number for each dimension: XP per second where it is a rate, a part of 1 where it is a share. */
export type Rates = Record<Dimension, number>;

/** Shares that are written down: what is absent is zero. */
export type Shares = Partial<Rates>;

/** A fresh set of zeros. */
export function noRates(): Rates {
  return { physique: 0, energy: 0, logic: 0, creativity: 0, social: 0 };
}

/** The sum over the dimensions. */
export function totalOf(rates: Rates): number {
  return DIMENSIONS.reduce((sum, dimension) => sum + rates[dimension], 0);
}

/** The dimension with the largest number; of equals the first in the order of `DIMENSIONS`. */
export function topDimension(rates: Rates): Dimension {
  return DIMENSIONS.reduce((top, dimension) => (rates[dimension] > rates[top] ? dimension : top));
}
