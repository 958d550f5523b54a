/** Kinds of fields that people fill in. */
import { text } from "../lib/schemas/fields";
import { z } from "../lib/schemas/zod";
import { isTimeZone } from "../lib/zones";

const NAME_MAX = 100;
/** Room for joined emoji such as families and flags. */
const EMOJI_MAX = 32;

export const name = () => text({ min: 1, max: NAME_MAX });
export const emoji = () => text({ min: 1, max: EMOJI_MAX });
export const color = () =>
  z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, "Must be a color written as #rrggbb.")
    .toLowerCase();
export const timeZone = () =>
  z.string().refine(isTimeZone, "Must be an IANA time zone such as Europe/Berlin.").default("UTC");
