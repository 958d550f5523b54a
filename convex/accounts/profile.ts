/** The profile that users write themselves (accounts/README §8.1). */
import type { Doc } from "../_generated/dataModel";
import { nameChanged } from "../events/accounts";
import type { UserAct } from "../identity/act";
import { userCommand } from "../identity/command";
import * as Users from "../identity/users";
import { conflict, forbidden } from "../lib/errors";
import { text } from "../lib/schemas/fields";
import { cleanText } from "../lib/text";
import { z } from "../lib/schemas/zod";
import { isTimeZone, spellTimeZone } from "../lib/zones";
import { NAME_MAX, toLocale } from "./rules";
import * as Fields from "./signIn/fields";

const input = z.strictObject({
  username: Fields.username().optional(),
  firstName: text({ max: NAME_MAX }).optional(),
  lastName: text({ max: NAME_MAX }).optional(),
  timeZone: z
    .string()
    .overwrite(cleanText)
    .refine(isTimeZone, "Must be a time zone such as Europe/Brussels.")
    .nullable()
    .optional()
    .describe("IANA name; null: the device's"),
  locale: z
    .string()
    .overwrite(cleanText)
    .max(64)
    .refine((value) => toLocale(value) !== null, "Must be a language tag such as en-GB.")
    .nullable()
    .optional()
    .describe("BCP 47; null: the device's"),
});

/**
 * Writes what is given; pages and lists that show the name follow at once. `CONFLICT` for a username that somebody else
 * has in any case, `FORBIDDEN` for guests.
 */
async function updateProfile(
  act: UserAct,
  { locale, timeZone, ...given }: z.output<typeof input>,
): Promise<Doc<"users">> {
  const { user } = act.principal;
  if (user.isAnonymous) throw forbidden("Guests have no profile. Register first.");
  if (given.username !== undefined) {
    const holder = await Users.getUserByUsername(act, given.username);
    if (holder && holder._id !== user._id)
      throw conflict("This username is taken.", { fields: { username: ["This username is taken."] } });
  }
  const after = await Users.setProfile(act, user, {
    ...given,
    ...(timeZone !== undefined && { timeZone: timeZone === null ? null : spellTimeZone(timeZone) }),
    ...(locale !== undefined && { locale: locale === null ? null : toLocale(locale) }),
  });
  const isRenamed = (["username", "firstName", "lastName"] as const).some((name) => after[name] !== user[name]);
  if (isRenamed) await nameChanged(act, user._id);
  return after;
}

export const update = userCommand({ input, run: updateProfile });
