/** A `\ud…` escape that no further backslash turns into text about one. */
const ESCAPED_SURROGATE = /(?<!\\)(?:\\\\)*\\ud/i;

/** A refusal of text that UTF-8 cannot hold. */
export const UNPAIRED_SURROGATE = "a string has an unpaired surrogate, which UTF-8 cannot encode";

/**
 * Whether a string somewhere in a JSON text has half a surrogate pair.
 * @param text what `JSON.stringify` made: it escapes these halves, and pairs never.
 */
export const hasUnpairedSurrogate = (text: string): boolean => text.includes("\\ud") && ESCAPED_SURROGATE.test(text);
