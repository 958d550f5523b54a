import fc from "fast-check";
import { expect, test } from "vitest";
import { addSessions, compareDay } from "./compare";
import { type Xp } from "../../xp/amounts";

const xp = (physique: number, logic = 0): Xp => ({ physique, energy: 0, logic, creativity: 0, social: 0 });
const totals = (userId: string, count: number, sum: Xp) => ({ userId, count, xp: sum });

test("users whose counts or amounts differ are named, whichever side lacks something", () => {
  const live = [
    totals("same", 2, xp(5)),
    totals("fewer", 2, xp(5)),
    totals("moved", 1, xp(3, 4)),
    totals("absent", 1, xp(0)),
  ];
  const stored = [
    totals("same", 2, xp(5)),
    totals("fewer", 1, xp(5)),
    totals("moved", 1, xp(4, 3)),
    totals("only", 1, xp(1)),
  ];
  expect(compareDay(live, stored)).toEqual({
    compared: 5,
    differing: ["fewer", "moved", "absent"],
    storeOnly: 1,
  });
});

test("a user with more sessions in the store than here counts as store-only too", () => {
  expect(compareDay([totals("u", 1, xp(1))], [totals("u", 2, xp(2))])).toEqual({
    compared: 1,
    differing: ["u"],
    storeOnly: 1,
  });
});

test("sums do not depend on how sessions are paged", () => {
  const session = fc.record({
    userId: fc.constantFrom("a", "b", "c"),
    xp: fc.record({
      physique: fc.nat(),
      energy: fc.nat(),
      logic: fc.nat(),
      creativity: fc.nat(),
      social: fc.nat(),
    }),
  });
  fc.assert(
    fc.property(fc.array(session), fc.nat(20), (sessions, cut) => {
      const paged = addSessions(addSessions(new Map(), sessions.slice(0, cut)), sessions.slice(cut));
      expect(paged).toEqual(addSessions(new Map(), sessions));
      expect([...paged.values()].reduce((sum, { count }) => sum + count, 0)).toBe(sessions.length);
      expect(compareDay([...paged.values()], [...paged.values()].reverse()).differing).toEqual([]);
    }),
  );
});
