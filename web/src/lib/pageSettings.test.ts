import { expect, test } from "vitest";
import { writeSettings } from "../../build/pageSettings";
import { readPageSettings } from "./pageSettings";

const ada = { email: "ada@example.com", password: "secret", note: "with history" };
const NONE = { convexUrl: null, offersGoogle: false, demoLogins: [] };

test("reads what the page is told, and nothing else", () => {
  const told = { convexUrl: "http://127.0.0.1:3210", offersGoogle: true, demoLogins: [ada] };
  expect(readPageSettings(JSON.stringify(told))).toEqual(told);
  const half = { convexUrl: 3210, offersGoogle: "yes", demoLogins: [ada, { email: "half" }, null] };
  expect(readPageSettings(JSON.stringify(half))).toEqual({ ...NONE, demoLogins: [ada] });
  for (const text of ["", "{", "[]", "null", '"text"']) expect(readPageSettings(text)).toEqual(NONE);
});

test("settings are written into the page as text, and written over", () => {
  const page = `<head><meta name="live-sessions" content="" /><title>T</title></head>`;
  const awkward = { ...NONE, demoLogins: [{ ...ada, note: `"<script>" & $& '>` }] };
  const first = writeSettings(page, awkward);
  expect(first).toContain("&lt;script&gt;\\&quot; &amp; $&amp; '&gt;");
  expect(first.match(/[<>]/g)).toHaveLength(page.match(/[<>]/g)!.length);
  expect(writeSettings(first, NONE)).toBe(
    `<head><meta name="live-sessions" content="{&quot;convexUrl&quot;:null,&quot;offersGoogle&quot;:false,&quot;demoLogins&quot;:[]}" /><title>T</title></head>`,
  );
});
