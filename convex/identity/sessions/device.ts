import Bowser from "bowser";
import type { Infer } from "convex/values";
import { clipped } from "../../lib/text";
import type { vDeviceInfo } from "../validators";

const FORM_FACTORS: Record<string, string> = {
  desktop: "Desktop",
  mobile: "Mobile",
  tablet: "Tablet",
  tv: "TV",
};

/**
 * Longest name of a browser, of a system and of a place. Clients write their headers as they like, and every row, list
 * and search carries what is taken from them.
 */
export const NAME_MAX = 64;

/** Describes the device of a User-Agent in words that a person recognizes: `Firefox on Linux`. */
export function describeDevice(userAgent: string): {
  deviceInfo: Infer<typeof vDeviceInfo>;
  deviceName: string;
} {
  const parsed = userAgent.trim() === "" ? null : Bowser.parse(userAgent);
  // Command-line clients (`curl/8.5.0`) are no browsers to the parser; a person recognizes their product name.
  const product = /^([A-Za-z][\w.-]*)(\/|$)/.exec(userAgent)?.[1];
  const browser = clipped(parsed?.browser.name || product || "Unknown browser", NAME_MAX);
  const os = clipped(parsed?.os.name || "unknown system", NAME_MAX);
  const device = FORM_FACTORS[parsed?.platform.type ?? ""] ?? "Unknown";
  return { deviceInfo: { browser, os, device }, deviceName: `${browser} on ${os}` };
}

/** "New York, US", or as much of it as is known. */
export const formatPlace = (city?: string | null, country?: string | null): string | null =>
  [city, country]
    .filter((name) => name != null && name !== "")
    .map((name) => clipped(name!, NAME_MAX))
    .join(", ") || null;
