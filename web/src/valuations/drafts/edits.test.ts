import { mergePatch } from "@convex/valuations/drafts/jsonText";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  conflictsOf,
  edited,
  keepMine,
  keptAfter,
  keptBeside,
  mistyped,
  overlaid,
  patchOf,
  keepDiffering,
  sameJson,
  saveState,
  pendingOf,
  settleSaved,
  shownOf,
  takeTheirs,
  wrongCount,
  wrongText,
  type Edits,
  type Form,
} from "./edits";

const NAMES = ["city", "industry", "revenue"] as const;
const value = fc.constantFrom<unknown>("a", "b", 1, 2);
const form = fc.dictionary(fc.constantFrom(...NAMES), value, { noNullPrototype: true });
const changes = fc.dictionary(fc.constantFrom(...NAMES), fc.oneof(value, fc.constant(null)), { noNullPrototype: true });
const editsOf = (server: Form, patch: Form): Edits =>
  Object.entries(patch).reduce((all, [name, to]) => edited(all, server, name, to), {} as Edits);
const merged = (server: Form, patch: Form) =>
  JSON.parse(mergePatch(JSON.stringify(server), JSON.stringify(patch))) as Form;

describe("two tabs", () => {
  test("edits of different fields both survive, whoever saves first", () => {
    const start = { city: "London" };
    const here = edited({}, start, "industry", "Machinery");
    const server = { ...start, city: "Paris" };
    expect(conflictsOf(here, server)).toEqual([]);
    expect(merged(server, patchOf(here, server))).toEqual({ city: "Paris", industry: "Machinery" });
  });

  test("one field changed on both sides is held back until the user chooses", () => {
    const start = { city: "London", industry: "x" };
    const here = editsOf(start, { city: "Rome", industry: "y" });
    const server = { ...start, city: "Paris" };
    expect(conflictsOf(here, server)).toEqual(["city"]);
    expect(patchOf(here, server)).toEqual({ industry: "y" });
    expect(patchOf(keepMine(here, server, "city"), server)).toEqual({ city: "Rome", industry: "y" });
    expect(overlaid(server, takeTheirs(here, "city"))).toEqual({ city: "Paris", industry: "y" });
  });

  test("removing a field that was changed elsewhere is a conflict too; the same change is none", () => {
    const here = edited({}, { city: "London" }, "city", null);
    expect(conflictsOf(here, { city: "Paris" })).toEqual(["city"]);
    expect(conflictsOf(here, {})).toEqual([]);
    expect(keepDiffering(here, {})).toEqual({});
  });
});

test("typing on while a save is under way goes on from what was saved", () => {
  const sent = edited({}, { city: "L" }, "city", "Lo");
  const typed = edited(sent, { city: "L" }, "city", "Lon");
  const after = settleSaved(typed, { city: "Lo" });
  expect(after).toEqual({ city: { value: "Lon", base: "Lo" } });
  expect(conflictsOf(after, { city: "Lo" })).toEqual([]);
  expect(settleSaved(sent, { city: "Lo" })).toEqual({});
  // The same while the answer is on its way, whether or not the server shows the save.
  expect(shownOf({ city: "Lo", industry: null }, { city: "L" })).toEqual({ industry: null });
  const pending = pendingOf(typed, { city: "Lo" }, { city: "Lo" });
  expect(Object.keys(pending)).toEqual(["city"]);
  expect(conflictsOf(pending, { city: "Lo" })).toEqual([]);
  expect(conflictsOf(pendingOf(typed, {}, { city: "Lo" }), { city: "Lo" })).toEqual(["city"]);
});

test("several tabs keep their edits in one place, and each takes away only its own", () => {
  const [city, industry] = [edited({}, {}, "city", "Paris"), edited({}, {}, "industry", "Machinery")];
  const both = keptBeside(keptBeside({}, {}, city), {}, industry);
  expect(both).toEqual({ ...city, ...industry });
  expect(keptBeside(both, city, edited(city, {}, "city", "Rome"))).toEqual({
    ...industry,
    city: { value: "Rome", base: null },
  });
  expect(keptBeside(both, city, {})).toEqual(industry);
  // Of one field the last typed is kept; the tab whose save was faster does not take it away.
  const rome = edited({}, {}, "city", "Rome");
  const last = keptBeside(keptBeside({}, {}, city), {}, rome);
  expect(last).toEqual(rome);
  expect(keptAfter(keptBeside(last, city, {}), { city: "Paris" })).toEqual(rome);
  expect(keptBeside(last, city, { ...city, ...industry })).toEqual({ ...rome, ...industry });
  expect(keptAfter(last, { city: "Rome" })).toEqual({});
});

describe("what is typed but is no value", () => {
  const server = { revenue: 5, city: "Paris" };
  const typed = mistyped(edited({}, server, "city", "Rome"), server, "revenue", "about 12");

  test("is kept, and neither sent nor shown as an answer", () => {
    expect(wrongText(typed, "revenue")).toBe("about 12");
    expect([wrongText(typed, "city"), wrongText(typed, "toString")]).toEqual([null, null]);
    expect(wrongCount(typed)).toBe(1);
    expect(patchOf(typed, server)).toEqual({ city: "Rome" });
    expect(overlaid(server, typed)).toEqual({ revenue: 5, city: "Rome" });
    expect(keptBeside({}, {}, typed)).toEqual(typed);
    expect(Object.keys(keepDiffering(typed, { ...server, city: "Rome" }))).toEqual(["revenue"]);
    // Also where it reads like what another system has put there.
    const same = mistyped({}, { revenue: "abc" }, "revenue", "abc");
    expect(wrongCount(keepDiffering(settleSaved(same, { revenue: "abc" }), { revenue: "abc" }))).toBe(1);
    expect(wrongCount(keptAfter(same, { revenue: "abc" }))).toBe(1);
  });

  test("becomes an edit like others once it is corrected, and asks when the field was changed elsewhere meanwhile", () => {
    expect(conflictsOf(typed, { ...server, revenue: 6 })).toEqual([]);
    const corrected = edited(typed, { ...server, revenue: 6 }, "revenue", 12);
    expect(wrongCount(corrected)).toBe(0);
    expect(conflictsOf(corrected, { ...server, revenue: 6 })).toEqual(["revenue"]);
    expect(patchOf(edited(typed, server, "revenue", 12), server)).toEqual({ city: "Rome", revenue: 12 });
    expect(Object.keys(edited(typed, server, "revenue", 5))).toEqual(["city"]);
  });
});

test("what objects have by themselves is no edit", () => {
  for (const name of ["constructor", "toString"]) {
    expect(keepMine({}, {}, name)).toEqual({});
    expect(keptBeside({}, {}, edited({}, {}, name, "a"))).toEqual({ [name]: { value: "a", base: null } });
  }
});

test("going back to what the server has is no edit", () => {
  expect(edited(edited({}, { city: "a" }, "city", "b"), { city: "a" }, "city", "a")).toEqual({});
});

test("saving loses nothing: every field ends as edited here, or as changed elsewhere, and never as neither", () => {
  fc.assert(
    fc.property(form, changes, changes, (start, mine, theirs) => {
      const edits = editsOf(start, mine);
      const server = merged(start, theirs);
      const saved = merged(server, patchOf(edits, server));
      const conflicts = new Set(conflictsOf(edits, server));
      for (const name of NAMES) {
        const edit = edits[name];
        if (edit && !conflicts.has(name)) expect(saved[name] ?? null).toEqual(edit.value);
        else expect(saved[name]).toEqual(server[name]);
      }
      for (const name of conflicts) expect(sameJson(server[name] ?? null, start[name] ?? null)).toBe(false);
      const resolved = [...conflicts].reduce((all, name) => keepMine(all, server, name), edits);
      expect(conflictsOf(resolved, server)).toEqual([]);
      expect(overlaid(server, resolved)).toEqual(merged(server, patchOf(resolved, server)));
    }),
  );
});

test("the word is honest", () => {
  const at = { conflicts: 0, pending: 0, wrong: 0, sending: false, online: true, failed: false, kept: true };
  expect(saveState(at)).toBe("saved");
  expect(saveState({ ...at, online: false })).toBe("saved");
  expect(saveState({ ...at, pending: 1 })).toBe("saving");
  expect(saveState({ ...at, pending: 1, online: false })).toBe("queued");
  expect(saveState({ ...at, sending: true, online: false })).toBe("queued");
  expect(saveState({ ...at, pending: 1, online: false, kept: null })).toBe("saving");
  expect(saveState({ ...at, pending: 1, online: false, kept: false })).toBe("unkept");
  expect(saveState({ ...at, pending: 1, failed: true })).toBe("failed");
  expect(saveState({ ...at, pending: 1, conflicts: 1, online: false })).toBe("conflict");
  expect(saveState({ ...at, wrong: 1 })).toBe("wrong");
  expect(saveState({ ...at, wrong: 1, online: false })).toBe("wrong");
  expect(saveState({ ...at, wrong: 1, pending: 1 })).toBe("saving");
});
