import { DIMENSIONS, type Rates, type Shares, zeros } from "../../xp/amounts";
import type { SourceName } from "./sources";

/**
 * The weight of a term within the whole name.
 *
 * - `topic`: names the activity or its subject ("tennis", "algebra").
 * - `act`: a verb that rules what follows it: in "teaching chess" one teaches.
 * - `common`: an everyday word that yields to a more particular one beside it ("photography walk").
 * - `setting`: the form or frame only ("lesson", "morning", "club").
 */
export type Role = "topic" | "act" | "common" | "setting";

/** The properties that a group of terms shares: one item of a reference and one profile. */
export type Profile = {
  role: Role;
  /** Parts of 1. */
  shares: Rates;
  /** The effort it takes, 0 to 1; moves the total rate within its band. */
  effort: number;
  source: SourceName;
  /** The item within the source, as a reader would look it up. */
  ref: string;
  /** Metabolic equivalent, for terms from the Compendium. */
  met?: number;
};

/** One term of the lexicon. */
export type Entry = {
  /** Words in lower case, separated by one space. */
  term: string;
  /** Matches this very form only, not others of the same stem. */
  exact: boolean;
  profile: Profile;
};

/**
 * A part of the lexicon as written. It is read only when the first name is scored, and then no further than needed:
 * functions run in fresh isolates, where reading thousands of terms would cost more than all else a request does.
 */
export type Section = { read: () => Group[] };

/** Terms as written, separated by commas and line breaks, and their profile, worked out when one of them is met. */
export type Group = { written: string; profile: () => Profile };

/** Written-down shares in any unit, as parts of 1. Throws where they are negative or all zero. */
export function normalizeShares(shares: Shares): Rates {
  const parts = zeros();
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

/**
 * Terms that share one item of a reference and one profile.
 *
 * @param about `shares` in any unit; `effort` 0 to 1, by default a half; `role` by default `topic`.
 * @param written the terms, separated by commas and line breaks; `=news` matches only that form.
 */
export function terms(
  about: { source: SourceName; ref: string; shares: Shares; effort?: number; role?: Role },
  written: string,
): Section {
  const { source, ref, shares, effort = 0.5, role = "topic" } = about;
  const profile = () => ({ role, shares: normalizeShares(shares), effort, source, ref });
  return { read: () => [{ written, profile }] };
}

/** `training` loads the body for its own sake; `upkeep` moves it in passing, for order, food, rest or fresh air. */
export type BodyUse = "training" | "upkeep";

/**
 * The part of physique in bodily activities, by what the body is moved for. Exercise is mostly physique from the
 * lightest kind on and more so the harder it is; vitality is what remains. Upkeep is mostly vitality, and gains
 * physique with intensity, up to two fifths.
 */
export function computePhysique(use: BodyUse, met: number): number {
  return use === "training" ? Math.min(0.9, 0.62 + 0.03 * met) : Math.min(0.4, 0.06 * met);
}

/** Intensity as effort: nothing at rest (1 MET), all of it at 11 MET, the pace of a 7 mph run. */
export function computeEffort(met: number): number {
  return Math.min(1, Math.max(0, (met - 1) / 10));
}

/**
 * Bodily activities from a table of lines `code MET term, term…`.
 *
 * @param about `also` gives further dimensions their parts of 1, which physique and energy then share the rest of.
 */
export function readMetTable(about: { use: BodyUse; also?: Shares; role?: Role }, table: string): Section {
  const { use, also = {}, role = "topic" } = about;
  const groupOf = (line: string): Group => {
    const [, code, value, written] = /^\s*(\d{5})\s+(\d+(?:\.\d+)?)\s+(.+)$/.exec(line) ?? [];
    if (code === undefined || value === undefined || written === undefined) {
      throw new SyntaxError(`lexicon: malformed MET line "${line}"`);
    }
    const profile = (): Profile => {
      const met = Number(value);
      const rest = 1 - DIMENSIONS.reduce((sum, dimension) => sum + (also[dimension] ?? 0), 0);
      const physique = computePhysique(use, met) * rest;
      const shares = normalizeShares({ ...also, physique, energy: rest - physique });
      return {
        role,
        shares,
        effort: computeEffort(met),
        source: "compendium",
        ref: `${code}, ${value} MET`,
        met,
      };
    };
    return { written, profile };
  };
  const lines = () => table.split("\n").filter((line) => line.trim() !== "");
  return { read: () => lines().map(groupOf) };
}

/** The terms of a group as written, `=` included. */
export function writtenTerms(group: Group): string[] {
  return group.written
    .split(/[,\n]/)
    .map((written) => written.trim())
    .filter((written) => written !== "");
}

/** Every term of some sections, checked; for those who look at the lexicon as a whole. */
export function buildEntries(sections: readonly Section[]): Entry[] {
  return sections.flatMap((section) =>
    section.read().flatMap((group) => {
      const profile = group.profile();
      return writtenTerms(group).map((written) => {
        const exact = written.startsWith("=");
        const term = exact ? written.slice(1) : written;
        if (!/^[\p{Ll}\p{N}+#]+( [\p{Ll}\p{N}+#]+)*$/u.test(term)) {
          throw new SyntaxError(`lexicon: malformed term "${written}"`);
        }
        return { term, exact, profile };
      });
    }),
  );
}
