/** The terms of a session, as they are stored. */
import { invalid } from "../../lib/errors";
import type { Changes, Draft } from "../inputs";
import { PARTICIPANTS_DEFAULT, startOf } from "../rules";
import type { Level } from "../shapes";

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
 * The terms that a draft states, as far as it states any. `VALIDATION` for a local date whose time in UTC lies outside
 * the years 1 to 9999. Whether a start is past is for the caller, who knows what stood before.
 */
export function readTerms({ date, timezoneOffset, duration, ...same }: Changes): Partial<Terms> {
  const startsAt = date === undefined ? undefined : startOf(date, timezoneOffset);
  if (startsAt === null) throw invalid({ date: ["Must lie in the years 1 to 9999."] });
  return {
    ...same,
    ...(startsAt !== undefined && { startsAt }),
    ...(duration !== undefined && { durationMinutes: duration }),
  };
}

/** The terms of a new session, which must lie ahead of `now`. */
export function toTerms(draft: Draft, now: number): Terms {
  const terms = { maxParticipants: PARTICIPANTS_DEFAULT, ...readTerms(draft) } as Terms;
  if (terms.startsAt <= now) throw invalid({ date: ["Must lie in the future."] });
  return terms;
}
