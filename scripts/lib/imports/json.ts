/** JSON in files and cells. */

/** A JSON object, array or long number of a file as it was written: as a value, numbers in it would lose digits. */
export class RawJson {
  constructor(readonly text: string) {}
}

export const NOT_JSON = "is not JSON";

const STRINGS = /"[^"\\]*(?:\\.[^"\\]*)*"/g;
const NO_NUMBERS = /(?<![\w.])-?(?:NaN|Infinity)(?![\w.])/;

/** The reason why a text that `JSON.parse` refuses is no JSON. Python writes numbers that JSON does not have. */
export const notJson = (text: string): string =>
  NO_NUMBERS.test(text.replace(STRINGS, "")) ? `${NOT_JSON}: NaN and Infinity are no numbers of JSON` : NOT_JSON;

/** Whether a text that is no JSON was meant as some: it begins like an object or array, or is a number of Python's. */
export const isMeantAsJson = (text: string): boolean => /^\s*(?:[{[]|-?(?:NaN|Infinity)\s*$)/.test(text);
