import { DAY_MS } from "./time";

/** A setting in days as ms; absent or malformed it is the default, rather than losing what should be kept. */
export function readRetentionMs(setting: string | undefined, defaultDays: number): number {
  const days = Number(setting ?? defaultDays);
  return (days >= 1 ? days : defaultDays) * DAY_MS;
}
