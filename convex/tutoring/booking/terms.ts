/** Checks of what people send for a session. */
import { invalid, type FieldErrors } from "../../lib/errors";
import { cleanText, textProblems } from "../../lib/text";
import {
  DESCRIPTION_MAX,
  DURATION_MAX_MINUTES,
  OFFSET_MAX_MINUTES,
  PARTICIPANTS_DEFAULT,
  PARTICIPANTS_MAX,
  startOf,
  SUBJECT_MAX,
  TITLE_MAX,
} from "../rules";
import type { Draft, Level } from "../shapes";

export type Terms = {
  title: string;
  description: string;
  subject: string;
  level: Level;
  startsAt: number;
  durationMinutes: number;
  maxParticipants: number;
};

/**
 * The terms that a draft states, as far as it states any; throws `VALIDATION` naming each wrong field. Whether a start
 * is past is for the caller, who knows what stood before.
 */
export function termsOf(draft: Partial<Draft>): Partial<Terms> {
  const fields: FieldErrors = {};
  const wrong = (name: string, reason: string) => (fields[name] ??= []).push(reason);
  const text = (name: "title" | "description" | "subject", max: number) => {
    const given = draft[name];
    if (given === undefined) return {};
    const clean = cleanText(given);
    if (clean === "") wrong(name, "May not be blank.");
    for (const problem of textProblems(clean, max)) wrong(name, problem);
    return { [name]: clean };
  };
  const whole = (name: keyof Draft, value: number | undefined, min: number, max: number) => {
    if (value !== undefined && !(Number.isInteger(value) && value >= min && value <= max))
      wrong(name, `Must be a whole number from ${min} to ${max}.`);
  };
  whole("duration", draft.duration, 1, DURATION_MAX_MINUTES);
  whole("maxParticipants", draft.maxParticipants, 1, PARTICIPANTS_MAX);
  whole("timezoneOffset", draft.timezoneOffset, -OFFSET_MAX_MINUTES, OFFSET_MAX_MINUTES);
  const startsAt = draft.date === undefined ? undefined : startOf(draft.date, draft.timezoneOffset);
  if (startsAt === null) wrong("date", "Must be a time such as 2026-05-01T18:00:00Z.");
  const terms = {
    ...text("title", TITLE_MAX),
    ...text("description", DESCRIPTION_MAX),
    ...text("subject", SUBJECT_MAX),
    ...(draft.level !== undefined && { level: draft.level }),
    ...(startsAt != null && { startsAt }),
    ...(draft.duration !== undefined && { durationMinutes: draft.duration }),
    ...(draft.maxParticipants !== undefined && { maxParticipants: draft.maxParticipants }),
  };
  if (Object.keys(fields).length > 0) throw invalid(fields);
  return terms;
}

/** The terms of a new session, which must lie ahead of `now`. */
export function newTerms(draft: Draft, now: number): Terms {
  const terms = { maxParticipants: PARTICIPANTS_DEFAULT, ...termsOf(draft) } as Terms;
  if (terms.startsAt <= now) throw invalid({ date: ["Must lie in the future."] });
  return terms;
}
