import fc from "fast-check";
import { expect, test } from "vitest";
import type { Form } from "./edits";
import { addRefusal, dueOf, NO_REFUSALS, reasonsOf } from "./refusals";

const REASON = "No room.";

/** Sends a patch to a server with room for so much text, as long as anything is due. → what it has, and each attempt */
function sendAll(patch: Form, room: number) {
  const attempts: string[] = [];
  let [server, refusals, revision]: [Form, typeof NO_REFUSALS, number] = [{}, NO_REFUSALS, 1];
  const left = () => Object.fromEntries(Object.entries(patch).filter(([name]) => !Object.hasOwn(server, name)));
  for (let due = dueOf(left(), refusals, revision); Object.keys(due).length > 0;) {
    attempts.push(Object.keys(due).join("+"));
    const next = { ...server, ...due };
    if (Object.values(next).join("").length > room) refusals = addRefusal(refusals, due, { revision, reason: REASON });
    else [server, refusals, revision] = [next, { ...refusals, oneByOne: false }, revision + 1];
    due = dueOf(left(), refusals, revision);
  }
  return { server, attempts, reasons: reasonsOf(refusals, left()) };
}

test("an answer for which there is no room does not hold up the others", () => {
  const { server, attempts, reasons } = sendAll({ description: "too long", city: "Paris" }, 6);
  expect(server).toEqual({ city: "Paris" });
  expect(reasons).toEqual({ description: REASON });
  // Once more after the city, as another revision may have room for it.
  expect(attempts).toEqual(["description+city", "description", "city", "description"]);
});

test("a refused value is due again as another one, or on another revision", () => {
  const refusals = addRefusal(NO_REFUSALS, { city: "Paris" }, { revision: 4, reason: REASON });
  expect(dueOf({ city: "Paris" }, refusals, 4)).toEqual({});
  expect(dueOf({ city: "Paris", industry: "Machinery" }, refusals, 4)).toEqual({ industry: "Machinery" });
  expect(dueOf({ city: "Rome" }, refusals, 4)).toEqual({ city: "Rome" });
  expect(Object.keys(dueOf({ city: "Paris", industry: "Machinery" }, refusals, 5))).toEqual(["industry", "city"]);
  expect(reasonsOf(refusals, { city: "Paris", industry: "Machinery" })).toEqual({ city: REASON });
  expect(reasonsOf(refusals, { city: "Rome", constructor: "Ada" })).toEqual({});
});

test("sending ends, and each answer is saved or has its reason", () => {
  const patch = fc.dictionary(fc.string({ maxLength: 3 }), fc.string(), { maxKeys: 6, noNullPrototype: true });
  fc.assert(
    fc.property(patch, fc.nat(20), (all, room) => {
      const { server, attempts, reasons } = sendAll(all, room);
      expect({ ...all, ...server, ...reasons }).toEqual({ ...server, ...reasons });
      expect(attempts.length).toBeLessThanOrEqual(2 + Object.keys(all).length * (Object.keys(all).length + 1));
    }),
  );
});
