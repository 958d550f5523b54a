/** The start of a session, as it is entered. */
import { t } from "@/messages/translate";
import { isTimeZone, localTimeIn, readLocal } from "./zones";

/** A local time in a zone. `later` picks the second of two instants with that local time. */
export type Start = { local: string; zone: string; later: boolean };

/** An instant as it is entered: also the second of two with the same local time. */
export function startAt(at: number, zone: string): Start {
  const local = localTimeIn(zone, at);
  const reading = readLocal(local, zone);
  return { local, zone, later: reading.kind === "twice" && at >= reading.at[1] };
}

export type StartReading = {
  /** The instant in ms, or null when it names none. */
  at: number | null;
  /** Both instants if clocks go back over the time. */
  choices: [number, number] | null;
  /** Errors by field. */
  problems: { date?: string[]; zone?: string[] };
};

export function readStart({ local, zone, later }: Start): StartReading {
  const wrong = (problems: StartReading["problems"]): StartReading => ({ at: null, choices: null, problems });
  if (!isTimeZone(zone)) return wrong({ zone: [t("tutoring.zoneRule")] });
  const reading = readLocal(local, zone);
  switch (reading.kind) {
    case "none":
      return wrong({ date: [t("tutoring.startRule")] });
    case "skipped":
      return wrong({ date: [t("tutoring.skippedTime", { zone, next: reading.next.slice(11) })] });
    case "once":
      return { at: reading.at, choices: null, problems: {} };
    case "twice":
      return { at: reading.at[later ? 1 : 0], choices: reading.at, problems: {} };
  }
}
