import fc from "fast-check";
import { expect, test } from "vitest";
import { emailProblems } from "../../accounts/rules";
import { normalizeEmail } from "./email";

test.each([
  ["ada@bücher.example", "ada@xn--bcher-kva.example"],
  ["ada@BÜCHER.example", "ada@XN--BCHER-KVA.Example"],
  ["ada@bu\u0308cher.example", "ada@bücher.example"],
  ["ada@例え.jp", "ada@xn--r8jz45g.jp"],
  ["ada@例え。jp", "ada@例え.jp"],
  ["ada@example．com", "ada@example.com"],
  ["ada@example｡com", "ada@example.com"],
  ["ada@example.com.", "ada@example.com"],
  ["ada@bücher.example。", "ada@bücher.example"],
  [" Ada@Example.COM\t", "ada@example.com"],
  ["ａｄａ＠ｅｘａｍｐｌｅ．ｃｏｍ", "ada@example.com"],
  ["jose\u0301@example.com", "JOSÉ@example.com"],
  ["ΑΣ@example.com", "ασ@example.com"],
  ["ας@example.com", "ασ@example.com"],
  ["ﾊﾟ@example.jp", "パ@example.jp"],
  ["ada@президент.рф", "ada@xn--d1abbgf6aiiy.xn--p1ai"],
  ["ada@faß.example", "ada@xn--fa-hia.example"],
  ["ada@ｂüｃｈｅｒ.example", "ada@bücher.example"],
])("%j and %j are one address", (one, other) => expect(normalizeEmail(one)).toBe(normalizeEmail(other)));

test.each([
  ["ada@faß.example", "ada@fass.example"],
  ["ada@βόλος.example", "ada@βόλοσ.example"],
  ["straße@example.com", "strasse@example.com"],
  ["adı@example.com", "adi@example.com"],
  ["ﬁ@example.com", "fi@example.com"],
  ["a.da@example.com", "ada@example.com"],
  ["ada+1@example.com", "ada@example.com"],
  ["José@example.com", "Jose@example.com"],
  ["ada@1.2.3.4", "ada@1.2.3.04"],
])("%j and %j are two", (one, other) => expect(normalizeEmail(one)).not.toBe(normalizeEmail(other)));

test.each([
  ...["ada@xn--a.example", "ada@xn--.example", "ada@-.example", "ada", "@example.com", "ada@", "ada@example"],
  ...["ada@ex%61mple.com", "ada@example.com/x", "ada@example.com:80", "ada@b@example.com", "ada@exa\u00admple.com"],
  ...[`ada@${"a".repeat(64)}.example`, `ada@${"ü".repeat(60)}.example`, "ada@example..com", "ada@.example.com"],
])("%j is no address", (email) => expect(emailProblems(email)).toEqual(["Must be an email address."]));

test.each(["ada@bücher.example", "ada@xn--bcher-kva.example", "ａｄａ＠例え。jp", "ada@example.com.", "ada@1.2.3.4"])(
  "%j is one",
  (email) => expect(emailProblems(email)).toEqual([]),
);

test("the spelling of a spelling is itself, in whatever case and composition it comes", () => {
  const letter = fc.constantFrom(..."aäßıİσςΣéあ漢й١k\u0301.-ＡｄAZ09".split(""));
  const text = fc.oneof(fc.string({ unit: letter, maxLength: 12 }), fc.string());
  fc.assert(
    fc.property(text, text, (local, domain) => {
      const email = `${local}@${domain}.example`;
      const normal = normalizeEmail(email);
      expect(normalizeEmail(normal)).toBe(normal);
      expect(normalizeEmail(email.normalize("NFD"))).toBe(normal);
    }),
    { numRuns: 1_000 },
  );
});
