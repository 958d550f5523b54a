import { expect, test } from "vitest";
import { DIMENSIONS, findTopDimension } from "../../../xp/amounts";
import { computeEffort, buildEntries, readMetTable, computePhysique, terms } from "../entries";
import { SOURCES } from "../sources";
import { tokenize } from "../tokens";
import { toKey, TermIndex } from "../termIndex";
import { LEXICON } from "./index";

const ENTRIES = buildEntries(LEXICON);

test("holds at least 400 terms, no two of which mean the same words", () => {
  const keys = ENTRIES.map(({ term, exact }) =>
    exact ? `=${toKey(tokenize(term), "word")}` : toKey(tokenize(term), "stem"),
  );
  const seen = new Set<string>();
  const repeated = keys.filter((key) => seen.size === seen.add(key).size);
  expect(repeated).toEqual([]);
  expect(seen.size).toBeGreaterThanOrEqual(400);
  expect([...seen].filter((key) => key === "" || key === "=")).toEqual([]);
});

test("every dimension leads in at least 60 terms", () => {
  for (const dimension of DIMENSIONS) {
    expect(
      ENTRIES.filter(({ profile }) => findTopDimension(profile.shares) === dimension).length,
    ).toBeGreaterThanOrEqual(60);
  }
});

test("every term names its source and the item in it, bodily ones with their MET", () => {
  const forms = {
    compendium: /^\d{5}, \d+(\.\d+)? MET$/,
    onet: /^\d\.[A-C](\.\d+(\.[a-h](\.\d+)?)?)? \S|^2\.[A-C]\.\d+\.[a-m](\.\d)? \S/,
    atus: /^\d{2,6} \S/,
  };
  for (const { term, profile } of ENTRIES) {
    const { source, ref, met } = profile;
    expect(SOURCES[source].url, term).toMatch(/^https:/);
    expect(source, term).not.toBe("neutral");
    expect(ref, term).toMatch(forms[source as keyof typeof forms]);
    if (source === "compendium") {
      expect(met, term).toBeGreaterThan(0.9);
      expect(met, term).toBeLessThan(24);
    }
  }
});

test("shares are parts of one, effort lies between 0 and 1", () => {
  for (const { term, profile } of ENTRIES) {
    const { shares, effort } = profile;
    expect(
      DIMENSIONS.reduce((sum, dimension) => sum + shares[dimension], 0),
      term,
    ).toBeCloseTo(1, 9);
    expect(effort, term).toBeGreaterThanOrEqual(0);
    expect(effort, term).toBeLessThanOrEqual(1);
  }
});

test("every term is found by its own words", () => {
  const index = new TermIndex(LEXICON);
  const lost = ENTRIES.filter(({ term }) => index.find(tokenize(term))?.entry.term !== term);
  expect(lost.map(({ term }) => term)).toEqual([]);
});

test("every term that is not exact is found in other forms of its last word", () => {
  const index = new TermIndex(LEXICON);
  const forms = [
    ["jog", "jogging"],
    ["hike", "hiked"],
    ["debug", "debugs"],
    ["candle making", "candle make"],
    ["theorem", "theorems"],
  ] as const;
  for (const [term, form] of forms) expect(index.find(tokenize(form))?.entry.term).toBe(term);
  expect(index.find(tokenize("newly"))).toBeUndefined();
});

test("harder exercise is more physique, and no chore is", () => {
  expect(computePhysique("training", 12)).toBeGreaterThan(computePhysique("training", 3));
  expect(computePhysique("training", 1)).toBeGreaterThan(0.5);
  expect(computePhysique("upkeep", 23)).toBeLessThan(0.5);
  expect([computeEffort(0.95), computeEffort(6), computeEffort(11), computeEffort(23)]).toEqual([0, 0.5, 1, 1]);
});

test.each([
  [
    "a malformed MET line",
    () => buildEntries([readMetTable({ use: "training" }, "1202 seven jog")]),
    /malformed MET line "1202 seven jog"/,
  ],
  [
    "a malformed term",
    () => buildEntries([terms({ source: "onet", ref: "x", shares: { logic: 1 } }, "co-working")]),
    /malformed term "co-working"/,
  ],
  [
    "negative shares",
    () => buildEntries([terms({ source: "onet", ref: "x", shares: { logic: -1 } }, "x")]),
    /shares\.logic: -1/,
  ],
  ["no shares", () => buildEntries([terms({ source: "onet", ref: "x", shares: {} }, "x")]), /at least one dimension/],
] as const)("refuses %s by name", (_, build, message) => {
  expect(build).toThrow(message);
});
