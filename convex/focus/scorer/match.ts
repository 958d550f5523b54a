import type { Profile } from "./entries";
import { LEXICON } from "./lexicon";
import { toKey, TermIndex } from "./termIndex";
import { tokenize } from "./tokens";

/** A term found in a text. */
export type Match = {
  profile: Profile;
  /** The words as the user wrote them, in lower case. */
  words: string;
  weight: number;
};

const ROLE_WEIGHTS = { topic: 1, act: 1, common: 0.5, setting: 0.15 } as const;

/** A verb at the beginning says what is done; the rest says to what. */
const LEADING_ACT = 2;

/** In a compound the last word is the head: a "guitar strap design" is a design. */
const COMPOUND_HEAD = 1.25;

/** A longer term is surer than a single word. */
const LONGER_TERM = 0.5;

const index = new TermIndex(LEXICON);

/**
 * The terms of a text, from its beginning, the longest first, each word used once.
 *
 * @returns matches in order, their weights by role, length, clause and position; empty when nothing is known.
 */
export function matchTerms(text: string): Match[] {
  const tokens = tokenize(text);
  const matches: (Match & { clause: number; first: boolean })[] = [];
  for (let start = 0; start < tokens.length;) {
    const rest = tokens.slice(start);
    const found = index.find(rest);
    const head = rest[0];
    if (found !== undefined && head !== undefined) {
      const { profile } = found.entry;
      const weight = ROLE_WEIGHTS[profile.role] * head.clauseWeight * (1 + LONGER_TERM * (found.length - 1));
      const words = toKey(rest.slice(0, found.length), "word");
      matches.push({ profile, words, weight, clause: head.clause, first: start === 0 });
    }
    start += found?.length ?? 1;
  }
  const head = matches.findLast((match) => match.clause === 0);
  const verbLeads = matches.length > 1 && matches[0]?.first === true && matches[0].profile.role === "act";
  return matches.map((match) => {
    const { profile, words, weight, first } = match;
    // The word after a leading verb is its object and no compound of it.
    const isHead = !verbLeads && match === head && !first && profile.role === "topic";
    return {
      profile,
      words,
      weight: weight * (verbLeads && first ? LEADING_ACT : isHead ? COMPOUND_HEAD : 1),
    };
  });
}
