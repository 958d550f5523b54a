/** The zones that a form offers; local times in them are read by rules that the server shares. */
import { isZone as isKnownZone } from "@convex/tutoring/clock/localTimes";
import { isUnsetZone } from "@/lib/time/time";

export { localIn, readLocal } from "@convex/tutoring/clock/localTimes";

/** The zones this browser knows, UTC first. */
export const zoneNames = (): string[] => [
  "UTC",
  ...Intl.supportedValuesOf("timeZone").filter((name) => name !== "UTC"),
];

export const isZone = (name: string): boolean => !isUnsetZone(name) && isKnownZone(name);
