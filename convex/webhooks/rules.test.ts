import { expect, test } from "vitest";
import { HOUR_MS } from "../lib/time";
import { findRetryAt, findUrlProblem, isPrivateAddress, PRIVATE_ADDRESS, RETRY_PAUSES_MS } from "./rules";

test.each([
  "127.0.0.1",
  "127.255.255.254",
  "0.0.0.0",
  "10.0.0.1",
  "172.16.0.1",
  "172.31.255.255",
  "192.168.1.1",
  "169.254.169.254",
  "100.64.0.1",
  "100.100.100.200",
  "168.63.129.16",
  "192.0.0.192",
  "198.18.0.1",
  "224.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "::ffff:10.0.0.1",
  "::ffff:7f00:1",
  "::7f00:1",
  "64:ff9b::7f00:1",
  "2002:7f00:1::",
  "2001::1",
  "fe80::1",
  "fe80::1%eth0",
  "fec0::1",
  "fc00::1",
  "fd00:ec2::254",
  "ff02::1",
  "nonsense",
])("nothing is sent to %s", (address) => expect(isPrivateAddress(address)).toBe(true));

test.each(["93.184.216.34", "172.32.0.1", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34"])(
  "%s is public",
  (address) => expect(isPrivateAddress(address)).toBe(false),
);

test.each([
  ["http://example.com/", "Must begin with https://."],
  ["ftp://example.com/", "Must begin with https://."],
  ["example.com", "Must be an absolute URL."],
  ["https://", "Must be an absolute URL."],
  ["https://exa mple.com/", "Must be an absolute URL."],
  ["https://ada:secret@example.com/", "Must not contain a user name or a password."],
  ["https://example.com/#part", "Must not contain a fragment."],
  ["https://localhost/", PRIVATE_ADDRESS],
  ["https://LOCALHOST./", PRIVATE_ADDRESS],
  ["https://a.localhost/", PRIVATE_ADDRESS],
  ["https://127.0.0.1/", PRIVATE_ADDRESS],
  ["https://2130706433/", PRIVATE_ADDRESS],
  ["https://0x7f.1/", PRIVATE_ADDRESS],
  ["https://0177.0.0.1/", PRIVATE_ADDRESS],
  ["https://[::1]/", PRIVATE_ADDRESS],
  ["https://[::ffff:169.254.169.254]/", PRIVATE_ADDRESS],
  ["https://169.254.169.254/latest/meta-data/", PRIVATE_ADDRESS],
  ["https://example.com:8443/hooks?tenant=1", null],
  ["https://nowhere.invalid/", null],
])("%s: %s", (url, problem) => expect(findUrlProblem(url, false)).toBe(problem));

test("the setting lifts the rules about networks and about http, and no others", () => {
  expect(findUrlProblem("http://127.0.0.1:9000/", true)).toBeNull();
  expect(findUrlProblem("ftp://127.0.0.1/", true)).toBe("Must begin with https:// or http://.");
  expect(findUrlProblem("http://a:b@127.0.0.1/", true)).toBe("Must not contain a user name or a password.");
});

test("a delivery is tried again seven times", () => {
  const pauses = RETRY_PAUSES_MS.map((_, index) => findRetryAt(index + 1, 0));
  expect(pauses).toEqual([5_000, 30_000, 120_000, 900_000, HOUR_MS, 4 * HOUR_MS, 10 * HOUR_MS]);
  expect(findRetryAt(8, 0)).toBeNull();
});
