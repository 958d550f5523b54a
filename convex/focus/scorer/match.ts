import type { Entry } from "./entries";
import { LEXICON } from "./lexicon";
import { type Token, tokenize } from "./tokens";

/** A term found in a text. */
export type Match = {
  entry: Entry;
  /** The words as the user wrote them, in lower case. */
  words: string;
  weight: number;
};

const ROLE_WEIGHTS = { topic: 1, act: 1, common: 0.5, setting: 0.15 } as const;

/** A verb at the beginning says what is done; the rest says to what. */
const LEADING_ACT = 2;

/** In a compound the last word is the head: a "dance lesson plan" is a plan. */
const COMPOUND_HEAD = 1.25;

/** A longer term is surer than a single word. */
const LONGER_TERM = 0.5;

type Index = { byWords: Map<string, Entry>; byStems: Map<string, Entry>; longest: number };

let index: Index | undefined;

/** The key under which a term's words, without those that carry no meaning, are looked up. */
function keyOf(tokens: readonly Token[], form: "word" | "stem"): string {
  return tokens.map((token) => token[form]).join(" ");
}

/** Built with the first name scored, so that modules which only import the scorer load at once. */
function lexiconIndex(): Index {
  if (index !== undefined) return index;
  const built: Index = { byWords: new Map(), byStems: new Map(), longest: 1 };
  for (const entry of LEXICON) {
    const tokens = tokenize(entry.term);
    built.longest = Math.max(built.longest, tokens.length);
    const words = keyOf(tokens, "word");
    if (!built.byWords.has(words)) built.byWords.set(words, entry);
    const stems = keyOf(tokens, "stem");
    if (!entry.exact && !built.byStems.has(stems)) built.byStems.set(stems, entry);
  }
  return (index = built);
}

/**
 * The terms of a text, from its beginning, the longest first, each word used once.
 *
 * @returns matches in order, their weights by role, length, clause and position; empty when nothing is known.
 */
export function matchTerms(text: string): Match[] {
  const { byWords, byStems, longest } = lexiconIndex();
  const tokens = tokenize(text);
  const matches: (Match & { clause: number; first: boolean })[] = [];
  for (let start = 0; start < tokens.length; ) {
    let length = Math.min(longest, tokens.length - start);
    for (; length > 0; length -= 1) {
      const span = tokens.slice(start, start + length);
      const entry = byWords.get(keyOf(span, "word")) ?? byStems.get(keyOf(span, "stem"));
      if (entry === undefined) continue;
      const { clause, clauseWeight } = span[0] as Token;
      const weight = ROLE_WEIGHTS[entry.role] * clauseWeight * (1 + LONGER_TERM * (length - 1));
      matches.push({ entry, words: keyOf(span, "word"), weight, clause, first: start === 0 });
      break;
    }
    start += Math.max(1, length);
  }
  const head = matches.findLast((match) => match.clause === 0);
  const verbLeads = matches.length > 1 && matches[0]?.first === true && matches[0].entry.role === "act";
  return matches.map((match) => {
    const { entry, words, weight, first } = match;
    // What follows a leading verb is its object and no compound of it.
    const factor = verbLeads ? (first ? LEADING_ACT : 1) : match === head && !first && entry.role === "topic" ? COMPOUND_HEAD : 1;
    return { entry, words, weight: weight * factor };
  });
}
