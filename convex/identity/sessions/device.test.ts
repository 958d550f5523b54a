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
  ["Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)", "UptimeRobot", "Bot"],
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

const IPHONE = `Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) ${APPLE} Mobile/15E148`;
const PIXEL = `Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) ${BLINK} Version/4.0 Chrome/126.0.0.0 Mobile Safari/537.36`;
const WINDOWS = `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${BLINK}`;
const MAC = `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${BLINK}`;

test.each([
  ["MyApp/3.2.1 (com.example.myapp; build:123; iOS 18.5.0) Alamofire/5.9.1", "MyApp on iOS", "Mobile"],
  ["MyApp/3.2.1 (com.example.myapp; build:123; iPadOS 18.5.0) Alamofire/5.9.1", "MyApp on iPadOS", "Tablet"],
  ["MyApp/3.2.1 (com.example.myapp; build:123; macOS 15.5.0) Alamofire/5.9.1", "MyApp on macOS", "Desktop"],
  ["MyApp/3.2.1 (com.example.myapp; build:123; macOS(Catalyst) 15.5.0) Alamofire/5.9.1", "MyApp on macOS", "Desktop"],
  ["MyApp/3.2.1 (com.example.myapp; build:123; watchOS 11.5.0) Alamofire/5.9.1", "MyApp on Apple Watch", "Watch"],
  ["MyApp/3.2.1 (com.example.myapp; build:123; tvOS 18.5.0) Alamofire/5.9.1", "MyApp on Apple TV", "TV"],
  ["MyApp/3.2.1 (com.example.myapp; build:123; visionOS 2.5.0) Alamofire/5.9.1", "MyApp on Apple Vision", "Headset"],
  ["My%20App/42 CFNetwork/1485 Darwin/23.1.0", "My App", "Unknown"],
  ["%E6%97%A5%E6%9C%AC/42 CFNetwork/1485 Darwin/23.1.0", "日本", "Unknown"],
  ["100%/42 CFNetwork/1485 Darwin/23.1.0", "100%", "Unknown"],
  ["My%0AApp/42 CFNetwork/1485 Darwin/23.1.0", "My%0AApp", "Unknown"],
])("the program %j is %s", (userAgent, deviceName, device) => {
  const described = describeDevice(userAgent);
  expect([described.deviceName, described.deviceInfo.device]).toEqual([deviceName, device]);
});

test.each([
  [
    `${MAC} Chrome/128.0.6613.162 Electron/32.1.2 Safari/537.36 AppleSilicon Sonic Slack_SSB/4.41.105`,
    "Slack on macOS",
    "Desktop",
  ],
  [
    `${WINDOWS} Slack/4.46.96 Chrome/140.0.7339.41 Electron/38.0.0 Safari/537.36 Sonic Slack_SSB/4.46.96`,
    "Slack on Windows",
    "Desktop",
  ],
  [
    `${WINDOWS} Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0 Teams/24295.605.3225.8804/49`,
    "Microsoft Teams on Windows",
    "Desktop",
  ],
  [
    `${WINDOWS} Teams/1.5.00.8070 Chrome/85.0.4183.121 Electron/10.4.7 Safari/537.36`,
    "Microsoft Teams on Windows",
    "Desktop",
  ],
  [`${WINDOWS} discord/1.0.9035 Chrome/108.0.5359.215 Electron/22.3.26 Safari/537.36`, "Discord on Windows", "Desktop"],
  [`${MAC} Code/1.96.0 Chrome/128.0.6613.186 Electron/32.2.6 Safari/537.36`, "Code on macOS", "Desktop"],
  [`${MAC} Notion/4.2.0 Chrome/130.0.0.0 Electron/33.2.0 Safari/537.36`, "Notion on macOS", "Desktop"],
  [`${MAC} obsidian/1.5.3 Chrome/114.0.0.0 Electron/25.8.1 Safari/537.36`, "Obsidian on macOS", "Desktop"],
  [
    `${WINDOWS} WhatsApp/2.2134.10 Chrome/87.0.4280.141 Electron/11.3.0 Safari/537.36`,
    "WhatsApp on Windows",
    "Desktop",
  ],
  [`${MAC} Signal/7.30.0 Chrome/128.0.0.0 Electron/32.0.1 Safari/537.36`, "Signal on macOS", "Desktop"],
  [
    `${MAC} Postman/11.1.0 PostmanClient/11 Chrome/120.0.0.0 Electron/28.2.3 Safari/537.36`,
    "Postman on macOS",
    "Desktop",
  ],
  [`${MAC} Chrome/120.0.0.0 MyApp/1.2.0 Electron/28.2.3 Safari/537.36`, "MyApp on macOS", "Desktop"],
  [`${MAC} Chrome/120.0.0.0 Electron/28.2.3 Safari/537.36`, "Electron app on macOS", "Desktop"],
  [`${IPHONE} Snapchat/13.10.0.42 (like Safari/8618.3.11.10.5, panda)`, "Snapchat on iOS", "Mobile"],
  [`${PIXEL}Snapchat/13.10.0.42 (Pixel 8; Android 14#1#34; gzip)`, "Snapchat on Android", "Mobile"],
  [`${IPHONE} [Pinterest/iOS]`, "Pinterest on iOS", "Mobile"],
  [`${PIXEL} [Pinterest/Android]`, "Pinterest on Android", "Mobile"],
  [`${IPHONE} Twitter for iPhone/10.94`, "X on iOS", "Mobile"],
  [`${PIXEL} TwitterAndroid`, "X on Android", "Mobile"],
  [`${IPHONE} Barcelona 349.0.0.21.106 (iPhone15,2; iOS 17_6; fr_FR; scale=3.00)`, "Threads on iOS", "Mobile"],
  [`${PIXEL} [FBAN/Barcelona;FBAV/395.0.0.0]`, "Threads on Android", "Mobile"],
  [`${IPHONE} KAKAOTALK 10.3.1`, "KakaoTalk on iOS", "Mobile"],
  [`${PIXEL};KAKAOTALK 2410310`, "KakaoTalk on Android", "Mobile"],
  [`${IPHONE} Safari/605.1 NAVER(inapp; search; 1010; 11.24.5; 12PRO)`, "NAVER on iOS", "Mobile"],
  [`${PIXEL} Whale/1.0.0.0 Crosswalk/27.102.0.21 NAVER(inapp; search; 1010; 11.24.6)`, "NAVER on Android", "Mobile"],
  [`${PIXEL} Reddit/Version 2026.35.0/Build 2635090/Android 14`, "Reddit on Android", "Mobile"],
  [`${PIXEL} MQQBrowser/6.2 TBS/046141 V1_AND_SQ_8.9.15 QQ/8.9.15.9425`, "QQ on Android", "Mobile"],
  [`${IPHONE} Ariver/1.1.0 AliApp(AP/10.3.90) Nebula WK AlipayClient/10.3.90`, "Alipay on iOS", "Mobile"],
  [`${IPHONE} Zalo iOS/598 ZaloTheme/light`, "Zalo on iOS", "Mobile"],
  [`${PIXEL} Zalo android/13169 ZaloTheme/light ZaloLanguage/vi`, "Zalo on Android", "Mobile"],
  [`${PIXEL} Viber/13.2.0.8`, "Viber on Android", "Mobile"],
  [`${PIXEL} Telegram-Android/11.7.4 (Google Pixel 8; Android 14; SDK 34; HIGH)`, "Telegram on Android", "Mobile"],
  [`${IPHONE} YJApp-IOS jp.co.yahoo.ipn.appli/4.130.0`, "Safari on iOS", "Mobile"],
  [`${IPHONE} Line/14.9.0`, "LINE on iOS", "Mobile"],
  [`${IPHONE} MicroMessenger/8.0.49(0x18003131) NetType/WIFI Language/zh_CN`, "WeChat on iOS", "Mobile"],
])("an application within which %j browses is %s", (userAgent, deviceName, device) => {
  const described = describeDevice(userAgent);
  expect([described.deviceName, described.deviceInfo.device]).toEqual([deviceName, device]);
});

test.each([
  [
    "Mozilla/5.0 (Linux; U; Android 2.0; en-us;) AppleWebKit/538.1 (KHTML, like Gecko) Version/4.0 Mobile Safari/538.1 (Kobo Touch 0373/4.38.21908)",
    "Kobo",
    "E-reader",
  ],
  [
    `Mozilla/5.0 (Linux; Android 11; BOOX NoteAir2) ${BLINK} Chrome/120.0.0.0 Safari/537.36`,
    "Chrome on BOOX",
    "E-reader",
  ],
  [
    "Mozilla/5.0 (Linux; U; en-US) AppleWebKit/537.21 (KHTML, like Gecko) PocketBook/632 Safari/537.21",
    "PocketBook",
    "E-reader",
  ],
  [
    `Mozilla/5.0 (Linux; Android 10; PICO 4) ${BLINK} Chrome/105.0.0.0 Mobile VR Safari/537.36 PicoBrowser/3.3.54 OculusBrowser/7.0`,
    "PICO",
    "Headset",
  ],
  [
    `Mozilla/5.0 (X11; GNU/Linux) ${BLINK} Chromium/79.0.3945.130 Chrome/79.0.3945.130 Safari/537.36 Tesla/2020.16.2.1-e99c70fff409`,
    "Tesla",
    "Car",
  ],
  [
    "Mozilla/5.0 (X11; GNU/Linux) AppleWebKit/601.1 (KHTML, like Gecko) Tesla QtCarBrowser Safari/601.1",
    "Tesla",
    "Car",
  ],
  [
    `Mozilla/5.0 (Linux; Android 7.0; Tesla_SP6.3) ${BLINK} Chrome/75.0.3770.143 Mobile Safari/537.36`,
    "Chrome on Android",
    "Mobile",
  ],
  ["Mozilla/5.0 (X11; SunOS i86pc; rv:52.0) Gecko/20100101 Firefox/52.0", "Firefox on Solaris", "Desktop"],
])("%j, which is seldom met, is %s", (userAgent, deviceName, device) => {
  const described = describeDevice(userAgent);
  expect([described.deviceName, described.deviceInfo.device]).toEqual([deviceName, device]);
});

const CHROME = "Chrome/138.0.0.0 Mobile Safari/537.36";
const ANDROID = `Mozilla/5.0 (Linux; Android 14; Pixel 8) ${BLINK}`;

test.each([
  [`${IPHONE} Safari/604.1 OPX/2.8.1`, "Opera GX on iOS"],
  [`${ANDROID} ${CHROME} OPX/2.8.1`, "Opera GX on Android"],
  [`${WINDOWS} Chrome/138.0.0.0 Safari/537.36 OPR/122.0.0.0 (Edition GX)`, "Opera GX on Windows"],
  [`${IPHONE} EcosiaIOS@11.5.0 Safari/604.1`, "Ecosia on iOS"],
  [`${ANDROID} ${CHROME} (Ecosia android@138.0.7204.179)`, "Ecosia on Android"],
  [`${WINDOWS} Chrome/138.0.0.0 Safari/537.36 (Ecosia)`, "Ecosia on Windows"],
  [`${ANDROID} Version/4.0 Klar/142.0 ${CHROME}`, "Klar on Android"],
  [`${ANDROID} Version/4.0 Focus/142.0 ${CHROME}`, "Focus on Android"],
  [`${ANDROID} Version/4.0 ${CHROME} GSA/15.27.36.29.arm64`, "Google Search on Android"],
  [`${IPHONE} GSA/380.0.783434 Safari/604.1`, "Google Search on iOS"],
  [`${ANDROID} Quark/6.12 ${CHROME}`, "Quark on Android"],
  [`${ANDROID} ${CHROME} baiduboxapp/13.50`, "Baidu on Android"],
  [`${ANDROID} ${CHROME} AlohaBrowser/5.10`, "Aloha on Android"],
  [`${WINDOWS} Chrome/131.0.0.0 Safari/537.36 Avast/131.0.0.0`, "Avast Secure Browser on Windows"],
  ["Mozilla/5.0 (X11; Linux x86_64; rv:102.0) Gecko/20100101 Firefox/102.0 Waterfox/6", "Waterfox on Linux"],
])("the browser of %j is %s", (userAgent, deviceName) => {
  expect(describeDevice(userAgent).deviceName).toBe(deviceName);
});

test.each([
  ["HUAWEI BAH3-W59", "Tablet"],
  ["HUAWEI BAH3-L09", "Tablet"],
  ["AGS2-AL00", "Tablet"],
  ["KRJ2-W09", "Tablet"],
  ["Nokia T20", "Tablet"],
  ["23043RP34G", "Tablet"],
  ["OPD2203", "Tablet"],
  ["RMP2102", "Tablet"],
  ["HUAWEI VTR-L09", "Mobile"],
  ["EVA-AL10", "Mobile"],
  ["Nokia G21", "Mobile"],
  ["23053RN02A", "Mobile"],
  ["Pixel 8", "Mobile"],
  ["Google Pixel Watch", "Watch"],
  ["Pixel Watch 2", "Watch"],
  ["SM-R860", "Watch"],
  ["TicWatch Pro 5", "Watch"],
  ["Quest 2", "Headset"],
])("an application on the model %s runs on a %s", (model, device) => {
  const app = `Dalvik/2.1.0 (Linux; U; Android 13; ${model} Build/TP1A.220624.014)`;
  expect(describeDevice(app)).toMatchObject({ deviceName: "Android app on Android", deviceInfo: { device } });
  const mobile = device === "Mobile" ? "Mobile " : "";
  const browser = `Mozilla/5.0 (Linux; Android 13; ${model}) ${BLINK} Chrome/126.0.0.0 ${mobile}Safari/537.36`;
  expect(describeDevice(browser).deviceInfo.device).toBe(device);
});

test("a program called after a watch runs on a phone", () => {
  expect(describeDevice("Watch/1.0 (Linux; Android 14; Pixel 8)").deviceInfo.device).toBe("Mobile");
});

test.each([
  ["Twitterbot/1.0", "Twitterbot"],
  ["Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)", "Discordbot"],
  ["Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)", "AhrefsBot"],
  [`${MAC} Version/17.4 Safari/605.1.15 (Applebot/0.1; +http://www.apple.com/go/applebot)`, "Applebot"],
  ["Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "SlackBot"],
  ["LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)", "LinkedInBot"],
  ["WhatsApp/2.23.20.0 A", "WhatsApp"],
  ["TelegramBot (like TwitterBot)", "TelegramBot"],
  ["facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", "FacebookExternalHit"],
  ["Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)", "GPTBot"],
  [`${PIXEL} (compatible; Googlebot/2.1; +http://www.google.com/bot.html)`, "Googlebot"],
  ["Mozilla/5.0 (compatible; Yahoo! Slurp; http://help.yahoo.com/help/us/ysearch/slurp)", "YahooSlurp"],
  ["my-search-bot/3.1 (+https://example.com)", "my-search-bot"],
  ["Mozilla/5.0 (compatible; Example-Crawler/1.0)", "Example-Crawler"],
])("%j is the bot %s", (userAgent, name) => {
  const { deviceInfo, deviceName } = describeDevice(userAgent);
  expect([deviceName, deviceInfo]).toEqual([name, { browser: name, os: "unknown system", device: "Bot" }]);
});

test.each([
  [`Mozilla/5.0 (Linux; Android 11; CUBOT NOTE 20) ${BLINK} Chrome/120.0.0.0 Mobile Safari/537.36`, "Mobile"],
  ["MyApp/1.0 (iPhone; iOS 17.0; +https://example.com/chatbot/about)", "Mobile"],
])("%j is no bot", (userAgent, device) => expect(describeDevice(userAgent).deviceInfo.device).toBe(device));

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
