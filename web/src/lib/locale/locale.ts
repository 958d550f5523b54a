/** The language tags as `Intl` takes them: "en-US@posix" is "en-US", and nothing knows "C". */
const supported = (tags: readonly string[]): string[] =>
  tags.map((tag) => tag.replace(/[.@].*$/, "").replaceAll("_", "-")).filter(isSupported);

function isSupported(tag: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(tag).length > 0;
  } catch {
    return false;
  }
}

/** The languages that the browser asks for, the most wanted first. */
const asked = (): readonly string[] => [
  ...(globalThis.navigator?.languages ?? []),
  globalThis.navigator?.language ?? "",
];

/**
 * The locale for whatever contains words, such as names of days and months: the pages speak English. The user's own kind of
 * English where they have one; else the kind that writes the day first and 24 hours, as most others do.
 */
export const wordsLocale = (languages = asked()): string =>
  supported(languages).find((language) => /^en\b/i.test(language)) ?? "en-GB";

/** The locale for numbers, as they are written and as they are read. */
export const numbersLocale = (languages = asked()): string => supported(languages)[0] ?? "en-GB";

/** The first of the browser's languages that is among `offered`, whatever its country; else the first offered. */
export function findLanguage(offered: readonly string[], languages = asked()): string {
  const known = supported(languages).map((tag) => offered.find((each) => each.split("-")[0] === tag.split("-")[0]));
  return known.find((each) => each !== undefined) ?? offered[0] ?? "en-US";
}
