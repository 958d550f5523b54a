import Bowser from "bowser";
import type { Infer } from "convex/values";
import type { vDeviceInfo } from "./validators";

const FORM_FACTORS: Record<string, string> = {
  desktop: "Desktop",
  mobile: "Mobile",
  tablet: "Tablet",
  tv: "TV",
};

/** What a User-Agent says about the device, in words a person recognises: `Firefox on Linux`. */
export function describeDevice(userAgent: string): {
  deviceInfo: Infer<typeof vDeviceInfo>;
  deviceName: string;
} {
  const parsed = userAgent.trim() === "" ? null : Bowser.parse(userAgent);
  // Command-line clients (`curl/8.5.0`) are no browsers to the parser; their product name is what a person recognises.
  const product = /^([A-Za-z][\w.-]*)(\/|$)/.exec(userAgent)?.[1];
  const browser = parsed?.browser.name || product || "Unknown browser";
  const os = parsed?.os.name || "unknown system";
  const device = FORM_FACTORS[parsed?.platform.type ?? ""] ?? "Unknown";
  return { deviceInfo: { browser, os, device }, deviceName: `${browser} on ${os}` };
}

/** "New York, US", or as much of it as is known. */
export const placeName = (city?: string | null, country?: string | null): string | null =>
  [city, country].filter(Boolean).join(", ") || null;
