import { expect, test } from "vitest";
import { isIn, MAIN_PLACES, OTHER_PLACES, permitted } from "./places";

test("a place is shown by permission", () => {
  const paths = (permissions: string[]) => permitted(OTHER_PLACES, permissions).map(({ path }) => path);
  expect(paths([])).toEqual(["/notifications", "/devices", "/settings"]);
  expect(paths(["view_audit"])).toContain("/audit");
  expect(paths(["view_audit"])).not.toContain("/operations");
});

test("every path lies in exactly one place", () => {
  const all = [...MAIN_PLACES, ...OTHER_PLACES];
  for (const path of ["/", "/focus", "/focus/live", "/tutoring/42", "/settings"])
    expect(all.filter((place) => isIn(place, path))).toHaveLength(1);
  expect(all.some((place) => isIn(place, "/focusing"))).toBe(false);
});
