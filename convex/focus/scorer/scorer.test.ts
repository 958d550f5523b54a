import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluate, partOf } from "./evaluation/agreement.testing";
import {
  DIMENSIONS,
  MAX_TOTAL_RATE,
  MIN_TOTAL_RATE,
  scoreActivity,
  topDimension,
  totalOf,
  type Dimension,
} from "./index";
import { buildEntries } from "./entries";
import { LEXICON } from "./lexicon";

/** Names as users might write them: known words in any order and number, between any other text. */
const anyName = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 300 }),
  fc
    .array(
      fc.oneof(
        fc.constantFrom(...buildEntries(LEXICON).map(({ term }) => term)),
        fc.constantFrom("with", "after", "the", "in", "&", "-", "'s"),
        fc.string({ maxLength: 8 }),
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join(" ")),
);
const anyActivity = fc.record({ name: anyName, category: anyName, goalTitle: anyName }, { requiredKeys: ["name"] });

describe("every activity whatever its texts", () => {
  test("earns within the band, in exact quarters, none below zero", () => {
    fc.assert(
      fc.property(anyActivity, (activity) => {
        const { rates } = scoreActivity(activity);
        for (const dimension of DIMENSIONS) {
          expect(rates[dimension]).toBeGreaterThanOrEqual(0);
          expect(Number.isInteger(rates[dimension] * 4)).toBe(true);
        }
        expect(totalOf(rates)).toBeGreaterThanOrEqual(MIN_TOTAL_RATE);
        expect(totalOf(rates)).toBeLessThanOrEqual(MAX_TOTAL_RATE);
      }),
      { numRuns: 500 },
    );
  });

  test("no two differ by more than 1.5 times in total", () => {
    expect(MAX_TOTAL_RATE / MIN_TOTAL_RATE).toBeLessThanOrEqual(1.5);
    fc.assert(
      fc.property(anyActivity, anyActivity, (a, b) => {
        expect(totalOf(scoreActivity(a).rates) / totalOf(scoreActivity(b).rates)).toBeLessThanOrEqual(1.5);
      }),
      { numRuns: 300 },
    );
    expect(evaluate().totalRatio).toBeLessThanOrEqual(1.5);
  });

  test("is rated alike each time, whatever was rated in between", () => {
    fc.assert(
      fc.property(anyActivity, anyActivity, (activity, other) => {
        const before = scoreActivity(activity);
        scoreActivity(other);
        expect(scoreActivity({ ...activity })).toEqual(before);
      }),
      { numRuns: 200 },
    );
  });

  test("has between one and eight reasons, the weightiest first, together no more than the whole", () => {
    fc.assert(
      fc.property(anyActivity, (activity) => {
        const { reasons } = scoreActivity(activity);
        expect(reasons.length).toBeGreaterThanOrEqual(1);
        expect(reasons.length).toBeLessThanOrEqual(8);
        const weights = reasons.map(({ weight }) => weight);
        expect(weights).toEqual([...weights].sort((a, b) => b - a));
        // Each weight is rounded to hundredths by itself.
        expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeLessThanOrEqual(1.05);
        for (const { term, source } of reasons) expect([term, source]).not.toContain("");
      }),
      { numRuns: 300 },
    );
  });
});

test("letter case, spacing, punctuation and the spelling of Britain or America make no difference", () => {
  const same = [
    ["Rock climbing", "  ROCK   Climbing!! "],
    ["Rock climbing", "rock-climbing"],
    ["Organising a colour-theory course", "organizing a color theory course"],
    ["Jewellery making", "jewelry making"],
    ["3D modelling", "3d modeling"],
  ] as const;
  for (const [a, b] of same) expect(scoreActivity({ name: a }).rates).toEqual(scoreActivity({ name: b }).rates);
});

test.each<[string, Dimension]>([
  ["indoor bouldering", "physique"],
  ["leading a book club", "social"],
  ["debugging a compiler", "logic"],
  ["Kettlebell circuit", "physique"],
  ["Practising the cello", "creativity"],
  ["Teaching chess to beginners", "social"],
  ["Learning Portuguese", "logic"],
  ["Painting the fence", "energy"],
  ["Painting a portrait", "creativity"],
  ["Coaching the swim team", "social"],
  ["Swimming", "physique"],
  ["Coding before breakfast", "logic"],
  ["Hoovering the stairs", "energy"],
  ["Playing tennis with a friend", "physique"],
  ["Reading to my children at bedtime", "social"],
  ["Writing lyrics", "creativity"],
  ["Writing SQL", "logic"],
])("%s is mostly %s", (name, dimension) => {
  expect(topDimension(scoreActivity({ name }).rates)).toBe(dimension);
});

describe("what name, category and goal decide", () => {
  test.each<[string, Dimension]>([
    ["Drawing", "creativity"],
    ["Fitness", "physique"],
    ["Coding", "logic"],
    ["Study", "logic"],
    ["Music", "creativity"],
    ["Languages", "logic"],
    ["Reading", "logic"],
    ["Cooking", "energy"],
    ["Meditation", "energy"],
    ["Social", "social"],
    ["Chores", "energy"],
    ["Creative Writing", "creativity"],
    ["Kite flying and juggling", "physique"],
  ])("an unknown name in the category %s is mostly %s", (category, dimension) => {
    const { rates, reasons } = scoreActivity({ name: "Xyzzy", category });
    expect(topDimension(rates)).toBe(dimension);
    expect(reasons[0]?.source).not.toBe("No known term");
  });

  test("a known name outweighs its category, which still shows", () => {
    const alone = scoreActivity({ name: "Marathon" }).rates;
    const { rates } = scoreActivity({ name: "Marathon", category: "Music" });
    expect(topDimension(rates)).toBe("physique");
    expect(rates.creativity).toBeGreaterThan(alone.creativity);
  });

  test("the goal decides only where nothing else does", () => {
    expect(topDimension(scoreActivity({ name: "Xyzzy", goalTitle: "Learn the violin" }).rates)).toBe("creativity");
    expect(topDimension(scoreActivity({ name: "Squats", goalTitle: "Learn the violin" }).rates)).toBe("physique");
  });

  test.each(["", "   ", "Xyzzy", "🎉", "走る", "\ud800", "with", "' 's"])(
    "%j says nothing known and gets the balanced profile",
    (name) => {
      const { rates, reasons } = scoreActivity({ name });
      for (const dimension of DIMENSIONS) expect(rates[dimension]).toBeGreaterThan(0);
      expect(reasons.map(({ source }) => source)).toEqual(Array.from({ length: 5 }, () => "No known term"));
    },
  );
});

test("reasons quote the user's words and name the item of the reference", () => {
  const { reasons } = scoreActivity({ name: "Debugging after a jog" });
  expect(reasons[0]).toEqual({
    dimension: "logic",
    term: "debugging",
    weight: expect.any(Number) as number,
    source: "O*NET Content Model, 2.B.3.k Troubleshooting",
  });
  expect(reasons).toContainEqual(
    expect.objectContaining({
      dimension: "physique",
      term: "jog",
      source: "Compendium of Physical Activities 2011, 12020, 7.0 MET",
    }),
  );
});

test("at least nine in ten labelled activities agree, also of those never used for tuning", () => {
  const { heldOut, development, overall } = evaluate();
  expect(partOf(heldOut)).toBeGreaterThanOrEqual(0.9);
  expect(partOf(development)).toBeGreaterThanOrEqual(0.9);
  expect(partOf(overall)).toBeGreaterThanOrEqual(0.9);
});

test("the labelled names are not the lexicon's terms", () => {
  const { namesInLexicon, outcomes } = evaluate();
  expect(namesInLexicon.length / outcomes.length).toBeLessThan(0.15);
});
