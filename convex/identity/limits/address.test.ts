import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findNetwork, readAddress } from "./address";

describe("readAddress", () => {
  test.each([
    ["203.0.113.7", "203.0.113.7"],
    ["203.0.113.7:4000", "203.0.113.7"],
    ["203.0.113.7:_secret", "203.0.113.7"],
    [' "203.0.113.7:80" ', "203.0.113.7"],
    ["2001:db8::7", "2001:db8::7"],
    ["[2001:db8::7]", "2001:db8::7"],
    ["[2001:db8::7]:51234", "2001:db8::7"],
    ['"[2001:DB8:0:0::7]:51234"', "2001:db8::7"],
    ["fe80::1%eth0", "fe80::1"],
    ["[fe80::1%25en0]:443", "fe80::1"],
    ["::ffff:203.0.113.7", "203.0.113.7"],
    ["::ffff:cb00:7107", "203.0.113.7"],
    ["[::ffff:203.0.113.7]:4000", "203.0.113.7"],
    ["64:ff9b::203.0.113.7", "203.0.113.7"],
    ["[64:ff9b::cb00:7107]:4000", "203.0.113.7"],
    ["::ffff:0:203.0.113.7", "203.0.113.7"],
    ["64:ff9b:1::cb00:7107", "64:ff9b:1::cb00:7107"],
    ["2001:0db8:0000:0000:0000:0000:0000:0007", "2001:db8::7"],
    ["::1", "::1"],
  ])("%j is %s", (hop, address) => expect(readAddress(hop)).toBe(address));

  test.each([
    ...["", " ", '""', "unknown", "UNKNOWN", "_hidden", "_gazonk:80", "null", "undefined", "localhost", "example.com"],
    ...["1.2.3", "127.1", "0x7f.0.0.1", "010.1.1.1", "1.2.3.4.5", "256.1.1.1", "1.2.3.4:", "1.2.3.4:999999"],
    ...["1.2.3.4/24", "[1.2.3.4]:80x", "[2001:db8::7", "2001:db8::7]", "2001:db8::7::1", "gggg::1", ":::", "%eth0"],
    ...["x".repeat(5_000), "1.2.3.4, 5.6.7.8", "<script>", "1.2.3.4\u0000"],
  ])("%j is none", (hop) => expect(readAddress(hop)).toBeNull());

  test("an address comes back as itself, whatever port comes with it", () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), fc.integer({ min: 0, max: 65_535 }), (address, port) => {
        const plain = readAddress(address);
        expect(plain).not.toBeNull();
        expect(readAddress(plain)).toBe(plain);
        expect(readAddress(address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`)).toBe(plain);
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => void readAddress(text)));
  });
});

test("hosts of one IPv6 network are limited together, IPv4 addresses each by itself", () => {
  expect(findNetwork("2001:db8:1:2::7")).toBe("2001:db8:1:2::/64");
  expect(findNetwork("2001:db8:1:2:ffff:ffff:ffff:ffff")).toBe("2001:db8:1:2::/64");
  expect(findNetwork("2001:db8:1:3::7")).toBe("2001:db8:1:3::/64");
  expect(findNetwork("203.0.113.7")).toBe("203.0.113.7");
  expect(findNetwork(null)).toBeNull();
});
