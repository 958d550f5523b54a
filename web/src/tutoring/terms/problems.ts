/** The terms of a session as they are entered, held against the rules. */
import { DURATION_MAX_MINUTES, PARTICIPANTS_MAX, WEEKS_MAX } from "@convex/tutoring/rules";
import type { FieldErrors } from "@/lib/errors";
import { readWhole } from "@/lib/locale/numbers";
import { t } from "@/messages/translate";
import { readStart, type Start } from "./start";
import type { Texts } from "./termsDraft";

export const minutesOf = (text: string): number | null => readWhole(text, 1, DURATION_MAX_MINUTES);
export const weeksOf = (text: string): number | null => readWhole(text, 1, WEEKS_MAX);
export const seatsOf = (text: string, fewest = 1): number | null => readWhole(text, fewest, PARTICIPANTS_MAX);

type Entered = {
  texts: Texts;
  start: Start;
  /** Whether the start is another one than before. One that stays may lie in the past. */
  moved: boolean;
  /** The seats that are taken. */
  seated: number;
};

/** The reasons by field why entered terms are refused. `now` is the server's time, which decides. */
export function findProblems({ texts, start, moved, seated }: Entered, now: number): FieldErrors {
  const reading = readStart(start);
  const fewest = Math.max(1, seated);
  return {
    ...(texts.title.trim() === "" && { title: [t("common.enterTitle")] }),
    ...(texts.subject.trim() === "" && { subject: [t("tutoring.enterSubject")] }),
    ...(texts.description.trim() === "" && { description: [t("tutoring.enterDescription")] }),
    ...reading.problems,
    ...(moved && reading.at !== null && reading.at <= now && { date: [t("tutoring.futureRule")] }),
    ...(minutesOf(texts.duration) === null && { duration: [t("tutoring.minutesRule", { max: DURATION_MAX_MINUTES })] }),
    ...(weeksOf(texts.weeks) === null && { weeks: [t("tutoring.weeksRule", { max: WEEKS_MAX })] }),
    ...(seatsOf(texts.maxParticipants, fewest) === null && {
      maxParticipants: [
        seated > 1
          ? t("tutoring.seatsTakenRule", { min: fewest, max: PARTICIPANTS_MAX, taken: seated })
          : t("tutoring.seatsRule", { max: PARTICIPANTS_MAX }),
      ],
    }),
  };
}
