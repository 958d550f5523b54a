/** Devices that are no computer, phone or tablet, by what their browsers say of themselves. Pure. */

/** A device that is called by its own name. */
export type Appliance = {
  /** As a person calls it. */
  name: string;
  /** One of the form factors. */
  device: "console" | "tv" | "headset" | "reader" | "tablet" | "watch" | "car";
  /** Its system, where the parser finds none or another's. */
  os?: string;
  /** The browser that comes with it and with nothing else, so that its name adds nothing to that of the device. */
  ownBrowser?: string;
};

type Found = (match: RegExpExecArray) => Appliance;

/** A device whose system and browser have no other name than it. */
const own = (name: string, device: Appliance["device"]): Appliance => ({ name, device, os: name, ownBrowser: name });
const capitalized = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();

/** The first that fits counts: what is more exact stands first. */
const APPLIANCES: [RegExp, Found][] = [
  [/\bPlayStation (Vita|Portable|\d)/i, ([, model = ""]) => own(`PlayStation ${capitalized(model)}`, "console")],
  [
    /^Mozilla\/.*\bXbox (One|Series [XS])\b/,
    ([, model = ""]) => ({ name: `Xbox ${model}`, device: "console", os: "Xbox" }),
  ],
  [/^Mozilla\/.*\bXbox\b/, () => ({ name: "Xbox", device: "console", os: "Xbox" })],
  [
    /\(Nintendo (Switch(?: 2)?|3DS|DSi?|Wii ?U?)\b/,
    ([, model = ""]) => own(`Nintendo ${model.replace("WiiU", "Wii U")}`, "console"),
  ],
  // It names itself after the browser of Quest, too.
  [/\bPicoBrowser\//i, () => ({ name: "PICO", device: "headset", os: "Android", ownBrowser: "PICO Browser" })],
  [/\bOculusBrowser\//, ({ input }) => describeQuest(input)],
  [/^Mozilla\/.*\bKindle\/\d/, () => own("Kindle", "reader")],
  [/^Mozilla\/.*\b(Kobo|PocketBook)\b/, ([, name = ""]) => own(name, "reader")],
  [/^Mozilla\/.*\bBOOX\b/i, () => ({ name: "BOOX", device: "reader", os: "Android" })],
  [/\bTesla\/20\d\d\.|\bQtCarBrowser\b/, () => own("Tesla", "car")],
  [
    /\bTizen\b.*\bTV\b|\bSMART-TV\b.*\bTizen\b/i,
    () => ({ name: "Samsung TV", device: "tv", os: "Tizen", ownBrowser: "Samsung Internet" }),
  ],
  [
    /\bWeb0S\b|\bwebOS\b.*\bSmartTV\b|\bwebOS\.TV\b/i,
    () => ({ name: "LG TV", device: "tv", os: "WebOS", ownBrowser: "WebOS Browser" }),
  ],
  [/\bNetCast\b/, () => ({ name: "LG TV", device: "tv", os: "NetCast", ownBrowser: "LG Browser" })],
  [/^AppleTV\d/, () => ({ ...own("Apple TV", "tv"), os: "tvOS" })],
  [/\bApple TV\b|\btvOS\b/, () => ({ name: "Apple TV", device: "tv", os: "tvOS" })],
  [/\bwatchOS\b/, () => ({ name: "Apple Watch", device: "watch", os: "watchOS" })],
  [/\bvisionOS\b/, () => ({ name: "Apple Vision", device: "headset", os: "visionOS" })],
  [/^Roku\/DVP|\(Roku\b/, () => own("Roku", "tv")],
  [/\bAFT[A-Z]{1,5}\d*\b/, () => ({ name: "Fire TV", device: "tv", os: "Android" })],
  [/\bKF[A-Z]{3,}\b|\bKindle Fire\b/, () => ({ name: "Fire tablet", device: "tablet", os: "Android" })],
  [
    /\b(?:AndroidTV|Android TV|Google ?TV|BRAVIA|MIBOX\w*|MiTV\w*)\b/,
    () => ({ name: "Android TV", device: "tv", os: "Android" }),
  ],
  [/\bCrKey\/|\bChromecast\b/, () => ({ name: "Chromecast", device: "tv" })],
  [/\b(?:HbbTV|SmartTV|SMART-TV|VIDAA|VIZIO|Viera|NETTV)\b/i, () => ({ name: "Smart TV", device: "tv" })],
];

function describeQuest(userAgent: string): Appliance {
  const model = /\bQuest (\d\w*|Pro)\b/.exec(userAgent)?.[1];
  const name = model === undefined ? "Meta Quest" : `Meta Quest ${model}`;
  return { name, device: "headset", os: "Android", ownBrowser: "Meta Quest Browser" };
}

/** The device that a User-Agent names, or null when it names none of these. */
export function findAppliance(userAgent: string): Appliance | null {
  for (const [pattern, found] of APPLIANCES) {
    const match = pattern.exec(userAgent);
    if (match) return found(match);
  }
  return null;
}
