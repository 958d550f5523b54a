import { CATEGORIES } from "./categories";
import { DIMENSIONS, type Dimension, type Rates, zeros } from "../../xp/amounts";
import { normalizeShares, type Profile } from "./entries";
import { type Match, matchTerms } from "./match";
import { toRates } from "./rates";
import { SOURCES } from "./sources";
import { TermIndex } from "./termIndex";
import { tokenize } from "./tokens";

export { DIMENSIONS, findTopDimension as topDimension, totalOf, type Dimension, type Rates } from "../../xp/amounts";
export { MAX_TOTAL_RATE, MIN_TOTAL_RATE } from "./rates";
export { SOURCES, type SourceName } from "./sources";

/** The facts about an activity. Any text will do; empty and unknown texts count as saying nothing. */
export type ActivityText = { name: string; category?: string; goalTitle?: string };

/** One reason for the rates, for people to read. */
export type Reason = {
  dimension: Dimension;
  /** The words of the name, category or goal that count here; "unknown activity" where none did. */
  term: string;
  /** The part of the whole that this term gives to this dimension, above 0 and up to 1, in hundredths. */
  weight: number;
  /** The public reference and the item in it, such as "O*NET Content Model, 2.B.3.e Programming". */
  source: string;
};

export type Score = { rates: Rates; reasons: Reason[] };

/** A category beside a name that says much, and a goal beside both, shift the rates without deciding them. */
const CATEGORY_WEIGHT = 0.4;
const GOAL_WEIGHT = 0.12;

/** Below this much knowledge the neutral profile fills up what is missing. */
const ENOUGH_WEIGHT = 0.12;

const MAX_REASONS = 8;

const NEUTRAL: Profile = {
  role: "topic",
  shares: normalizeShares({ physique: 15, energy: 25, logic: 25, creativity: 20, social: 15 }),
  effort: 0.3,
  source: "neutral",
  ref: "",
};

const categories = new TermIndex(CATEGORIES);

/** The meaning of a category: the listed one it is or ends with ("Creative writing"), or else what its words say. */
function matchCategory(category: string): Match[] {
  const tokens = tokenize(category);
  for (const part of [tokens, tokens.slice(-1)]) {
    const found = categories.find(part);
    if (found?.length === part.length) {
      return [{ profile: found.entry.profile, words: tokens.map(({ word }) => word).join(" "), weight: 1 }];
    }
  }
  return matchTerms(category);
}

/** The same matches, their weights together making up `weight`. */
function scaleMatches(matches: Match[], weight: number): Match[] {
  const sum = matches.reduce((all, match) => all + match.weight, 0);
  return matches.map((match) => ({ ...match, weight: (match.weight * weight) / sum }));
}

/** All that speaks for the rates, the name first. */
function collectEvidence({ name, category = "", goalTitle = "" }: ActivityText): Match[] {
  const found = [
    ...matchTerms(name),
    ...scaleMatches(matchCategory(category), CATEGORY_WEIGHT),
    ...scaleMatches(matchTerms(goalTitle), GOAL_WEIGHT),
  ];
  const known = found.reduce((all, match) => all + match.weight, 0);
  if (known < ENOUGH_WEIGHT) found.push({ profile: NEUTRAL, words: "unknown activity", weight: ENOUGH_WEIGHT - known });
  return found;
}

function formatSource({ source, ref }: Profile): string {
  return ref === "" ? SOURCES[source].title : `${SOURCES[source].title}, ${ref}`;
}

/** Terms and dimensions by what they add, the largest first; what rounds to nothing is left out. */
function listReasons(evidence: Match[], total: number): Reason[] {
  const reasons = evidence.flatMap(({ profile, words, weight }) =>
    DIMENSIONS.map((dimension) => ({
      dimension,
      term: words,
      weight: Math.round((100 * weight * profile.shares[dimension]) / total) / 100,
      source: formatSource(profile),
    })),
  );
  return reasons
    .filter((reason) => reason.weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .slice(0, MAX_REASONS);
}

/**
 * Rates an activity by what its name, its category and its goal say, in that order of trust.
 *
 * Pure and deterministic: equal texts give equal rates on server and client. The name's terms are looked up by stem,
 * longer terms first; a leading verb and the last word of a compound count more, what follows a preposition less. The
 * total stays between `MIN_TOTAL_RATE` and `MAX_TOTAL_RATE`, so that no choice of words earns over 1.5 times another.
 *
 * @returns XP per second in quarters, and up to eight reasons, the weightiest first; at least one.
 */
export function scoreActivity(activity: ActivityText): Score {
  const evidence = collectEvidence(activity);
  const total = evidence.reduce((all, match) => all + match.weight, 0);
  const shares = zeros();
  let effort = 0;
  for (const { profile, weight } of evidence) {
    for (const dimension of DIMENSIONS) shares[dimension] += (weight * profile.shares[dimension]) / total;
    effort += (weight * profile.effort) / total;
  }
  return { rates: toRates(shares, effort), reasons: listReasons(evidence, total) };
}
