/** Rules of accounts that need no database; shared with the browser. */
import type { FieldErrors } from "../lib/errors";
import { spellEmail, toAsciiDomain } from "../lib/folding/email";
import { isUnicode, lengthOf, NOT_UNICODE, listTextProblems, formatTooLong } from "../lib/text";

export { normalizeEmail } from "../lib/folding/email";

export const EMAIL_MAX = 254;
export const PASSWORD_MIN = 10;
/** Longer texts are no passwords; hashing them would only cost time. */
export const PASSWORD_MAX = 1_024;

// The unquoted addresses of RFC 5321 and 6531: dotted atoms, then a domain of two labels or more, in letters of any
// script.
const LETTER = "[\\p{L}\\p{N}]";
const ATOM = "[\\p{L}\\p{M}\\p{N}!#$%&'*+/=?^_`{|}~-]+";
const LABEL = `${LETTER}(?:[\\p{L}\\p{M}\\p{N}-]*[\\p{L}\\p{M}\\p{N}])?`;
const EMAIL = new RegExp(`^${ATOM}(?:\\.${ATOM})*@${LABEL}(?:\\.${LABEL})+$`, "u");
// Some letters and marks show as nothing, and two addresses that differ by one would look the same.
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u;

/** Reasons why a text is no email address, empty when it is one. */
export function emailProblems(email: string): string[] {
  const problems = listTextProblems(email, EMAIL_MAX);
  if (problems.length > 0) return problems;
  const spelled = spellEmail(email);
  const domain = toAsciiDomain(spelled.slice(spelled.lastIndexOf("@") + 1));
  return EMAIL.test(spelled) && !INVISIBLE.test(spelled) && domain !== null ? [] : ["Must be an email address."];
}

/**
 * Why a text is no password of anybody's. Half of a surrogate pair has no UTF-8, and what is hashed in its place is the
 * same for all of them: one would open what another closed.
 */
export const listPasswordTextProblems = (password: string): string[] => (isUnicode(password) ? [] : [NOT_UNICODE]);

/** Reasons why a text is no acceptable new password. */
export function passwordProblems(password: string): string[] {
  const problems = listPasswordTextProblems(password);
  if (problems.length > 0) return problems;
  const length = lengthOf(password);
  if (length < PASSWORD_MIN) return [`Must have at least ${PASSWORD_MIN} characters.`];
  return length > PASSWORD_MAX ? [formatTooLong(PASSWORD_MAX)] : [];
}

// No "@": a username is shown to strangers and must not be somebody's address. Many scripts write vowels as marks.
const USERNAME = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]{0,149}$/u;

export const listUsernameProblems = (username: string): string[] =>
  USERNAME.test(username) ? [] : ["Must be 1 to 150 letters, digits, dots, hyphens or underscores."];

/** Collects what is wrong with each field; null when nothing is. */
export function problemsOf(fields: FieldErrors): FieldErrors | null {
  const wrong = Object.entries(fields).filter(([, reasons]) => reasons.length > 0);
  return wrong.length === 0 ? null : Object.fromEntries(wrong);
}

/** "Ada King Lovelace" → Ada, King Lovelace. */
export function splitName(name: string): { firstName: string; lastName: string } {
  const [firstName = "", ...rest] = name.trim().split(/\s+/);
  return { firstName, lastName: rest.join(" ") };
}

/** The two flags of a profile are never both true (accounts/README §2): completed wins. */
export const toOnboardingFlags = (user: { needsOnboarding: boolean; onboardingCompleted: boolean }) => ({
  needsOnboarding: user.needsOnboarding && !user.onboardingCompleted,
  onboardingCompleted: user.onboardingCompleted,
});

/** Characters of a first or last name. */
export const NAME_MAX = 150;

/** A language tag in its canonical spelling; null when it is none. */
export function toLocale(tag: string): string | null {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null;
  } catch {
    return null;
  }
}
