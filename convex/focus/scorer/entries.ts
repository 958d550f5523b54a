import { DIMENSIONS, noRates, type Rates, type Shares } from "./dimensions";
import type { SourceName } from "./sources";

/**
 * How much a term says about the whole name.
 *
 * - `topic`: names the activity or its subject ("tennis", "algebra").
 * - `act`: a verb that rules what follows it: in "teaching chess" one teaches.
 * - `common`: an everyday word that yields to a more particular one beside it ("photography walk").
 * - `setting`: the form or frame only ("lesson", "morning", "club").
 */
export type Role = "topic" | "act" | "common" | "setting";

/** One term of the lexicon. */
export type Entry = {
  /** Words in lower case, separated by one space. */
  term: string;
  /** Matches this very form only, not others of the same stem. */
  exact: boolean;
  role: Role;
  /** Parts of 1. */
  shares: Rates;
  /** How demanding it is, 0 to 1; moves the total rate within its band. */
  effort: number;
  source: SourceName;
  /** The item within the source, as a reader would look it up. */
  ref: string;
  /** Metabolic equivalent, for terms from the Compendium. */
  met?: number;
};

/** Written-down shares in any unit, as parts of 1. Throws where they are negative or all zero. */
export function normalized(shares: Shares): Rates {
  const parts = noRates();
  let sum = 0;
  for (const dimension of DIMENSIONS) {
    const share = shares[dimension] ?? 0;
    if (!(share >= 0)) throw new RangeError(`shares.${dimension}: ${share} is not a number of at least 0`);
    parts[dimension] = share;
    sum += share;
  }
  if (sum === 0) throw new RangeError("shares: at least one dimension needs a part");
  for (const dimension of DIMENSIONS) parts[dimension] /= sum;
  return parts;
}

/** Reads one written term; a leading `=` makes it exact. */
function readTerm(written: string): { term: string; exact: boolean } {
  const trimmed = written.trim();
  const exact = trimmed.startsWith("=");
  const term = exact ? trimmed.slice(1) : trimmed;
  if (!/^[\p{L}\p{N}+#]+( [\p{L}\p{N}+#]+)*$/u.test(term)) throw new SyntaxError(`lexicon: malformed term "${written}"`);
  return { term, exact };
}

/**
 * Terms that share one item of a reference and one profile.
 *
 * @param about `shares` in any unit; `effort` 0 to 1, by default a half; `role` by default `topic`.
 * @param written the terms, separated by commas and line breaks; `=news` matches only that form.
 */
export function terms(
  about: { source: SourceName; ref: string; shares: Shares; effort?: number; role?: Role },
  written: string,
): Entry[] {
  const { source, ref, shares, effort = 0.5, role = "topic" } = about;
  const parts = normalized(shares);
  return written
    .split(/[,\n]/)
    .filter((word) => word.trim() !== "")
    .map((word) => ({ ...readTerm(word), role, shares: parts, effort, source, ref }));
}

/** `training` loads the body for its own sake; `upkeep` moves it in passing, for order, food, rest or fresh air. */
export type BodyUse = "training" | "upkeep";

/**
 * The part of physique in bodily activities, by what the body is moved for. Exercise is mostly physique from the
 * lightest kind on and more so the harder it is; vitality is what remains. Upkeep is mostly vitality, and gains
 * physique with intensity, up to two fifths.
 */
export function physiquePart(use: BodyUse, met: number): number {
  return use === "training" ? Math.min(0.9, 0.62 + 0.03 * met) : Math.min(0.4, 0.06 * met);
}

/** Intensity as effort: nothing at rest (1 MET), all of it at 11 MET, the pace of a 7 mph run. */
export function effortOfMet(met: number): number {
  return Math.min(1, Math.max(0, (met - 1) / 10));
}

/**
 * Bodily activities from a table of lines `code MET term, term…`.
 *
 * @param about `also` gives further dimensions their parts of 1, taken off physique and energy in proportion.
 */
export function metTable(about: { use: BodyUse; also?: Shares; role?: Role }, table: string): Entry[] {
  const { use, also = {}, role = "topic" } = about;
  const rest = 1 - DIMENSIONS.reduce((sum, dimension) => sum + (also[dimension] ?? 0), 0);
  const lines = table.split("\n").filter((line) => line.trim() !== "");
  return lines.flatMap((line) => {
    const [, code, value, written] = /^\s*(\d{5})\s+(\d+(?:\.\d+)?)\s+(.+)$/.exec(line) ?? [];
    if (code === undefined || value === undefined || written === undefined) {
      throw new SyntaxError(`lexicon: malformed MET line "${line}"`);
    }
    const met = Number(value);
    const physique = physiquePart(use, met) * rest;
    const shares = { ...also, physique: physique + (also.physique ?? 0), energy: rest - physique + (also.energy ?? 0) };
    const found = terms({ source: "compendium", ref: `${code}, ${value} MET`, shares, effort: effortOfMet(met), role }, written);
    return found.map((entry) => ({ ...entry, met }));
  });
}
