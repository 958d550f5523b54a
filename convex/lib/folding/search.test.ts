import fc from "fast-check";
import { expect, test } from "vitest";
import { foldText, hasWords, preferMarks, splitWords, toIndexQuery, toIndexText } from "./search";

/** As an index does: runs of letters and digits of at most 32 bytes; any term of the query, the last as a beginning. */
function isFound(text: string, search: string): boolean {
  const split = (given: string) =>
    (given.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((term) => Buffer.byteLength(term) <= 32);
  const [terms, asked] = [split(toIndexText(text)), split(toIndexQuery(search))];
  const candidate = terms.some((term) => asked.includes(term) || term.startsWith(asked.at(-1) ?? "\0"));
  return candidate && hasWords(toIndexText(text), search);
}

test.each([
  ["高等数学辅导课程", "数学"],
  ["高等数学辅导课程", "数"],
  ["高等数学辅导课程", "程"],
  ["高等数学辅导课程", "高等数学辅导课程"],
  ["高等数学辅导课程", "課程".replace("課", "课")],
  ["第3課 文法", "3課"],
  ["プログラミング入門", "ﾌﾟﾛｸﾞﾗﾐﾝｸﾞ"],
  ["プログラミング入門", "グラ"],
  ["データベース", "ベース"],
  ["ひらがなを学ぶ", "がな"],
  ["한국어수업", "국어"],
  ["한국어수업".normalize("NFD"), "수업"],
  ["เรียนภาษาไทยเบื้องต้น", "ภาษา"],
  ["ຮຽນພາສາລາວ", "ພາສາ"],
  ["រៀនភាសាខ្មែរ", "ភាសា"],
  ["မြန်မာဘာသာစကား", "ဘာသာ"],
  ["हिन्दी व्याकरण", "व्याकरण"],
  ["हिन्दी व्याकरण", "हिन्दी"],
  ["İstanbul tarihi", "istanbul"],
  ["İSTANBUL", "İstanbul"],
  ["ISPARTA ısı", "isi"],
  ["Straße", "STRASSE"],
  ["STRASSE", "straße"],
  ["ΟΔΟΣ", "οδος"],
  ["οδός", "ΟΔΟΣ"],
  ["Übung macht", "ubung"],
  ["Ubung macht", "Übung"],
  ["crème brûlée", "creme brulee"],
  ["Łódź", "lodz"],
  ["smørrebrød", "smorrebrod"],
  ["Việt Nam", "viet"],
  ["مُحَاضَرَة", "محاضرة"],
  ["محـــاضرة", "محاضرة"],
  ["שָׁלוֹם", "שלום"],
  ["ｆｕｌｌ　ｗｉｄｔｈ", "full width"],
  ["ﬁnance", "fin"],
  ["カタカナ", "かたか"],
  ["ひらがな", "ヒラガナ"],
  ["اللغة العربية", "العربيه"],
  ["على", "علي"],
  ["کتاب", "كتاب"],
  ["الكتاب الأول", "كتاب"],
  ["والرياضيات", "رياضيات"],
  ["رياضيات", "الرياضيات"],
  ["हिन्दी व्याकरण", "हिंदी"],
  ["हिंदी व्याकरण", "हिन्दी"],
  ["हिन्दी व्याकरण", "हिन"],
  ["हज़ार", "हजार"],
  ["हजार", "हज़ार"],
  ["Guitar 🎸 for beginners", "🎸"],
  ["I ❤️ maths", "❤"],
  ["I ❤ maths", "❤️ math"],
  ["👩🏽‍🏫 class", "👩‍🏫"],
  ["Français 🇫🇷", "🇫🇷"],
  ["O’Brien", "obrien"],
  ["O’Brien", "o'brien"],
  ["L'école", "école"],
  ["e-mail basics", "email"],
  ["Wi\u2011Fi at home", "wifi"],
  ["co\u2010op", "coop"],
  ["email basics", "e-mail"],
  ["U.S. history", "us"],
  ["Oʻzbek tili", "o'zbek"],
  ["ʻōlelo", "olelo"],
  ["C++ for beginners", "c"],
  ["Go", "go"],
  ["Go", "g"],
  ['say "NOT" -physics', 'NOT "physics" -say'],
  ["достопримечательность", "достопримечательность"],
  ["достопримечательность", "достопримечательн"],
  ["math 数学", "数学 math"],
  ["Donaudampfschifffahrtsgesellschaft", "donaudampfschifffahrtsgesellschaft"],
])("%j has %j", (text, search) => expect(isFound(text, search)).toBe(true));

test.each([
  ["高等数学", "学数"],
  ["高等数学", "物理"],
  ["कि", "का"],
  ["がく", "かく"],
  ["math", "++"],
  ["Français 🇫🇷", "🇨🇭"],
  ["Guitar 🎸", "🎻"],
  ["math", ""],
  ["math", "math physics"],
])("%j has no %j", (text, search) => expect(isFound(text, search)).toBe(false));

test("marks that were typed go first", () => {
  const texts = ["Ubung", "Übung"];
  const found = (search: string) =>
    preferMarks(
      texts.filter((text) => isFound(text, search)),
      search,
      (text) => text,
    );
  expect([found("übung"), found("ubung"), found("ÜBUNG"), found("Übüng")]).toEqual([
    ["Übung"],
    texts,
    ["Übung"],
    texts,
  ]);
});

test("any part of a text in a script without spaces is found, and any beginning of a word in others", () => {
  const han = fc.string({ unit: fc.constantFrom(..."高等数学辅导课程日本語カナ한국"), minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(han, fc.nat(29), fc.integer({ min: 1, max: 30 }), (text, from, length) => {
      const part = [...text].slice(from % text.length, (from % text.length) + length).join("");
      expect(isFound(text, part)).toBe(true);
    }),
  );
  const words = fc.array(fc.string({ unit: fc.constantFrom(..."aäßéøıяñ3İσς"), minLength: 1, maxLength: 40 }), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(words, fc.nat(3), fc.integer({ min: 1, max: 40 }), (given, which, length) => {
      const folded = splitWords(foldText(given.join(" ")));
      const beginning = [...folded[which % folded.length]!].slice(0, length).join("");
      expect(isFound(given.join(" "), beginning)).toBe(true);
    }),
  );
});
