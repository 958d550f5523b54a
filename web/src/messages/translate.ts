import format, { type CompiledMessage, type FormatValues } from "icu-minify/format";
import { createElement, Fragment, type ReactNode } from "react";
import { numbersLocale, pageLanguage, type PageLanguage } from "@/lib/locale/locale";
import type { ArgumentsOf, TagsOf } from "./arguments";
import enUS from "./en-US";

type Catalogue = typeof enUS;

/** Another language: the same messages with the same arguments. */
export type Translation = { [Subject in keyof Catalogue]: Record<keyof Catalogue[Subject], string> };

/**
 * The texts of each language. A further language is a file of this shape, an entry here and one in `PAGE_LANGUAGES`.
 */
export const LANGUAGES: Record<PageLanguage, Translation> = { "en-US": enUS };

type Subject = keyof Catalogue;
type Key = { [S in Subject]: `${S}.${keyof Catalogue[S] & string}` }[Subject];
type TextOf<K extends Key> = K extends `${infer S extends Subject}.${infer Name}`
  ? Extract<Catalogue[S][Name & keyof Catalogue[S]], string>
  : never;

type Chunks = (chunks: ReactNode[]) => ReactNode;
/** Nothing for a message without arguments, else an object with all of them. */
type Values<Needed> = keyof Needed extends never ? [] : [values: Needed];
type PlainKey = { [K in Key]: [TagsOf<TextOf<K>>] extends [never] ? K : never }[Key];

/** The language of the pages. */
export const language = pageLanguage();
const catalogue = LANGUAGES[language] as unknown as Record<string, Record<string, CompiledMessage>>;

const plurals = new Map<string | undefined, Intl.PluralRules>();
const formatters = {
  getDateTimeFormat: (...args: ConstructorParameters<typeof Intl.DateTimeFormat>) => new Intl.DateTimeFormat(...args),
  getNumberFormat: (_: unknown, options?: Intl.NumberFormatOptions) => new Intl.NumberFormat(numbersLocale(), options),
  getPluralRules: (_: unknown, options?: Intl.PluralRulesOptions) => {
    const rules = plurals.get(options?.type) ?? new Intl.PluralRules(language, options);
    plurals.set(options?.type, rules);
    return rules;
  },
};

function formatMessage(key: string, values: unknown): ReactNode | ReactNode[] {
  const [subject = "", name = ""] = key.split(".");
  const message = catalogue[subject]?.[name] ?? key;
  return format(message, language, values as FormatValues<ReactNode> | undefined, { formatters });
}

/** The text of a message in the language of the pages. */
export const t = <K extends PlainKey>(key: K, ...[values]: Values<ArgumentsOf<TextOf<K>>>): string =>
  formatMessage(key, values) as string;

/** The same for a message with tags. Each tag is a function from its content to what is shown. */
export function rich<K extends Key>(
  key: K,
  ...[values]: Values<ArgumentsOf<TextOf<K>> & Record<TagsOf<TextOf<K>>, Chunks>>
): ReactNode {
  const content = formatMessage(key, values);
  return Array.isArray(content) ? createElement(Fragment, null, ...content) : content;
}
