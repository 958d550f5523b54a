import { expect, test } from "vitest";
import { draftOf, withDraft, type Terms } from "./termsDraft";

const before: Terms = {
  texts: {
    title: "",
    subject: "",
    level: "beginner",
    description: "",
    duration: "60",
    maxParticipants: "10",
    weeks: "1",
  },
  start: { local: "", zone: "Europe/Berlin", later: false },
};
const entered: Terms = {
  texts: { ...before.texts, title: "Fractions", duration: "45" },
  start: { local: "2027-07-01T18:30", zone: "Europe/Berlin", later: false },
};

test("what was entered comes back", () => expect(withDraft(draftOf(entered, before), before)).toEqual(entered));

test("nothing entered is no draft", () => {
  expect(draftOf(before, before)).toBe("");
  expect(withDraft("", before)).toEqual(before);
});

test("what the session says by then stands where nothing was entered", () => {
  const renamed: Terms = { ...before, texts: { ...before.texts, subject: "Mathematics", title: "Halves" } };
  expect(withDraft(draftOf(entered, before), renamed).texts).toMatchObject({
    title: "Fractions",
    subject: "Mathematics",
    duration: "45",
  });
});

test.each(["{", "null", "7", '{"texts":7,"start":{"local":1}}', '{"texts":{"title":7}}'])(
  "a draft that reads %j changes nothing",
  (draft) => expect(withDraft(draft, before)).toEqual(before),
);
