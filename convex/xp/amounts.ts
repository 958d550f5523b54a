/**
 * Arithmetic with XP and rates in five dimensions, which focus and the permanent store share; the browser uses it too.
 */

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

export type PerDimension = Record<Dimension, number>;

/** XP per second, or a part of 1 where it is a share. */
export type Rates = PerDimension;

/** Shares that are written down: what is absent is zero. */
export type Shares = Partial<Rates>;

/** XP: whole numbers, already rounded. */
export type Xp = PerDimension;

export const perDimension = (amount: (dimension: Dimension) => number): PerDimension => ({
  physique: amount("physique"),
  energy: amount("energy"),
  logic: amount("logic"),
  creativity: amount("creativity"),
  social: amount("social"),
});

/** A fresh set of zeros. */
export const zeros = (): PerDimension => perDimension(() => 0);

export const addXp = (a: Xp, b: Xp, sign: 1 | -1 = 1): Xp =>
  perDimension((dimension) => a[dimension] + sign * b[dimension]);
export const sameXp = (a: Xp, b: Xp): boolean => DIMENSIONS.every((dimension) => a[dimension] === b[dimension]);

const XP_PER_SQUARED_LEVEL = 10_000;

/** Life Level = 1 + floor(sqrt(total XP / 10000)) (focus/README.md §5, permanent store). */
export const lifeLevel = (xpTotal: number): number =>
  1 + Math.floor(Math.sqrt(Math.max(0, xpTotal) / XP_PER_SQUARED_LEVEL));

/** Total XP at which the level after `level` begins. */
export const nextLevelAt = (level: number): number => level * level * XP_PER_SQUARED_LEVEL;

/** The sum over the dimensions. */
export function totalOf(amounts: PerDimension): number {
  return DIMENSIONS.reduce((sum, dimension) => sum + amounts[dimension], 0);
}

/** XP in the fields of REST and of the permanent store's tables. */
export const toWireXp = (xp: Xp) => ({
  xp_total: totalOf(xp),
  xp_physique: xp.physique,
  xp_energy: xp.energy,
  xp_logic: xp.logic,
  xp_creativity: xp.creativity,
  xp_social: xp.social,
});

/** The dimension with the largest number; of equals the first in the order of `DIMENSIONS`. */
export function findTopDimension(amounts: PerDimension): Dimension {
  return DIMENSIONS.reduce((top, dimension) => (amounts[dimension] > amounts[top] ? dimension : top));
}
