/** Every language that `Intl` has, and countries that write numbers otherwise than their language's first one. */
const LETTERS = [..."abcdefghijklmnopqrstuvwxyz"];
const pairs = LETTERS.flatMap((first) => LETTERS.map((second) => first + second));
const triples = pairs.flatMap((pair) => LETTERS.map((third) => pair + third));

const COUNTRIES =
  "en-GB en-AU en-CA en-CH en-DE en-IE en-IN en-KE en-NZ en-SG en-ZA en-150 es-419 es-AR es-CL es-CO es-CR es-DO es-GT " +
  "es-MX es-NI es-PA es-PE es-PR es-UY es-VE es-US fr-BE fr-CA fr-CH fr-HT fr-LU fr-MA fr-SN de-AT de-CH de-LI it-CH " +
  "pt-PT pt-AO pt-MZ nl-BE nl-SR da-GL sv-FI nb-NO nn-NO ar-AE ar-DZ ar-EG ar-LB ar-MA ar-SA ar-SY ar-TN fa-AF ur-IN " +
  "hi-Latn bn-IN pa-Arab uz-Cyrl sr-Latn bs-Cyrl az-Cyrl zh-Hant zh-Hant-HK zh-Hans-SG yue-Hans ms-BN ms-SG sw-KE sw-CD " +
  "ta-LK ta-SG ro-MD ru-KZ ru-UA sq-XK ff-Adlm ks-Deva sd-Deva vai-Latn";

export const ALL_LOCALES: readonly string[] = [
  ...new Set([...Intl.NumberFormat.supportedLocalesOf([...pairs, ...triples]), ...COUNTRIES.split(" ")]),
];
