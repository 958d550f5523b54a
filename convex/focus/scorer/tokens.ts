import { stemmer } from "stemmer";

/** A word of a name that may carry meaning. */
export type Token = {
  /** As written, in lower case, without possessive endings. */
  word: string;
  stem: string;
  /** 0 for the words up to the first preposition, then one more for each preposition. */
  clause: number;
  /** The weight of the clause, 0 to 1. */
  clauseWeight: number;
};

/** Longer names are cut: what an activity is stands at its beginning, and the work per name stays bounded. */
const MAX_CHARS = 200;

const EMPTY_WORDS = new Set(
  `a an the of my our your his her its their this that these those some any own and or nor plus then i me we us you he she they
  them it is are be been was were am does did doing done have has had having get gets getting got goes going gone more most very
  really just again still s t re ll ve d m`.split(/\s+/),
);

/** The words after a preposition say with whom, where, when or what for, and counts less the looser it hangs on. */
const CLAUSE_WEIGHTS = new Map<string, number>([
  ...["about", "on", "for", "with", "to", "by", "as", "&"].map((word) => [word, 0.55] as const),
  ...[
    "in",
    "at",
    "from",
    "into",
    "onto",
    "over",
    "around",
    "near",
    "along",
    "across",
    "under",
    "inside",
    "via",
    "using",
  ].map((word) => [word, 0.4] as const),
  ...[
    "while",
    "after",
    "before",
    "until",
    "till",
    "during",
    "between",
    "instead",
    "than",
    "because",
    "when",
    "without",
    "not",
    "minus",
  ].map((word) => [word, 0.15] as const),
]);

/** Spellings that stemming does not bring together. */
const SPELLINGS = new Map([
  ["modelling", "modeling"],
  ["travelling", "traveling"],
  ["counselling", "counseling"],
  ["labelling", "labeling"],
  ["jewellery", "jewelry"],
  ["programme", "program"],
  ["practise", "practice"],
  ["practising", "practicing"],
  ["practised", "practiced"],
  ["maths", "math"],
  ["theatre", "theater"],
  ["aeroplane", "airplane"],
  ["storey", "story"],
  ["doughnut", "donut"],
  ["yoghurt", "yogurt"],
  ["analyse", "analyze"],
  ["analysing", "analyzing"],
  ["cosy", "cozy"],
  ["catalogue", "catalog"],
  ["dialogue", "dialog"],
]);

/** One spelling for British and American forms; both the lexicon and names pass through here. */
function normalizeSpelling(word: string): string {
  const known = SPELLINGS.get(word);
  if (known !== undefined) return known;
  if (word.length >= 7) word = word.replace(/is(e|ed|es|er|ing|ation)$/, "iz$1");
  if (word.length >= 6) word = word.replace(/our(s|ed|ing|ful|ite|hood)?$/, "or$1");
  return word;
}

/** The stem under which all forms of a word meet. */
export function toStem(word: string): string {
  return stemmer(normalizeSpelling(word));
}

/** Compiling the classes of all scripts takes longer than a whole English name, so that most names do without. */
const ENGLISH = /^[\x20-\x7e]*$/;

/** The words of any text in lower case: letters of every script, digits, and the `+` and `#` of language names. */
export function splitWords(text: string): string[] {
  const start = text.slice(0, MAX_CHARS);
  const english = ENGLISH.test(start);
  const lower = (english ? start : start.normalize("NFKC")).toLowerCase();
  // A possessive is no word of its own: "mum's" counts as "mum", "parents'" as "parents".
  const bare = lower.replace(/['’](?:s\b)?/g, (ending) => (ending.length > 1 ? " " : ""));
  return bare.match(english ? /[a-z0-9+#]+/g : /[\p{L}\p{M}\p{N}+#]+/gu) ?? [];
}

/** The meaningful words of an activity's name, in order. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let clause = 0;
  let clauseWeight = 1;
  for (const word of splitWords(text)) {
    const weight = CLAUSE_WEIGHTS.get(word);
    if (weight !== undefined) {
      // A name that begins with a preposition ("in bed with a book") has its head there.
      if (tokens.length > 0) {
        clause += 1;
        clauseWeight = Math.min(clauseWeight, weight);
      }
    } else if (!EMPTY_WORDS.has(word)) {
      tokens.push({ word, stem: toStem(word), clause, clauseWeight });
    }
  }
  return tokens;
}
