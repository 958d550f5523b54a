import Bowser from "bowser";
import type { Infer } from "convex/values";
import { clipped } from "../../lib/text";
import type { vDeviceInfo } from "../validators";
import { findAppliance, type Appliance } from "./appliances";

const FORM_FACTORS: Record<string, string> = {
  desktop: "Desktop",
  mobile: "Mobile",
  tablet: "Tablet",
  tv: "TV",
  console: "Console",
  headset: "Headset",
  reader: "E-reader",
  bot: "Bot",
};

/**
 * Longest name of a browser, of a system and of a place. Clients write their headers as they like, and every row, list
 * and search carries what is taken from them.
 */
export const NAME_MAX = 64;

const UNKNOWN_SYSTEM = "unknown system";

/** Browsers and systems that the parser does not know. */
const FURTHER_BROWSERS: [RegExp, string][] = [
  [/\bBrave\//, "Brave"],
  [/\bDuckDuckGo\//, "DuckDuckGo"],
  [/\bHuaweiBrowser\//, "Huawei Browser"],
  [/\bThunderbird\//, "Thunderbird"],
  // Browsers within applications name themselves after the system's.
  [/\bInstagram\b/, "Instagram"],
  [/\bFB(?:AN|AV|_IAB)\b/, "Facebook"],
  [/\bLinkedInApp\b/, "LinkedIn"],
  [/\b(?:musical_ly|BytedanceWebview|TikTok)/, "TikTok"],
  [/\bLine\/\d/, "LINE"],
  [/\b(?:Windows)?PowerShell\//, "PowerShell"],
];
const FURTHER_SYSTEMS: [RegExp, string][] = [
  [/\b(FreeBSD|OpenBSD|NetBSD)\b/, "BSD"],
  [/\bKAIOS\b/i, "KaiOS"],
  [/\bFuchsia\b/, "Fuchsia"],
];
const findName = (names: [RegExp, string][], userAgent: string): string | undefined =>
  names.find(([pattern]) => pattern.test(userAgent))?.[1];

/** Models of Android tablets, for clients that do not say `Mobile` as browsers on phones do. */
const TABLET_MODEL =
  /\b(SM-[TXP]\d|(Matte?|Media|Mi ?|Red)?Pad|Tab(let)?\b|Nexus (7|9|10)\b|Pixel C\b|KF[A-Z]{3,}|Lenovo (TB|YT)|TB-?[X\d])/i;
/** Models of televisions that have no name of their own here. */
const TV_MODEL = /\b[A-Za-z]*TV\b/;

/** Describes the device of a User-Agent in words that a person recognizes: `Firefox on Linux`. */
export function describeDevice(userAgent: string): {
  deviceInfo: Infer<typeof vDeviceInfo>;
  deviceName: string;
} {
  const text = withoutLookalikes(userAgent.trim());
  const parsed = text === "" ? null : Bowser.parse(text);
  const appliance = findAppliance(text);
  const product = findProduct(text, parsed?.platform.type === "bot");
  const browser = clipped(
    appliance?.ownBrowser ?? product ?? findName(FURTHER_BROWSERS, text) ?? (parsed?.browser.name || "Unknown browser"),
    NAME_MAX,
  );
  const system = appliance?.os ?? findName(FURTHER_SYSTEMS, text) ?? (parsed?.os.name || undefined);
  const os = clipped(system ?? UNKNOWN_SYSTEM, NAME_MAX);
  const device = FORM_FACTORS[findFormFactor(text, parsed, appliance) ?? ""] ?? "Unknown";
  return { deviceInfo: { browser, os, device }, deviceName: nameDevice(browser, system && os, appliance) };
}

function nameDevice(browser: string, os: string | undefined, appliance: Appliance | null): string {
  if (appliance?.ownBrowser !== undefined) return appliance.name;
  const place = appliance?.name ?? os;
  // Programs seldom say what they run on; "curl" alone is what a person recognizes.
  return place === undefined ? browser : `${browser} on ${place}`;
}

type Parsed = ReturnType<typeof Bowser.parse>;

/** The parser takes each product whose name contains "focus" for the browser Focus. */
const withoutLookalikes = (userAgent: string): string =>
  userAgent.startsWith("Mozilla/") && !/\bElectron\//.test(userAgent)
    ? userAgent.replace(/[\w.]*focus[\w.]*\/\S+/gi, (token) => (/^(focus|klar)\//i.test(token) ? token : ""))
    : userAgent;

/** Finds the name of a program that is no browser, or undefined. Browsers all begin with `Mozilla` or `Opera`. */
function findProduct(userAgent: string, isBot: boolean): string | undefined {
  if (userAgent.startsWith("Dalvik/")) return "Android app";
  if (/\bElectron\//.test(userAgent)) return /\) ([^\s/]+)\/\S+ Chrome\//.exec(userAgent)?.[1] ?? "Electron app";
  if (isBot) return undefined;
  if (/^(Mozilla|Opera)\//.test(userAgent))
    return /\(compatible; ([^;/()]+)\/[^;]*;/.exec(userAgent)?.[1]?.replace(/^MSIE.*/, "") || undefined;
  return /^([\p{L}\p{N}](?:[^/();,]*[^/();,\s])?)\s*(?=\/|\(|;|,|$)/u.exec(userAgent)?.[1];
}

function findFormFactor(userAgent: string, parsed: Parsed | null, appliance: Appliance | null): string | undefined {
  if (appliance) return appliance.device;
  // The parser takes Android for a tablet unless it is said to be mobile, which apps never say.
  if (parsed?.os.name === "Android" && !/^(Mozilla|Opera)\//.test(userAgent)) {
    if (TV_MODEL.test(userAgent)) return "tv";
    return TABLET_MODEL.test(userAgent) ? "tablet" : "mobile";
  }
  if (findName(FURTHER_SYSTEMS, userAgent) === "BSD") return "desktop";
  return parsed?.platform.type;
}

/** "New York, US", or as much of it as is known. */
export const formatPlace = (city?: string | null, country?: string | null): string | null =>
  [city, country]
    .filter((name) => name != null && name !== "")
    .map((name) => clipped(name!, NAME_MAX))
    .join(", ") || null;
