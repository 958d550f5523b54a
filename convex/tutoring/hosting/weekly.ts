/** A session that is offered every week: so many sessions of their own, made together or not at all. */
import type { UserAct } from "../../identity/act";
import { invalid } from "../../lib/errors";
import { MINUTE_MS } from "../../lib/time";
import { createSession } from "../booking/sessions";
import { requireOwn, type Session } from "../booking/sessionRows";
import { toTerms } from "../booking/terms";
import { localTimeIn } from "../../lib/zones";
import { addDays, readLocal } from "../clock/localTimes";
import type { Draft, Repetition, WeeklyDraft } from "../inputs";

/**
 * The starts of weekly sessions: the same local time in `zone` every seven days, also when its clocks change between
 * them. `VALIDATION` on `date` for a week in which clocks skip that time, or beyond the year 9999; of a time that comes
 * twice, the earlier.
 */
export function listWeeklyStarts(first: number, zone: string, weeks: number): number[] {
  const local = localTimeIn(zone, first);
  const withinMinute = first - Math.floor(first / MINUTE_MS) * MINUTE_MS;
  const starts = [first];
  for (let week = 1; week < weeks; week++) {
    const later = addDays(local, 7 * week);
    const reading = readLocal(later, zone);
    if (reading.kind === "none") throw invalid({ date: ["Must lie in the years 1 to 9999."] });
    if (reading.kind === "skipped") throw invalid({ date: [`Clocks in ${zone} skip ${later.replace("T", " ")}.`] });
    starts.push((reading.kind === "once" ? reading.at : reading.at[0]) + withinMinute);
  }
  return starts;
}

/** Makes one session for each week, each as `createSession` does. */
export async function createWeekly(act: UserAct, { weeks, timeZone, ...draft }: WeeklyDraft): Promise<Session[]> {
  const { startsAt } = toTerms(draft, act.now);
  const { timezoneOffset: _offset, ...terms } = draft;
  return await createAt(act, terms, listWeeklyStarts(startsAt, timeZone, weeks));
}

/** Makes one more session of the same terms for each of the weeks after a session. Creator only. */
export async function repeatWeekly(act: UserAct, { id, weeks, timeZone }: Repetition): Promise<Session[]> {
  const { title, description, subject, level, ...session } = await requireOwn(act, id);
  const { startsAt, durationMinutes: duration, maxParticipants } = session;
  const terms = { title, description, subject, level, duration, maxParticipants };
  return await createAt(act, terms, listWeeklyStarts(startsAt, timeZone, weeks + 1).slice(1));
}

async function createAt(act: UserAct, terms: Omit<Draft, "date">, starts: number[]): Promise<Session[]> {
  const made: Session[] = [];
  for (const start of starts) made.push(await createSession(act, { ...terms, date: new Date(start).toISOString() }));
  return made;
}
