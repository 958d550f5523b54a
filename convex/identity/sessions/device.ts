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
  watch: "Watch",
  car: "Car",
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
  [/\bOPX\/|\(Edition GX/, "Opera GX"],
  [/\bEcosia(?:iOS)?@|\(Ecosia\b/i, "Ecosia"],
  [/\bKlar\/\d/, "Klar"],
  [/\bGSA\/\d/, "Google Search"],
  [/\bQuark\/\d/, "Quark"],
  [/\bbaiduboxapp\/|\bbaidubrowser\//, "Baidu"],
  [/\bAlohaBrowser\//, "Aloha"],
  [/\bGhostery\//, "Ghostery"],
  [/\bBingSapphire\//, "Bing"],
  [/\bAvast\/\d/, "Avast Secure Browser"],
  [/\bAVG\/\d/, "AVG Secure Browser"],
  [/\bCCleaner\/\d/, "CCleaner Browser"],
  [/\bNorton\/\d/, "Norton Private Browser"],
  [/\bWaterfox\//, "Waterfox"],
  [/\bFalkon\//, "Falkon"],
  [/\bKonqueror\//i, "Konqueror"],
  // Browsers within applications name themselves after the system's.
  [/\bBarcelona\b/, "Threads"],
  [/\bInstagram\b/, "Instagram"],
  [/\bFB(?:AN|AV|_IAB)\b/, "Facebook"],
  [/\bLinkedInApp\b/, "LinkedIn"],
  [/\b(?:musical_ly|BytedanceWebview|TikTok)/, "TikTok"],
  [/\bLine\/\d/, "LINE"],
  [/Snapchat\//, "Snapchat"],
  [/\[Pinterest\//, "Pinterest"],
  [/\bTwitter for (?:iPhone|iPad)\b|\bTwitterAndroid\b/, "X"],
  [/\bKAKAOTALK\b/, "KakaoTalk"],
  [/\bNAVER\(inapp\b/, "NAVER"],
  [/\bReddit\/(?:Version|\d)/, "Reddit"],
  [/\bQQ\/\d/, "QQ"],
  [/\bAlipayClient\//, "Alipay"],
  [/\bZalo (?:iOS|android)\//, "Zalo"],
  [/\bViber\/\d/, "Viber"],
  [/\bTelegram(?:-Android)?\/\d/, "Telegram"],
  [/\bSlack_SSB\//, "Slack"],
  [/\bTeams\/\d/, "Microsoft Teams"],
  [/\b(?:Windows)?PowerShell\//, "PowerShell"],
];
const FURTHER_SYSTEMS: [RegExp, string][] = [
  [/\b(FreeBSD|OpenBSD|NetBSD)\b/, "BSD"],
  [/\bSunOS\b/, "Solaris"],
  [/\bKAIOS\b/i, "KaiOS"],
  [/\bFuchsia\b/, "Fuchsia"],
  // Programs for Apple's systems name them as Apple does, which browsers do not.
  [/[(;] ?iOS \d/, "iOS"],
  [/[(;] ?iPadOS \d/, "iPadOS"],
  [/[(;] ?macOS(?:\(Catalyst\))? \d/, "macOS"],
];
/** The form factors of systems, where the parser finds none. */
const SYSTEM_DEVICES: Record<string, string> = {
  BSD: "desktop",
  Solaris: "desktop",
  iOS: "mobile",
  iPadOS: "tablet",
  macOS: "desktop",
};

/** Programs that read pages by themselves: robots that are called so, and previews of links in messengers. */
const BOT = /(?<![\w.-])([\w.-]*(?:bot|crawler|spider))\/\d|^(WhatsApp|TelegramBot)\b/i;

const findName = (names: [RegExp, string][], userAgent: string): string | undefined =>
  names.find(([pattern]) => pattern.test(userAgent))?.[1];

/** Models of Android tablets, for clients that do not say `Mobile` as browsers on phones do. */
const TABLET_MODEL = new RegExp(
  [
    String.raw`\b(?:SM-[TXP]\d|GT-[PN]\d|(?:Matte?|Media|Mi ?|Red)?Pad|Tab(?:let)?\b|Nexus (?:7|9|10)\b|Pixel C\b)`,
    String.raw`\b(?:KF[A-Z]{3,}|Lenovo (?:TB|YT)|TB-?[X\d]|Nokia T\d\d\b|LG-V\d{3}|SGP\d{3}|21051182[A-Z])`,
    // Models of OPPO, realme, vivo and Xiaomi.
    String.raw`\b(?:OPD\d{4}|RMP\d{4}|PA2\d{3}\b|2\d{3,4}[A-Z\d]?RP[A-Z\d]{2,}\b)`,
    // Huawei and Honor write a W for those without a telephone; the others have names of their own.
    String.raw`\b[A-Z]{3,4}\d?-W\d{2}`,
    String.raw`\b(?:AG[MRS]|BAH|BTV|CMR|CPN|DBY|JDN|KOB|KRJ|MON|MRR|MRX|SCMR?|SHT|VRD|WGRR?)\d?-A?L\d`,
  ].join("|"),
  "i",
);
/** Models of watches and headsets, among what an Android client says of its device. */
const WATCH_MODEL = /\(.*\bAndroid\b[^)]*(?:\b(?:\w*Watch|Wear ?OS)\b|\bSM-[RL]\d{3}|\bTicWatch)/i;
const HEADSET_MODEL = /\(.*\bAndroid\b[^)]*\b(?:Quest(?: \d\w*| Pro)?|Pico \w+)\b/i;
/** Models of televisions that have no name of their own here. */
const TV_MODEL = /\b[A-Za-z]*TV\b/;

/** Describes the device of a User-Agent in words that a person recognizes: `Firefox on Linux`. */
export function describeDevice(userAgent: string): {
  deviceInfo: Infer<typeof vDeviceInfo>;
  deviceName: string;
} {
  const text = withoutLookalikes(userAgent.trim());
  const parsed = text === "" ? null : Bowser.parse(withoutYahoo(text));
  const bot = findBot(text, parsed);
  if (bot !== undefined) {
    const name = clipped(bot, NAME_MAX);
    return { deviceInfo: { browser: name, os: UNKNOWN_SYSTEM, device: FORM_FACTORS.bot! }, deviceName: name };
  }
  const appliance = findAppliance(text);
  const program = findProgram(text) ?? findName(FURTHER_BROWSERS, text) ?? findElectronApp(text);
  const browser = clipped(appliance?.ownBrowser ?? program ?? (parsed?.browser.name || "Unknown browser"), NAME_MAX);
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

/** The parser takes each application of Yahoo for its bot. */
const withoutYahoo = (userAgent: string): string =>
  /slurp/i.test(userAgent) ? userAgent : userAgent.replace(/yahoo/gi, "Y");

/** Finds the name of a bot, or undefined. The system that some claim is that of a browser they stand for. */
function findBot(userAgent: string, parsed: Parsed | null): string | undefined {
  if (parsed?.platform.type === "bot") return parsed.browser.name || "Bot";
  const found = BOT.exec(userAgent);
  return found?.[1] ?? found?.[2];
}

/** Finds the name of a program that is no browser, or undefined. Browsers all begin with `Mozilla` or `Opera`. */
function findProgram(userAgent: string): string | undefined {
  if (userAgent.startsWith("Dalvik/")) return "Android app";
  if (/^(Mozilla|Opera)\//.test(userAgent))
    return /\(compatible; ([^;/()]+)\/[^;]*;/.exec(userAgent)?.[1]?.replace(/^MSIE.*/, "") || undefined;
  const text = userAgent.replace(/^[^\s/]*%[^\s/]*(?=\/)/, decodeName);
  return /^([\p{L}\p{N}](?:[^/();,]*[^/();,\s])?)\s*(?=\/|\(|;|,|$)/u.exec(text)?.[1];
}

/** Apple's systems encode the name of a program as in an address. */
function decodeName(name: string): string {
  try {
    const decoded = decodeURIComponent(name);
    return /\p{C}/u.test(decoded) ? name : decoded;
  } catch {
    return name;
  }
}

/** Products that are in the User-Agent of every program made with Electron. */
const ENGINE_PRODUCT = /^(?:Mozilla|AppleWebKit|Version|Chrome|Chromium|Safari)$/;

/** Finds the name of a program made with Electron, which stands among the browser's own before that of Electron. */
function findElectronApp(userAgent: string): string | undefined {
  const before = /^(.*?)\bElectron\//.exec(userAgent)?.[1];
  if (before === undefined) return undefined;
  const names = [...before.replace(/\([^)]*\)/g, "").matchAll(/([^\s/]+)\/\S/g)].map(([, name = ""]) => name);
  const own = names.find((name) => !ENGINE_PRODUCT.test(name));
  return own === undefined ? "Electron app" : own.charAt(0).toUpperCase() + own.slice(1);
}

function findFormFactor(userAgent: string, parsed: Parsed | null, appliance: Appliance | null): string | undefined {
  if (appliance) return appliance.device;
  const found = parsed?.os.name === "Android" ? findAndroidForm(userAgent) : undefined;
  return found ?? parsed?.platform.type ?? SYSTEM_DEVICES[findName(FURTHER_SYSTEMS, userAgent) ?? ""];
}

/** The form factor of an Android device by its model, or undefined for a browser on one whose model tells nothing. */
function findAndroidForm(userAgent: string): string | undefined {
  // The parser takes Android for a tablet unless it is said to be mobile, which apps never say.
  const isApp = !/^(Mozilla|Opera)\//.test(userAgent);
  if (WATCH_MODEL.test(userAgent)) return "watch";
  if (HEADSET_MODEL.test(userAgent)) return "headset";
  if (isApp && TV_MODEL.test(userAgent)) return "tv";
  if ((isApp || !/\bMobile\b/.test(userAgent)) && TABLET_MODEL.test(userAgent)) return "tablet";
  return isApp ? "mobile" : undefined;
}

/** "New York, US", or as much of it as is known. */
export const formatPlace = (city?: string | null, country?: string | null): string | null =>
  [city, country]
    .filter((name) => name != null && name !== "")
    .map((name) => clipped(name!, NAME_MAX))
    .join(", ") || null;
