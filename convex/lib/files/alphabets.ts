/**
 * Finds which of the older encodings with one byte for a letter a text is in. All bytes are letters in most of them, so
 * that languages must tell: of "Ðîìàøêà" and "Ромашка" only one is a word. Pure.
 */
import { ACCENTED } from "./accented";

type Language = keyof typeof ACCENTED;

const WESTERN: Language[] = [
  ...(["French", "German", "Spanish", "Portuguese", "Italian", "Catalan", "Dutch"] as const),
  ...(["Swedish", "Norwegian", "Danish"] as const),
];
const CENTRAL: Language[] = ["Polish", "Czech", "Slovak", "Hungarian", "Croatian", "Romanian", "German"];
const BALTIC: Language[] = ["Lithuanian", "Latvian", "Estonian"];

/**
 * The letters of other scripts, the commonest first: those of Cyrillic, Greek and Hebrew as spelling dictionaries have
 * them. No language has the letters of both East and South Slavic ones.
 */
const EAST_SLAVIC = "иаоентрвсйлпкіыьмядушзбгчщюжцхєїўёфэъґ";
const SOUTH_SLAVIC = "иаоентрвслпкмјдушзбгчжцхљњћђфџѓќѕ";
const CYRILLIC = [EAST_SLAVIC, SOUTH_SLAVIC];
const GREEK = "αοετνισρμκυπλςηόγωδίέθάύφχζώήβξψϊϋΐΰ";
const HEBREW = "יותהנרמכלפםקשבחאןסדטעגצךזףץְֱֲֳִֵֶַָׇֹּׁׂ";
const ARABIC = "اليمونرتبةدسعفقكحهجشصطخزضذثغىءأإئؤآظپچژگکھںہے";
/** Marks of vowels and the like, which most texts leave out. */
const ARABIC_MARKS = "ـًٌٍَُِّْ";
const THAI = "านรกงมอเยลวสดทตบคปิีห่้ัะพชขผแำไใโจูุถ็ื์ศณธซญภฟึษฝฉๆฮฐฎฏฑฒฌๅฤฬฃฅฆ๊๋ํ๎ฯ";

/** The cost of a reading in an encoding that few files are in today. */
const RARE = 0.11;
/** The cost of one in an encoding that went out of use long ago. */
const OBSOLETE = 0.2;

/** Encodings by the name that browsers know them by, of those that fit alike the likeliest first. */
const ENCODINGS: { charset: string; languages?: Language[]; scripts?: string[]; cost?: number }[] = [
  { charset: "windows-1252", languages: WESTERN },
  { charset: "windows-1252", languages: ["Icelandic"], cost: RARE },
  { charset: "windows-1250", languages: CENTRAL },
  { charset: "windows-1254", languages: ["Turkish"] },
  { charset: "windows-1257", languages: BALTIC },
  { charset: "windows-1251", scripts: [EAST_SLAVIC] },
  { charset: "windows-1251", scripts: [SOUTH_SLAVIC], cost: RARE },
  { charset: "windows-1253", scripts: [GREEK] },
  { charset: "windows-1255", scripts: [HEBREW] },
  { charset: "windows-1256", scripts: [ARABIC] },
  { charset: "windows-874", scripts: [THAI] },
  { charset: "iso-8859-2", languages: CENTRAL, cost: RARE },
  { charset: "iso-8859-5", scripts: CYRILLIC, cost: RARE },
  { charset: "iso-8859-7", scripts: [GREEK], cost: RARE },
  { charset: "koi8-r", scripts: CYRILLIC, cost: RARE },
  { charset: "ibm866", scripts: CYRILLIC, cost: RARE },
  { charset: "macintosh", languages: WESTERN, cost: RARE },
  { charset: "iso-8859-15", languages: WESTERN, cost: RARE },
  { charset: "iso-8859-4", languages: BALTIC, cost: RARE },
  { charset: "iso-8859-6", scripts: [ARABIC], cost: RARE },
  { charset: "x-mac-cyrillic", scripts: CYRILLIC, cost: RARE },
  { charset: "koi8-u", scripts: CYRILLIC, cost: RARE },
  { charset: "x-mac-ce", languages: [...CENTRAL, ...BALTIC], cost: OBSOLETE },
  { charset: "x-mac-turkish", languages: ["Turkish"], cost: OBSOLETE },
  { charset: "x-mac-greek", scripts: [GREEK], cost: OBSOLETE },
  { charset: "cp850", languages: WESTERN, cost: OBSOLETE },
  { charset: "cp437", languages: WESTERN, cost: OBSOLETE },
  { charset: "cp852", languages: CENTRAL, cost: OBSOLETE },
  { charset: "cp857", languages: ["Turkish"], cost: OBSOLETE },
  { charset: "cp775", languages: BALTIC, cost: OBSOLETE },
  { charset: "cp855", scripts: CYRILLIC, cost: OBSOLETE },
  { charset: "cp737", scripts: [GREEK], cost: OBSOLETE },
  { charset: "cp862", scripts: [HEBREW], cost: OBSOLETE },
  { charset: "cp720", scripts: [ARABIC], cost: OBSOLETE },
];

/** Signs that stand alone, as texts have them. Of others, and of any between two letters, the encoding is not that. */
const SIGNS = new Set([..."\u00a0€£§©®°±²³·«»¿¡–—‘’‚“”„†•…‰‹›™½¼¾ªº№"]);
/** Quotation marks and the like, which touch words. */
const AT_WORDS = new Set([..."\u00a0«»¿¡‘’‚“”„‹›™ªº"]);
/** Quotation marks that stand in pairs, each with those of which one closes or opens it. */
const PARTNERS: Record<string, string> = { "‹": "›", "›": "‹", "‚": "‘’", "‘": "’‚", "„": "“”", "“": "”„" };
const IN_WORDS = new Set([..."’·\u00ad\u00a0"]);
/** Letters that end words, and nothing else. */
const FINAL = new Set([..."ςךםןףץىة"]);
/** Letters with another form at the end of a word, where they stand only alone. */
const NOT_FINAL = new Set([..."σכמנפצ"]);

/** The first letters of a text tell as much as all. */
const ENOUGH_LETTERS = 8_000;

/** How well a letter fits that no language is known to have in such a place. */
const UNUSUAL = 0.5;
/** How well the rarest letter of a script fits; the commonest fits wholly. */
const RAREST = 0.3;
/** As many letters a script has for this, or more: with fewer, one of a middle rank would count for less. */
const SCRIPT_LETTERS = 45;
/** The cost of a capital letter behind another: most words are not written so. */
const CAPITALS = 0.05;
/** How well a space that does not break fits between two letters. */
const SPACE_IN_WORDS = 0.8;

type Neighbors = ReadonlyMap<string, { before: string; after: string }>;

const readNeighbors = (language: Language): Neighbors =>
  new Map(
    ACCENTED[language]
      .trim()
      .split(/\s+/)
      .map((entry) => {
        const [letter = "", neighbors = ""] = entry.split(":");
        const [before = "", after = ""] = neighbors.split("|");
        return [letter, { before, after }];
      }),
  );

/** A letter beyond ASCII, or a sign, where it stands; neighbors that are no letters are hyphens. */
type Place = {
  letter: string;
  small: string;
  before: string;
  after: string;
};

const isLetter = (text: string): boolean => /[\p{L}\p{M}]/u.test(text);
/** The dotted capital letter of Turkish has no small one of one character. */
const toSmall = (letter: string): string => (letter === "İ" ? letter : letter.toLowerCase());

/** How well a letter fits a language: 0 when it has no such letter. */
function fitsLanguage({ small, before, after }: Place, neighbors: Neighbors): number {
  const known = neighbors.get(small);
  if (known === undefined) return 0;
  const fits = (set: string, neighbor: string) => (set.includes(toSmall(neighbor)) ? (1 - UNUSUAL) / 2 : 0);
  return UNUSUAL + fits(known.before, before) + fits(known.after, after);
}

function fitsScript({ small, letter, before, after }: Place, script: string): number {
  const rank = script.indexOf(small);
  if (rank < 0) return script === ARABIC && ARABIC_MARKS.includes(small) ? RAREST : 0;
  if (FINAL.has(letter) && after !== "-") return 0;
  if (NOT_FINAL.has(letter) && after === "-" && before !== "-") return 0;
  return 1 - ((1 - RAREST) * rank) / Math.max(script.length, SCRIPT_LETTERS);
}

type Judgement = { fit: number | null; cost: number };

/** Whether a text has a quotation mark without the other of its pair. */
const isUnpaired = (mark: string, text: string): boolean =>
  mark in PARTNERS && ![...(PARTNERS[mark] ?? "")].some((partner) => text.includes(partner));

/** How well a sign fits where it stands, null when it says nothing, and what it costs. */
function judgeSign({ letter, before, after }: Place, touches: boolean, text: string): Judgement {
  const isInWord = before !== "-" && after !== "-";
  const cost = !SIGNS.has(letter) || (isInWord && !IN_WORDS.has(letter)) ? 2 : 0;
  if (letter === "\u00a0" && isInWord) return { fit: SPACE_IN_WORDS, cost };
  const isUsual = !touches || (AT_WORDS.has(letter) && !isUnpaired(letter, text)) || IN_WORDS.has(letter);
  return { fit: isUsual ? null : UNUSUAL, cost };
}

/** The cost of a letter in a place where letters of no language stand. */
function findCost({ letter, before, after }: Place): number {
  const isLatin = /\p{Script=Latin}/u.test(letter);
  const isCapital = /\p{Lu}/u.test(letter);
  // A capital letter behind a small one, or two scripts in one word.
  const isOdd = (isCapital && /\p{Ll}/u.test(before)) || (!isLatin && /[A-Za-z]/.test(before + after));
  return (isOdd ? 2 : 0) + (isCapital && /\p{Lu}/u.test(before) ? CAPITALS : 0);
}

/** How well the letters beyond ASCII fit: at most 1, less for each that stands where no such letter does. */
function score(text: string, fits: ((place: Place) => number)[]): number {
  const sums = fits.map(() => 0);
  let total = 0;
  let costs = 0;
  for (const { 0: letter, index } of text.matchAll(/[^\0-\x7f]/gu)) {
    const neighbors = [text[index - 1] ?? " ", text[index + 1] ?? " "];
    const [before, after] = neighbors.map((other) => (isLetter(other) ? other : "-")) as [string, string];
    const place = { letter, small: toSmall(letter), before, after };
    const sign = isLetter(letter)
      ? null
      : judgeSign(
          place,
          neighbors.some((other) => isLetter(other) || other > "\u007f"),
          text,
        );
    costs += sign?.cost ?? findCost(place);
    if (sign?.fit === null) continue;
    total++;
    for (const [i, fit] of fits.entries()) sums[i]! += sign?.fit ?? fit(place);
    if (total === ENOUGH_LETTERS) break;
  }
  if (total === 0) return costs === 0 ? 1 : -costs;
  return (Math.max(...sums) - costs) / total;
}

/** Greek words of several syllables have an accent, unless they are all capitals. */
const UNACCENTED = 0.3;
const lacksAccents = (text: string): boolean =>
  (text.match(/\p{Script=Greek}{4,}/gu) ?? []).some((word) => /\p{Ll}/u.test(word) && !/[άέήίόύώΐΰΆΈΉΊΌΎΏ]/.test(word));

let scorers: { charset: string; cost: number; fits: ((place: Place) => number)[] }[] | null = null;

/** Read when first needed: most files are in UTF-8. */
const listScorers = () =>
  (scorers ??= ENCODINGS.map(({ charset, languages = [], scripts, cost = 0 }) => ({
    charset,
    cost,
    fits: scripts
      ? scripts.map((script) => (place: Place) => fitsScript(place, script))
      : languages.map(readNeighbors).map((neighbors) => (place: Place) => fitsLanguage(place, neighbors)),
  })));

/** A text in an encoding, with how well its letters fit, and the same less the cost of the encoding. */
type Reading = { charset: string; text: string; fit: number; score: number };

/** An encoding in which the letters of a text make words of some language. */
export type Alphabet = {
  charset: string;
  /** How well they do: at most 1, and at a score below 0 they do not. */
  score: number;
  /** By how much better than the next encoding in which the text is another. */
  ahead: number;
  /** In another, rarer encoding they make as good words of another text. */
  isRivalled: boolean;
  /** Some of the others in which they fit nearly as well. */
  rivals: string[];
};

/**
 * The encoding in which the letters of a text fit best, the likeliest of those in which they fit alike.
 *
 * @param decode the text in an encoding, or null when the bytes are none in it
 */
export function findAlphabet(decode: (charset: string) => string | null): Alphabet | null {
  const readings = listScorers().flatMap(({ charset, cost, fits }): Reading[] => {
    const text = decode(charset);
    if (text === null) return [];
    const fit = score(text, fits) - (lacksAccents(text) ? UNACCENTED : 0);
    return [{ charset, text, fit, score: fit - cost }];
  });
  const [best] = readings.toSorted((a, b) => b.score - a.score);
  if (best === undefined) return null;
  const others = readings.filter(({ text }) => text !== best.text);
  return {
    charset: best.charset,
    score: best.score,
    ahead: best.score - Math.max(0, ...others.map((other) => other.score)),
    isRivalled: others.some(({ fit }) => fit > best.fit),
    rivals: listRivals(best, others),
  };
}

const RIVALS = 3;
const NEARLY = 0.1;

/** The encodings of other texts that fit nearly as well, of one text the first. */
function listRivals(best: { charset: string; fit: number }, others: Reading[]): string[] {
  const near = others.filter(({ fit }) => fit >= best.fit - NEARLY).sort((a, b) => b.score - a.score);
  const charsets = near.filter(({ text }, index) => near.findIndex((other) => other.text === text) === index);
  return [...new Set(charsets.map(({ charset }) => charset))].filter((name) => name !== best.charset).slice(0, RIVALS);
}
