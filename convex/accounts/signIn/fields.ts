/** Kinds of fields of signing in and up. Their rules are shared with the browser. */
import { cleanText, listTextProblems } from "../../lib/text";
import { z } from "../../lib/schemas/zod";
import { EMAIL_MAX, emailProblems, passwordProblems, listPasswordTextProblems, listUsernameProblems } from "../rules";

/** A text, after `clean`, in which `problemsOf` finds no problem. */
const flawless = (problemsOf: (text: string) => string[], clean = (text: string) => text) =>
  z
    .string()
    .overwrite(clean)
    .superRefine((value, ctx) => {
      for (const message of problemsOf(value)) ctx.addIssue({ code: "custom", message });
    });

// No address is longer; any other text is checked like one, so that its answer tells nothing.
export const namedEmail = () => flawless((text) => listTextProblems(text, EMAIL_MAX));
export const newEmail = () => flawless(emailProblems);
export const givenPassword = () => flawless(listPasswordTextProblems);
export const newPassword = () => flawless(passwordProblems);
/** Letters with their marks, so that names that look alike are. */
export const username = () => flawless(listUsernameProblems, (text) => cleanText(text).normalize("NFC"));
