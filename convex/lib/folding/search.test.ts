import fc from "fast-check";
import { expect, test } from "vitest";
import { foldCase, foldText, hasWords, preferSigns, splitWords, toIndexQuery, toIndexText } from "./search";

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
  ["ดื่มน\u0e4d\u0e49\u0e32เยอะ", "น้ำ"],
  ["ดื่มน้ำเยอะ", "น\u0e4d\u0e49\u0e32"],
  ["ดื่มน้ำเยอะ", "น\u0e33\u0e49"],
  ["ดื่มน้ำเยอะ", "น้"],
  ["ดื่มน้ำเยอะ", "ด\u0e48\u0e37ม"],
  ["เเมวน่ารัก", "แมว"],
  ["แมวน่ารัก", "เเมว"],
  ["ฤๅษี", "ฤาษี"],
  ["ຢາກກິນນ\u0ecd\u0ec9\u0eb2", "ນ້ຳ"],
  ["ຢາກກິນນ້ຳ", "ນ\u0eb3\u0ec9"],
  ["ກໍ່ສ້າງ", "ກໍ"],
  ["ກໍ່ສ້າງ", "ກ\u0ec8\u0ecd"],
  ["ເເມວ", "ແມວ"],
  ["ស្ត្រី", "ស\u17d2\u179a\u17d2\u178fី"],
  ["ស្ត្រី", "ស\u17d2\u178a\u17d2\u179a"],
  ["ទៅសាលា", "សាលា"],
  ["កោះ", "ក\u17c1\u17b6ះ"],
  ["កុំព្យូទ័រ", "ក\u17c6\u17bbព្យូទ័រ"],
  ["ကိုယ့်", "က\u102f\u102dယ\u103a\u1037"],
  ["ကျွန်ုပ်", "ကျွန်"],
  ["ကျွန်ုပ်", "က\u103d\u103bန်"],
  ["मैं हिंदी", "ह\u0902\u093fदी"],
  ["मैं हिंदी", "हि"],
  ["ម្ប៉ី", "ម\u17c9\u17d2បី"],
  ["बड़ी", "बड\u0940\u093c"],
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
  ["IŞIK OKULU", "ışık"],
  ["ışık kursu", "IŞIK"],
  ["ΜΑΘΗΜΑΤΙΚΑ", "μαθηματικά"],
  ["Ученые", "учёные"],
  ["שלום", "שָׁלוֹם"],
  ["№5 lesson", "5"],
  ["№5 lesson", "№ 5"],
  ["№5 lesson", "No. 5"],
  ["No. 5 lesson", "№5"],
  ["№٥ lesson", "5"],
  ["1½ hours", "1 1/2"],
  ["5㎏", "5"],
  ["5kg", "5㎏"],
  ["H₂O", "h2o"],
  ["C₁₂H₂₂O₁₁", "c12h22o11"],
  ["درس ۱۲۳", "123"],
  ["درس ۱۲۳", "١٢٣"],
  ["٣ دروس", "3"],
  ["पाठ ३", "3"],
  ["บทที่ ๓", "3"],
  ["Lesson 3", "३"],
  ["１２３", "123"],
  ["می‌خواهم", "می خواهم"],
  ["می‌خواهم", "میخواهم"],
  ["می‌خواهم", "خواهم"],
  ["می خواهم", "می‌خواهم"],
  ["میخواهم", "می‌خواهم"],
  ["هِ‌ا", "ها"],
  ["コンピューター", "コンピュータ"],
  ["コンピュータ", "コンピューター"],
  ["コンピュータ", "ｺﾝﾋﾟｭｰﾀｰ"],
  ["コンピューター入門", "コンピュータ入門"],
  ["コンピュータ入門", "コンピューター入門"],
  ["コンピューター", "ター"],
  ["צה״ל", "צהל"],
  ['צה"ל', "צהל"],
  ["צה״ל", 'צה"ל'],
  ["צהל", "צה״ל"],
  ["ג׳ירפה", "גירפה"],
  ["C++ for beginners", "C++"],
  ["C++ for beginners", "c+"],
  ["R&B night", "r&b"],
  ["R&B night", "r&"],
  ["R and B night", "R&B"],
  ["Physics", "#phys"],
  ["Learn .NET", ".net"],
])("%j has %j", (text, search) => expect(isFound(text, search)).toBe(true));

test.each([
  ["高等数学", "学数"],
  ["高等数学", "物理"],
  ["कि", "का"],
  ["がく", "かく"],
  ["น้า", "น้ำ"],
  ["ปา", "ป่า"],
  ["เมว", "แมว"],
  ["กิน", "กีน"],
  ["math", "++"],
  ["Français 🇫🇷", "🇨🇭"],
  ["Guitar 🎸", "🎻"],
  ["math", ""],
  ["math", "math physics"],
  ["1½ hours", "11"],
  ["1⅓ and ⅔3", "33"],
  ["スキー", "すき焼き"],
  ["C++ class", "class 2b"],
])("%j has no %j", (text, search) => expect(isFound(text, search)).toBe(false));

test.each([
  ["C++", ["C++ and C#", "Modern C++"]],
  ["c#", ["C++ and C#"]],
  ["c# c++", ["C++ and C#"]],
  ["(C++),", ["C++ and C#", "Modern C++"]],
  [".NET", ["Learn .NET"]],
  ["R&B", ["R&B night"]],
  ["rock&roll", ["Rock & roll"]],
  ["night.", ["Class by night", "R&B night"]],
  ["@night", ["Class by night", "R&B night"]],
])("%j finds the texts that have the word with its signs, else those without: %j", (search, expected) => {
  const texts = [
    ...["C for beginners", "Class by night", "C++ and C#", "Modern C++", "Network basics", "Learn .NET", "R&B night"],
    "Rock & roll",
  ];
  const found = texts.filter((text) => isFound(text, search));
  expect(preferSigns(found, search, toIndexText)).toEqual(expected);
});

test("any beginning of a word in scripts whose marks are put in order is found", () => {
  const words = ["น้ำเชื่อม", "ດື່ມນ້ຳ", "ກໍ່ສ້າງ", "ស្ត្រីកុំព្យូទ័រ", "မြန်မာကျွန်ုပ်", "हिंदीबड़ी", "ਸਿੱਖੀ", "বাংলাদুঃখ", "བོད་ཡིག", "සිංහල"];
  for (const word of words)
    for (let end = 1; end <= word.length; end++)
      expect([word, word.slice(0, end), hasWords(foldText(word), word.slice(0, end))]).toEqual([
        word,
        word.slice(0, end),
        true,
      ]);
});

test("case does not count in any language, and marks do", () => {
  expect(foldCase("IŞIK İÇİN")).toBe(foldCase("ışık için"));
  expect(foldCase("ΟΔΟΣ")).toBe(foldCase("οδος"));
  expect(foldCase("Übung")).not.toBe(foldCase("Ubung"));
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
