// Everything below U+0020 but tab and newline, DEL, and the C1 controls.
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
/**
 * Nothing that anybody could see: spaces, format characters, fillers and selectors, and the signs that are blank though
 * Unicode has them as symbols, of Braille and of music.
 */
const INVISIBLE = /^[\s\p{Z}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800\u{1d159}]*$/u;
// With the u flag whole pairs are characters, so this finds halves only.
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Trims and drops control characters except tab and newline (rest/README.md §0, Input); a text in which nothing can be
 * seen is empty. Passwords never pass through here.
 */
export function cleanText(text: string): string {
  const clean = text.replace(CONTROL, "").trim();
  return INVISIBLE.test(clean) ? "" : clean;
}

/**
 * False for half of a surrogate pair, which has no UTF-8: the permanent store would keep another text than this one.
 */
export const isUnicode = (text: string): boolean => !LONE_SURROGATE.test(text);

export const NOT_UNICODE = "Must be valid Unicode.";

/** Characters of a text: code points, as people and PostgreSQL's `varchar` count, not JavaScript's UTF-16 units. */
export function lengthOf(text: string): number {
  let units = 0;
  let characters = 0;
  for (; units < text.length; characters += 1) units += text.codePointAt(units)! > 0xffff ? 2 : 1;
  return characters;
}

/** A text's first `max` characters. */
export const clipped = (text: string, max: number): string =>
  text.length <= max ? text : [...text].slice(0, max).join("");

export const formatTooLong = (max: number): string => `Must have at most ${max} characters.`;

/** Why a text may not be kept, empty when it may. */
export const listTextProblems = (text: string, max: number): string[] => [
  ...(isUnicode(text) ? [] : [NOT_UNICODE]),
  ...(lengthOf(text) > max ? [formatTooLong(max)] : []),
];
