import { expect, test } from "vitest";
import { describeDevice, NAME_MAX, formatPlace } from "./device";

test.each([
  [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    { browser: "Chrome", os: "Windows", device: "Desktop" },
    "Chrome on Windows",
  ],
  [
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    { browser: "Firefox", os: "Linux", device: "Desktop" },
    "Firefox on Linux",
  ],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
    { browser: "Safari", os: "iOS", device: "Mobile" },
    "Safari on iOS",
  ],
  ["", { browser: "Unknown browser", os: "unknown system", device: "Unknown" }, "Unknown browser"],
  ["\u0007<script>", { browser: "Unknown browser", os: "unknown system", device: "Unknown" }, "Unknown browser"],
])("%j is recognized", (userAgent, deviceInfo, deviceName) => {
  expect(describeDevice(userAgent)).toEqual({ deviceInfo, deviceName });
});

const APPLE = "AppleWebKit/605.1.15 (KHTML, like Gecko)";
const BLINK = "AppleWebKit/537.36 (KHTML, like Gecko)";
test.each([
  [
    `Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${BLINK} Chrome/138.0.0.0 Safari/537.36`,
    "Chrome on Chrome OS",
    "Desktop",
  ],
  [
    `Mozilla/5.0 (X11; CrOS aarch64 15000.0.0) ${BLINK} Chrome/140.0.0.0 Safari/537.36`,
    "Chrome on Chrome OS",
    "Desktop",
  ],
  ["Dalvik/2.1.0 (Linux; U; Android 13; SM-S918B Build/TP1A.220624.014)", "Android app on Android", "Mobile"],
  ["Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8 Build/UD1A)", "Android app on Android", "Mobile"],
  ["Dalvik/2.1.0 (Linux; U; Android 12; SM-T870 Build/SP1A)", "Android app on Android", "Tablet"],
  ["Dalvik/2.1.0 (Linux; U; Android 11; AFTKA Build/RS8)", "Android app on Fire TV", "TV"],
  ["FocusTimer/1.0 (Windows NT 10.0)", "FocusTimer on Windows", "Desktop"],
  ["FocusTimer/1.0 (iPhone; iOS 17.0; Scale/3.00)", "FocusTimer on iOS", "Mobile"],
  ["FocusTimer/1.0 (iPad; iOS 17.0; Scale/2.00)", "FocusTimer on iOS", "Tablet"],
  ["com.focus.timer/3.1 (Linux; Android 14; Pixel 8) okhttp/4.9", "com.focus.timer on Android", "Mobile"],
  ["Focus Timer/42 CFNetwork/1485 Darwin/23.1.0", "Focus Timer", "Unknown"],
  [
    `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${BLINK} FocusTimer/1.2.0 Chrome/120.0.0.0 Electron/28.0.0 Safari/537.36`,
    "FocusTimer on macOS",
    "Desktop",
  ],
  [
    `Mozilla/5.0 (Linux; Android 13; Pixel 7; wv) ${BLINK} Version/4.0 Chrome/120.0.0.0 Mobile Safari/537.36 FocusTimer/2`,
    "Chrome on Android",
    "Mobile",
  ],
  [
    `Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) ${APPLE} FxiOS/8.1.1 Focus/8.1.1 Mobile/15E148 Safari/605.1.15`,
    "Focus on iOS",
    "Mobile",
  ],
  [
    `Mozilla/5.0 (Linux; Android 13; SAMSUNG SM-S918B) ${BLINK} SamsungBrowser/23.0 Chrome/115.0.0.0 Mobile Safari/537.36`,
    "Samsung Internet for Android on Android",
    "Mobile",
  ],
  [
    `Mozilla/5.0 (Linux; Android 13; SM-X700) ${BLINK} SamsungBrowser/23.0 Chrome/115.0.0.0 Safari/537.36`,
    "Samsung Internet for Android on Android",
    "Tablet",
  ],
  [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${BLINK} Chrome/120.0.0.0 Safari/537.36 Edg/120.0.0.0`,
    "Microsoft Edge on Windows",
    "Desktop",
  ],
  [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${BLINK} Chrome/120.0.0.0 Safari/537.36 OPR/106.0.0.0`,
    "Opera on Windows",
    "Desktop",
  ],
  [
    `Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) ${APPLE} Version/17.1 Brave/1 Mobile/15E148 Safari/604.1`,
    "Brave on iOS",
    "Mobile",
  ],
  [`Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) ${APPLE} Mobile/15E148`, "Safari on iOS", "Mobile"],
  [
    `Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) ${APPLE} FxiOS/121.0 Mobile/15E148 Safari/605.1.15`,
    "Firefox on iOS",
    "Mobile",
  ],
  [
    `Mozilla/5.0 (iPad; CPU OS 16_5 like Mac OS X) ${APPLE} Version/16.5 Mobile/15E148 Safari/604.1`,
    "Safari on iOS",
    "Tablet",
  ],
  [
    `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${APPLE} Version/16.5 Safari/605.1.15`,
    "Safari on macOS",
    "Desktop",
  ],
  [
    `Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) ${APPLE} Mobile/15E148 Instagram 334.0.4.32.98 (iPhone14,5; iOS 17_5)`,
    "Instagram on iOS",
    "Mobile",
  ],
  [
    `Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) ${APPLE} Mobile/15E148 [FBAN/FBIOS;FBAV/466.0.0.38.102;FBDV/iPhone14,5]`,
    "Facebook on iOS",
    "Mobile",
  ],
  [
    `Mozilla/5.0 (Linux; Android 14; Pixel 8) ${BLINK} Version/4.0 Chrome/126.0.0.0 Mobile Safari/537.36 Line/14.9.0/IAB`,
    "LINE on Android",
    "Mobile",
  ],
  ["Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Thunderbird/128.2.0", "Thunderbird on Linux", "Desktop"],
  [
    "Mozilla/5.0 (Windows NT 10.0; Microsoft Windows 10.0.22631; en-US) PowerShell/7.4.6",
    "PowerShell on Windows",
    "Desktop",
  ],
  ["Mozilla/5.0 (X11; FreeBSD amd64; rv:121.0) Gecko/20100101 Firefox/121.0", "Firefox on BSD", "Desktop"],
  ["Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot", "Bot"],
  ["Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)", "UptimeRobot", "Unknown"],
  ["curl/8.5.0", "curl", "Unknown"],
  ["node", "node", "Unknown"],
  ["undici", "undici", "Unknown"],
  ["python-requests/2.31.0", "python-requests", "Unknown"],
  ["Python-urllib/3.11", "Python-urllib", "Unknown"],
  ["okhttp/4.12.0", "okhttp", "Unknown"],
  ["PostmanRuntime/7.36.0", "PostmanRuntime", "Unknown"],
  ["MyApp/1 CFNetwork/1474 Darwin/23.0.0", "MyApp", "Unknown"],
  ["Apache-HttpClient/4.5.14 (Java/17.0.9)", "Apache-HttpClient", "Unknown"],
  ["Dart/3.2 (dart:io)", "Dart", "Unknown"],
  ["日本/1.0", "日本", "Unknown"],
])("%j is %s", (userAgent, deviceName, device) => {
  const described = describeDevice(userAgent);
  expect([described.deviceName, described.deviceInfo.device]).toEqual([deviceName, device]);
});

test.each([
  [`Mozilla/5.0 (PlayStation; PlayStation 5/2.26) ${APPLE} Version/13.0 Safari/605.1.15`, "PlayStation 5", "Console"],
  [`Mozilla/5.0 (PlayStation; PlayStation 4/12.00) ${APPLE} Version/13.0 Safari/605.1.15`, "PlayStation 4", "Console"],
  ["Mozilla/5.0 (PLAYSTATION 3; 4.90) AppleWebKit/531.22.8 (KHTML, like Gecko)", "PlayStation 3", "Console"],
  [
    "Mozilla/5.0 (PlayStation Vita 3.74) AppleWebKit/537.73 (KHTML, like Gecko) Silk/3.2",
    "PlayStation Vita",
    "Console",
  ],
  [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64; Xbox; Xbox Series X) ${BLINK} Chrome/120.0.0.0 Safari/537.36 Edg/120.0.0.0`,
    "Microsoft Edge on Xbox Series X",
    "Console",
  ],
  [
    `Mozilla/5.0 (Windows Phone 10.0; Android 4.2.1; Xbox; Xbox One) ${BLINK} Chrome/46.0.2486.0 Mobile Safari/537.36 Edge/13.10586`,
    "Microsoft Edge on Xbox One",
    "Console",
  ],
  ["Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Trident/5.0; Xbox)", "Internet Explorer on Xbox", "Console"],
  ["Xbox/2406.1 (iPhone; iOS 17.5; Scale/3.00)", "Xbox on iOS", "Mobile"],
  [
    "Mozilla/5.0 (Nintendo Switch; WifiWebAuthApplet) AppleWebKit/609.4 (KHTML, like Gecko) NF/6.0.2.21.3 NintendoBrowser/5.1.0.22474",
    "Nintendo Switch",
    "Console",
  ],
  [
    "Mozilla/5.0 (Nintendo WiiU) AppleWebKit/536.30 (KHTML, like Gecko) NX/3.0.4.2.12 NintendoBrowser/4.3.1.11264.US",
    "Nintendo Wii U",
    "Console",
  ],
  ["Mozilla/5.0 (Nintendo 3DS; U; ; en) Version/1.7567.US", "Nintendo 3DS", "Console"],
  [
    `Mozilla/5.0 (SMART-TV; LINUX; Tizen 7.0) ${BLINK} SamsungBrowser/5.0 Chrome/94.0.4606.31 TV Safari/537.36`,
    "Samsung TV",
    "TV",
  ],
  [`Mozilla/5.0 (SMART-TV; LINUX; Tizen 6.0) ${BLINK} 76.0.3809.146/6.0 TV Safari/537.36`, "Samsung TV", "TV"],
  [
    "Mozilla/5.0 (Linux; Tizen 2.3; SAMSUNG SM-Z130H) AppleWebKit/537.3 (KHTML, like Gecko) SamsungBrowser/1.0 Mobile Safari/537.3",
    "Samsung Internet for Android on Tizen",
    "Mobile",
  ],
  [`Mozilla/5.0 (Web0S; Linux/SmartTV) ${BLINK} Chrome/94.0.4606.128 Safari/537.36 WebAppManager`, "LG TV", "TV"],
  [
    "Mozilla/5.0 (DirectFB; Linux; ) AppleWebKit/535.22 (KHTML, like Gecko) Safari/535.22 LG Browser/5.00.00(LGE; 47LM7600; 04.41.02; 0x00000001;); LG NetCast.TV-2012 0",
    "LG TV",
    "TV",
  ],
  [
    `Mozilla/5.0 (Linux; Android 11; BRAVIA 4K VH2) ${BLINK} Chrome/96.0.4664.45 Safari/537.36`,
    "Chrome on Android TV",
    "TV",
  ],
  [
    `Mozilla/5.0 (Linux; Android 12; SHIELD Android TV) ${BLINK} Chrome/110.0 Safari/537.36`,
    "Chrome on Android TV",
    "TV",
  ],
  [
    `Mozilla/5.0 (Linux; Android) ${BLINK} Chrome/84.0.4147.125 Safari/537.36 CrKey/1.54.248666 DeviceType/AndroidTV`,
    "Chrome on Android TV",
    "TV",
  ],
  [
    `Mozilla/5.0 (Linux; Android 9; AFTSSS) ${BLINK} Silk/112.5.1 like Chrome/112.0.5615.213 Safari/537.36`,
    "Amazon Silk on Fire TV",
    "TV",
  ],
  [
    `Mozilla/5.0 (X11; Linux aarch64) ${BLINK} Chrome/118.0.0.0 Safari/537.36 CrKey/1.56.500000`,
    "Chrome on Chromecast",
    "TV",
  ],
  [`Mozilla/5.0 (Fuchsia) ${BLINK} Chrome/114.0.0.0 Safari/537.36 CrKey/1.56.500000`, "Chrome on Chromecast", "TV"],
  [
    `Mozilla/5.0 (Linux; Android 12; Chromecast HD) ${BLINK} Chrome/114.0.5735.196 Mobile Safari/537.36`,
    "Chrome on Chromecast",
    "TV",
  ],
  ["Roku/DVP-12.0 (12.0.0.4182-88)", "Roku", "TV"],
  ["AppleTV11,1/11.1", "Apple TV", "TV"],
  ["AppleCoreMedia/1.0.0.20K71 (Apple TV; U; CPU OS 16_1 like Mac OS X; en_us)", "AppleCoreMedia on Apple TV", "TV"],
  [
    `Mozilla/5.0 (Linux armv7l) ${BLINK} Chrome/84 Safari/537.36 OPR/46.0 OMI/4.21 HbbTV/1.5.1 (+DRM; Vestel; MB181; 0.9; ; _TV_)`,
    "Opera on Smart TV",
    "TV",
  ],
  [
    `Mozilla/5.0 (X11; Linux x86_64; Quest 3) ${BLINK} OculusBrowser/33.0.0 Chrome/124.0.0.0 VR Safari/537.36`,
    "Meta Quest 3",
    "Headset",
  ],
  [
    `Mozilla/5.0 (Linux; Android 12; Quest 2) ${BLINK} OculusBrowser/27.2.0 SamsungBrowser/4.0 Chrome/111.0.5563.115 VR Safari/537.36`,
    "Meta Quest 2",
    "Headset",
  ],
  [`Mozilla/5.0 (X11; Linux armv7l) ${BLINK} Chrome/75.0.3770.101 Safari/537.36 Kindle/5.13`, "Kindle", "E-reader"],
  [
    "Mozilla/5.0 (Linux; U; en-US) AppleWebKit/528.5+ (KHTML, like Gecko, Safari/528.5+) Version/4.0 Kindle/3.0 (screen 600x800; rotate)",
    "Kindle",
    "E-reader",
  ],
  ["Kindle/1.430 CFNetwork/1485 Darwin/23.1.0", "Kindle", "Unknown"],
  [
    `Mozilla/5.0 (Linux; Android 9; KFMAWI) ${BLINK} Silk/112.3.1 like Chrome/112.0.5615.213 Safari/537.36`,
    "Amazon Silk on Fire tablet",
    "Tablet",
  ],
  ["Mozilla/5.0 (Mobile; Nokia_8110_4G; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5", "Firefox on KaiOS", "Mobile"],
  [
    "Mozilla/5.0 (Mobile; LYF/F90M/LYF-F90M; Android; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.0",
    "Firefox on KaiOS",
    "Mobile",
  ],
])("%j, which is no computer or phone, is %s", (userAgent, deviceName, device) => {
  const described = describeDevice(userAgent);
  expect([described.deviceName, described.deviceInfo.device]).toEqual([deviceName, device]);
});

test.each([
  "x".repeat(512),
  `${"x".repeat(400)}/1 ${"y".repeat(100)}`,
  `Mozilla/5.0 (${"Windows ".repeat(40)}) ${"z".repeat(150)}/2`,
])("names are bounded, whatever a client calls itself (%#)", (userAgent) => {
  const { deviceInfo, deviceName } = describeDevice(userAgent);
  expect(deviceInfo.browser.length).toBeLessThanOrEqual(NAME_MAX);
  expect(deviceInfo.os.length).toBeLessThanOrEqual(NAME_MAX);
  expect([deviceInfo.browser, `${deviceInfo.browser} on ${deviceInfo.os}`]).toContain(deviceName);
  expect(formatPlace(userAgent, userAgent)!.length).toBeLessThanOrEqual(2 * NAME_MAX + 2);
});

test("places are named as far as they are known", () => {
  expect(formatPlace("New York", "US")).toBe("New York, US");
  expect(formatPlace(undefined, "US")).toBe("US");
  expect(formatPlace(undefined, undefined)).toBeNull();
});
