import { expect, test } from "vitest";
import { formOf, titleOf } from "./reports";

test.each<[string, unknown, Record<string, unknown>]>([
  ["plain values", { company_name: "Acme" }, { company_name: "Acme" }],
  ["JSON text, for keys that do not travel", '{"société":"Acme"}', { société: "Acme" }],
  ["nothing yet", null, {}],
  ["text that holds no object", '"Acme"', {}],
])("the form is read from %s", (_case, formData, form) => expect(formOf({ formData })).toEqual(form));

test("a report is called after its company, else by its id", () => {
  expect(titleOf({ formData: { company_name: "Acme" }, reportId: "r-1" })).toBe("Acme");
  expect(titleOf({ formData: { company_name: " " }, reportId: "abcdefghijk" })).toBe("Report abcdefgh");
  expect(titleOf({ formData: null, reportId: "r-1" })).toBe("Report r-1");
});
