import { expect, test } from "vitest";
import { toDecodable } from "./address";

test.each([
  ["/reports/a.b", "/reports/a.b"],
  ["/reports/%C3%A9%2F", "/reports/%C3%A9%2F"],
  ["/reports/%E0%A4%A", "/reports/%25E0%25A4%25A"],
  ["/reports/100%", "/reports/100%25"],
  ["/%FF", "/%25FF"],
])("%s is read as %s", (path, read) => {
  expect(toDecodable(path)).toBe(read);
  expect(toDecodable(read)).toBe(read);
});
