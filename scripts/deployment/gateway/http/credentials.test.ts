import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { readClientInfo } from "./credentials";

const request = (remoteAddress: string, forwarded?: string, header = "x-forwarded-for") =>
  ({
    socket: { remoteAddress },
    headers: { "user-agent": "test", ...(forwarded !== undefined && { [header]: forwarded }) },
  }) as unknown as IncomingMessage;

test.each([
  [undefined, "192.0.2.9"],
  ["0", "192.0.2.9"],
  ["false", "192.0.2.9"],
  ["1", "198.51.100.2"],
  ["true", "198.51.100.2"],
  ["2", "198.51.100.1"],
  // Fewer hops than are trusted: nobody vouches for an entry.
  ["4", "192.0.2.9"],
])("with TRUSTED_PROXY %s the address is %s", (trusted, ip) => {
  const sent = request("192.0.2.9", "203.0.113.5, 198.51.100.1, 198.51.100.2");
  expect(readClientInfo(sent, trusted)).toEqual({ ip, userAgent: "test" });
});

test.each([
  ["203.0.113.7:4000", "203.0.113.7"],
  ["[2001:db8::7]:51234", "2001:db8::7"],
  ['"[2001:db8::7]"', "2001:db8::7"],
  ["fe80::1%eth0", "fe80::1"],
  ["::ffff:203.0.113.7", "203.0.113.7"],
  [" ,203.0.113.7", "203.0.113.7"],
  ["203.0.113.7, ", "192.0.2.9"],
  ["64:ff9b::203.0.113.7", "203.0.113.7"],
  ["::ffff:0:203.0.113.7", "203.0.113.7"],
  ["unknown", "192.0.2.9"],
  ["_hidden", "192.0.2.9"],
  ["x".repeat(5_000), "192.0.2.9"],
])("a proxy's hop %s is read as %s", (hop, ip) => {
  expect(readClientInfo(request("192.0.2.9", `10.9.9.9, ${hop}`), "1").ip).toBe(ip);
});

test.each([
  ['for="[2001:db8::7]:51234"', "1", "2001:db8::7"],
  ["For=203.0.113.7;proto=https;by=10.0.0.1", "1", "203.0.113.7"],
  ['for=10.9.9.9;host="a,b", for=203.0.113.7:80, for=198.51.100.2', "2", "203.0.113.7"],
  ['for=10.9.9.9;x=", for="[2001:db8::7]:80"', "1", "2001:db8::7"],
  ["for=_hidden", "1", "192.0.2.9"],
  ["by=10.0.0.1", "1", "192.0.2.9"],
  ["for=203.0.113.7", "2", "192.0.2.9"],
  ["for=203.0.113.7", undefined, "192.0.2.9"],
])("a proxy's Forwarded: %s behind %s is read as %s", (header, trusted, ip) => {
  expect(readClientInfo(request("192.0.2.9", header, "forwarded"), trusted).ip).toBe(ip);
});

test("a proxy that tells nothing, and IPv4 on a socket for both kinds", () => {
  expect(readClientInfo(request("192.0.2.9"), "1").ip).toBe("192.0.2.9");
  expect(readClientInfo(request("::ffff:192.0.2.9"), undefined).ip).toBe("192.0.2.9");
  expect(readClientInfo(request("2001:db8::1"), undefined).ip).toBe("2001:db8::1");
});
