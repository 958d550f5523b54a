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
  ["node", { browser: "node", os: "unknown system", device: "Unknown" }, "node on unknown system"],
  ["curl/8.5.0", { browser: "curl", os: "unknown system", device: "Unknown" }, "curl on unknown system"],
  ["", { browser: "Unknown browser", os: "unknown system", device: "Unknown" }, "Unknown browser on unknown system"],
  [
    "\u0007<script>",
    { browser: "Unknown browser", os: "unknown system", device: "Unknown" },
    "Unknown browser on unknown system",
  ],
])("%j is recognized", (userAgent, deviceInfo, deviceName) => {
  expect(describeDevice(userAgent)).toEqual({ deviceInfo, deviceName });
});

test.each([
  "x".repeat(512),
  `${"x".repeat(400)}/1 ${"y".repeat(100)}`,
  `Mozilla/5.0 (${"Windows ".repeat(40)}) ${"z".repeat(150)}/2`,
])("names are bounded, whatever a client calls itself (%#)", (userAgent) => {
  const { deviceInfo, deviceName } = describeDevice(userAgent);
  expect(deviceInfo.browser.length).toBeLessThanOrEqual(NAME_MAX);
  expect(deviceInfo.os.length).toBeLessThanOrEqual(NAME_MAX);
  expect(deviceName).toBe(`${deviceInfo.browser} on ${deviceInfo.os}`);
  expect(formatPlace(userAgent, userAgent)!.length).toBeLessThanOrEqual(2 * NAME_MAX + 2);
});

test("places are named as far as they are known", () => {
  expect(formatPlace("New York", "US")).toBe("New York, US");
  expect(formatPlace(undefined, "US")).toBe("US");
  expect(formatPlace(undefined, undefined)).toBeNull();
});
