/** The limits of every value, such as the arguments and results of functions; documents have closer ones. */

const MAX_NESTING = 64;
const MAX_ARRAY_LENGTH = 8_192;
const MAX_FIELDS = 1_024;
/** The shortest text that passes one of the last two: `{"a":0,…}` with as many fields. */
const LEAST_PASSING_CHARACTERS = MAX_FIELDS * '"a":0,'.length;

const [QUOTE, BACKSLASH, COMMA] = ['"', "\\", ","].map((sign) => sign.charCodeAt(0));
const [ARRAY, ARRAY_END, OBJECT, OBJECT_END] = [...`[]{}`].map((sign) => sign.charCodeAt(0));

/**
 * Finds a limit that a value passes, in the platform's words; null when it passes none.
 *
 * @param text the value as JSON without white space
 * @param outside the levels of arrays and objects that it stands in
 */
export function findPassedLimit(text: string, outside = 0): string | null {
  if (text.length < LEAST_PASSING_CHARACTERS && !opensMoreThan(text, MAX_NESTING - outside)) return null;
  /** The separators so far of each array or object that is open. */
  const separators: number[] = [];
  for (let at = 0; at < text.length; at++)
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = findStringEnd(text, at);
        break;
      case COMMA:
        separators[separators.length - 1]!++;
        break;
      case ARRAY:
      case OBJECT:
        separators.push(0);
        if (separators.length + outside > MAX_NESTING)
          return `Value is too nested (nested ${separators.length + outside} levels deep > maximum nesting ${MAX_NESTING})`;
        break;
      case ARRAY_END: {
        const length = separators.pop()! + 1;
        if (length > MAX_ARRAY_LENGTH)
          return `Array length is too long (${length} > maximum length ${MAX_ARRAY_LENGTH})`;
        break;
      }
      case OBJECT_END: {
        const fields = separators.pop()! + 1;
        if (fields > MAX_FIELDS) return `Object has too many fields (${fields} > maximum number ${MAX_FIELDS})`;
      }
    }
  return null;
}

/** Whether a text has so many signs that open an array or an object, in strings or not. */
function opensMoreThan(text: string, count: number): boolean {
  for (const sign of "[{") for (let at = text.indexOf(sign); at !== -1; at = text.indexOf(sign, at + 1)) count--;
  return count < 0;
}

function findStringEnd(text: string, start: number): number {
  let end = start;
  do end = text.indexOf('"', end + 1);
  while (isEscaped(text, end));
  return end;
}

function isEscaped(text: string, at: number): boolean {
  let before = at;
  while (text.charCodeAt(before - 1) === BACKSLASH) before--;
  return (at - before) % 2 === 1;
}
