/** The language tags that `Intl` knows: "en-US@posix" becomes "en-US", and "C" is dropped. */
const supported = (tags: readonly string[]): string[] =>
  tags.map((tag) => tag.replace(/[.@].*$/, "").replaceAll("_", "-")).filter(isSupported);

function isSupported(tag: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(tag).length > 0;
  } catch {
    return false;
  }
}

/** The languages that the browser asks for, in order of preference. */
const asked = (): readonly string[] => [
  ...(globalThis.navigator?.languages ?? []),
  globalThis.navigator?.language ?? "",
];

/**
 * The locale for names of days, months and the like, because the pages speak English: the user's own kind of English,
 * else the kind that writes the day first and 24 hours, as most other languages do.
 */
export const wordsLocale = (languages = asked()): string =>
  supported(languages).find((language) => /^en\b/i.test(language)) ?? "en-GB";

/** The locale in which numbers are written and read. */
export const numbersLocale = (languages = asked()): string => supported(languages)[0] ?? "en-GB";

/** The first of the browser's languages that is in `offered`, for whatever country; else the first offered. */
export function findLanguage(offered: readonly string[], languages = asked()): string {
  const known = supported(languages).map((tag) => offered.find((each) => each.split("-")[0] === tag.split("-")[0]));
  return known.find((each) => each !== undefined) ?? offered[0] ?? "en-US";
}
