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
const asked = (): readonly string[] => [...(navigator.languages ?? []), navigator.language ?? ""];

/**
 * The locale for whatever contains words, such as names of days and months: the pages speak English. The user's own kind of
 * English where they have one; else the kind that writes the day first and 24 hours, as most others do.
 */
export const wordsLocale = (languages = asked()): string =>
  supported(languages).find((language) => /^en\b/i.test(language)) ?? "en-GB";

/** The locale for numbers, as they are written and as they are read. */
export const numbersLocale = (languages = asked()): string => supported(languages)[0] ?? "en-GB";
