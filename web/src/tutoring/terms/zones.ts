/** The zones that a form offers; local times in them are read by rules that the server shares. */
export { isTimeZone, localTimeIn } from "@convex/lib/zones";
export { readLocal } from "@convex/tutoring/clock/localTimes";

/** The zones this browser knows, UTC first. */
export const zoneNames = (): string[] => [
  "UTC",
  ...Intl.supportedValuesOf("timeZone").filter((name) => name !== "UTC"),
];
