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

/** The languages of the pages. The first is for browsers that ask for none of them. */
const PAGE_LANGUAGES = ["en-US"] as const;
export type PageLanguage = (typeof PAGE_LANGUAGES)[number];

const primaryOf = (tag: string): string | undefined => tag.toLowerCase().split("-")[0];

/** The language of the pages: the first one that the browser asks for, for whatever country. */
export function pageLanguage(languages = asked()): PageLanguage {
  const matches = supported(languages).map((tag) => PAGE_LANGUAGES.find((page) => primaryOf(page) === primaryOf(tag)));
  return matches.find((match) => match !== undefined) ?? PAGE_LANGUAGES[0];
}

/**
 * The locale for names of days, months and the like: the user's own kind of the language of the pages. If they have
 * none, the kind of English that writes the day first and 24 hours, as most other languages do.
 */
export const wordsLocale = (languages = asked()): string =>
  supported(languages).find((tag) => primaryOf(tag) === primaryOf(pageLanguage(languages))) ?? "en-GB";

/** The locale in which numbers are written and read. */
export const numbersLocale = (languages = asked()): string => supported(languages)[0] ?? "en-GB";
