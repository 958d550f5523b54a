/**
 * The locale for whatever contains words, such as names of days and months: the pages speak English. The user's own kind of
 * English where they have one; else the kind that writes the day first and 24 hours, as most others do.
 */
export const wordsLocale = (languages: readonly string[] = navigator.languages): string =>
  languages.find((language) => /^en\b/i.test(language)) ?? "en-GB";
