import fc from "fast-check";
import { expect, test } from "vitest";
import { readHeaderText } from "./headerText";

const toBytes = (text: string) => String.fromCharCode(...new TextEncoder().encode(text));

test("bytes of UTF-8 are read as such, those of Latin-1 and decoded text stay", () => {
  for (const text of ["São Paulo", "東京", "Curl/8 (Zürich)", "plain", "", "👩‍🚀"])
    expect(readHeaderText(toBytes(text))).toBe(text);
  for (const text of ["S\xe3o Paulo", "東京", "Łódź"]) expect(readHeaderText(text)).toBe(text);
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => readHeaderText(toBytes(text)) === text));
});
