import type { Section } from "../entries";
import { ARTS } from "./arts";
import { COMPUTING } from "./computing";
import { EXERCISE } from "./exercise";
import { HELPING } from "./helping";
import { HOME } from "./home";
import { MUSIC } from "./music";
import { OUTDOORS } from "./outdoors";
import { PEOPLE } from "./people";
import { REASONING } from "./reasoning";
import { REST } from "./rest";
import { SETTINGS } from "./settings";
import { SPORTS } from "./sports";
import { STUDY } from "./study";

/** Every known term, sorted into files by subject. `buildEntries` reads them all. */
export const LEXICON: readonly Section[] = [
  ...EXERCISE,
  ...SPORTS,
  ...OUTDOORS,
  ...REST,
  ...HOME,
  ...STUDY,
  ...COMPUTING,
  ...REASONING,
  ...ARTS,
  ...MUSIC,
  ...PEOPLE,
  ...HELPING,
  ...SETTINGS,
];
