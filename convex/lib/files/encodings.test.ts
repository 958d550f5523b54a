import { expect, test } from "vitest";
import { decodeText, findCharset, findCharsetName, guessCharset } from "./encodings";

/** Text in an encoding of one byte a letter, as its decoder has it. */
function encode(text: string, charset: string): Uint8Array {
  const bytes = new Map<string, number>();
  for (let byte = 255; byte >= 0; byte--) {
    try {
      bytes.set(decodeText(Uint8Array.of(byte), charset), byte);
    } catch {
      // The encoding has no such byte.
    }
  }
  return Uint8Array.from([...text], (letter) => bytes.get(letter) ?? expect.fail(`${letter} is not in ${charset}`));
}

test.each([
  ["windows-1252", "Name;Umsatz\nMüller;12 €\n"],
  ["windows-1252", "Société Générale d’été;Liège"],
  ["windows-1252", "España, año 2020 – «piñata»"],
  ["windows-1252", "ação;São Paulo;coração"],
  ["windows-1252", "Åke Öberg;Malmö"],
  ["windows-1252", "Þórður Ýmir;Akureyri;að vera"],
  ["windows-1252", "price;12,50 €"],
  ["windows-1250", "Příliš žluťoučký kůň;Plzeň\r\nŁódzka spółka;Łódź"],
  ["windows-1250", "Zażółć gęślą jaźń"],
  ["windows-1250", "Čačak;Šibenik;Đakovo"],
  ["windows-1254", "Şirket Işık A.Ş.;İzmir\nGüneş;Muğla"],
  ["windows-1257", "Uždaroji akcinė bendrovė;Šiauliai"],
  ["windows-1257", "Rīga;uzņēmums;šķēle"],
  ["windows-1251", "token;name\na1;ООО Ромашка;Москва"],
  ["windows-1251", "привет мир"],
  ["windows-1251", "Київ;підприємство"],
  ["windows-1253", "Ελληνική Εταιρεία;Αθήνα"],
  ["windows-1255", "חברה ישראלית;תל אביב"],
  ["windows-1256", "شركة عربية;القاهرة"],
  ["windows-874", "บริษัทไทย;กรุงเทพ"],
  ["iso-8859-2", "Příliš žluťoučký kůň"],
  ["iso-8859-5", "ООО Ромашка;Москва"],
  ["koi8-r", "ООО Ромашка;Москва"],
  ["ibm866", "ООО Ромашка;Москва"],
  ["macintosh", "Société Générale d’été;Liège"],
])("%s: %j is read as it was written", (charset, text) => {
  const bytes = encode(text, charset);
  expect(decodeText(bytes, findCharset(bytes) ?? "utf-8")).toBe(text);
});

test.each([
  ["shift_jis", "93fa967b8cea82cc95b68fcd", "日本語の文章"],
  ["gb18030", "b1b1bea9cbc4b7bdbfc6bcbcd3d0cfdeb9abcbbe;c9cfbaa3c3b3d2d7", "北京四方科技有限公司;上海贸易"],
])("%s is told from what it would be in others", (charset, hex, text) => {
  const bytes = Uint8Array.from(
    hex
      .replaceAll(";", "3b")
      .match(/../g)!
      .map((pair) => parseInt(pair, 16)),
  );
  expect(findCharset(bytes)).toBe(charset);
  expect(decodeText(bytes, charset)).toBe(text);
});

const fromHex = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g)!, (pair) => parseInt(pair, 16));

test.each([
  ["gb18030", "b1b1bea9", "北京"],
  ["gb18030", "d5c5c8fd", "张三"],
  ["gb18030", "d0a1c3d7", "小米"],
  ["gb18030", "bbaaceaa", "华为"],
  ["gb18030", "b2cdd2fbb5ea", "餐饮店"],
  ["gb18030", "cfcabba8", "鲜花"],
  ["gb18030", "d6eeb8f0c1c1", "诸葛亮"],
  ["big5", "a578c657", "台灣"],
  ["big5", "a578a55f", "台北"],
  ["big5", "c4d1a55da9b1", "麵包店"],
  ["big5", "c05cc655", "餐廳"],
  ["euc-kr", "bcadbfef", "서울"],
  ["euc-kr", "bbefbcba", "삼성"],
  ["euc-kr", "b1e8c3b6bcf6", "김철수"],
  ["euc-kr", "c1d6bdc4c8b8bbe720c4abc4abbfc0", "주식회사 카카오"],
  ["shift_jis", "938c8b9e", "東京"],
  ["shift_jis", "83678388835e", "トヨタ"],
  ["euc-jp", "c5ecb5fe", "東京"],
  ["euc-jp", "a4b9a4b7", "すし"],
])("a file of a few cells in %s is told: %s", (charset, hex, text) => {
  const cell = fromHex(hex);
  const header = new TextEncoder().encode("token,company_name\na,");
  for (const bytes of [cell, Uint8Array.of(...header, ...cell, 10)]) {
    expect(guessCharset(bytes)).toEqual({ charset, isSure: true });
    expect(decodeText(bytes, charset)).toContain(text);
  }
});

test.each([
  ["gb18030", "d0c2bdaeceda", "新疆乌"],
  ["big5", "bcdab6a7", "歐陽"],
  ["euc-jp", "c5c4c3e6c2c0cfba", "田中太郎"],
])("a word in %s that would be one in another encoding too is asked for: %s", (charset, hex, text) => {
  expect(guessCharset(fromHex(hex))).toEqual({ charset, isSure: false });
  expect(decodeText(fromHex(hex), charset)).toBe(text);
});

test("letters that are too few to tell are told apart from those that are enough", () => {
  const isSure = (hex: string) => guessCharset(fromHex(hex))?.isSure;
  // 카페 in Korean, 墨其 in Chinese.
  expect(isSure("c4abc6e4")).toBe(false);
  // 比亚迪, or Thai.
  expect(isSure("b1c8d1c7b5cf")).toBe(true);
  for (const text of ["Müller", "Zoë", "Société d'été", "señor", "«oui»"])
    expect([text, guessCharset(encode(text, "windows-1252"))]).toEqual([
      text,
      { charset: "windows-1252", isSure: true },
    ]);
  for (const text of ["Москва", "ООО Ромашка", "привет мир"])
    expect([text, guessCharset(encode(text, "windows-1251"))]).toEqual([
      text,
      { charset: "windows-1251", isSure: true },
    ]);
});

test.each([
  ["windows-1250", ["Gdańsk", "Paweł", "Świętokrzyska", "květiny", "Győr", "Szűcs", "Petrović", "Braşov", "Timişoara"]],
  ["windows-1254", ["Işık", "Güneş", "Yılmaz", "çiçekçi"]],
  ["windows-1257", ["Klaipėda", "gėlės", "Liepāja", "kepykla Rytė"]],
  ["windows-1255", ["ירושלים", "משה כהן;תל אביב"]],
  ["windows-1256", ["القاهرة", "شركة النور"]],
  ["windows-1251", ["Стари град;Нови Сад"]],
  ["koi8-r", ["Москва", "Санкт-Петербург", "Пекарня у дома", "Казань"]],
  ["ibm866", ["молоко", "ТОРГОВЫЙ ДОМ", "кофейня"]],
  ["macintosh", ["Besançon", "café"]],
  ["cp850", ["Müller;Bäckerei", "Société Générale;Liège", "café"]],
  ["cp852", ["Łódź;Kraków", "Příliš žluťoučký kůň"]],
  ["cp857", ["Şişli", "Güneş;Muğla"]],
  ["cp862", ["חברה ישראלית;תל אביב"]],
  ["cp737", ["Ελληνική Εταιρεία;Αθήνα"]],
  ["cp855", ["ООО Ромашка;Москва"]],
  ["cp720", ["شركة عربية;القاهرة"]],
  ["x-mac-turkish", ["Şirket;Güneş;Muğla;Işık"]],
  ["x-mac-ce", ["Łódź;Kraków", "Příliš žluťoučký kůň"]],
  ["iso-8859-15", ["price;12,50 €;été"]],
])("one word in %s is enough: %j", (charset, words) => {
  const readings = words.map((word) => {
    const bytes = encode(word, charset);
    const guess = guessCharset(bytes);
    return [guess && decodeText(bytes, guess.charset), guess?.isSure];
  });
  expect(readings).toEqual(words.map((word) => [word, true]));
});

test.each([
  ["windows-1251", ["дом", "Уфа", "Београд", "Скопје"]],
  ["iso-8859-6", ["شركة عربية;القاهرة"]],
  ["koi8-r", ["рыба", "хлеб", "дом"]],
  ["x-mac-cyrillic", ["Рога и копыта;Москва", "Лесото", "Ватикан", "Рога;Москва"]],
  ["macintosh", ["Müller", "Bäckerei"]],
  ["cp850", ["Müller"]],
  ["windows-1253", ["Ηρώ"]],
  ["windows-1254", ["Doğan", "fırın"]],
  ["windows-1257", ["Šiauliai"]],
])("a word in %s that is as good a word in another is asked for: %j", (charset, words) => {
  expect(words.map((word) => [word, guessCharset(encode(word, charset))?.isSure])).toEqual(
    words.map((word) => [word, false]),
  );
});

test.each([
  ["a capital of the old Macintosh, or of Serbian", "x-mac-cyrillic", "Рога и копыта;Москва", "windows-1251"],
  ["an accent of DOS, of the old Macintosh or of Czech", "cp850", "Müller", "macintosh"],
])("%s: the encodings that are asked about are named", (_, charset, text, likeliest) => {
  const guess = guessCharset(encode(text, charset));
  expect(guess).toMatchObject({ charset: likeliest, isSure: false });
  expect(guess?.rivals).toContain(charset);
});

test("letters that make no words in any encoding are in one that is not known", () => {
  const bytes = Uint8Array.from([0xd5, 0xb2, 0x41, 0xe7, 0xf2, 0x62, 0xb4, 0x3b, 0xc9, 0x63, 0xdb]);
  expect(guessCharset(bytes)).toMatchObject({ isSure: false, isFarFetched: true });
});

test.each([
  ["株式会社", "1b2442337430323271 3c521b2842"],
  ["カ", "1b284936 1b2842"],
])("letters behind escape sequences are not those of UTF-8: %s", (_, hex) => {
  const bytes = fromHex(`612c${hex.replaceAll(" ", "")}0a`);
  expect(guessCharset(bytes)).toEqual({ charset: "iso-2022-jp", isSure: true });
  expect(decodeText(bytes, "iso-2022-jp")).not.toContain("$");
});

test("an encoding with escape sequences that has no decoder is not taken for UTF-8", () => {
  // The beginning of ISO-2022-KR, and its letters between controls.
  expect(guessCharset(fromHex("1b242943610a"))).toEqual({ charset: "utf-8", isSure: false });
  expect(guessCharset(fromHex("1b2429430e47510f"))).toBeNull();
  // Colors of a terminal are text.
  expect(guessCharset(fromHex("1b5b33316d611b5b306d"))).toEqual({ charset: "utf-8", isSure: true });
});

test.each([
  ["CP857", "cp857"],
  ["ibm-850", "cp850"],
  ["852", "cp852"],
  ["Mac-Greek", "x-mac-greek"],
  ["latin1", "windows-1252"],
  ["cp866", "ibm866"],
])("%s is known as %s", (name, charset) => expect(findCharsetName(name)).toBe(charset));

const toWide = (text: string, isLittle: boolean): Uint8Array => {
  const bytes = Buffer.from(text, "utf16le");
  return Uint8Array.from(isLittle ? bytes : bytes.swap16());
};

test.each([
  "日本語の文章",
  "鬱蒼とした森の中を歩く。",
  "株式会社トヨタ,東京\r\n",
  "token,company_name\na,北京四方科技有限公司\n",
  "台灣大學",
  "주식회사 카카오",
  "一二三\n",
  "Привет",
  "ООО Ромашка;Москва\n",
  "บริษัทไทย",
  "مرحبا بالعالم",
  "naïve; 数学\n",
  "“quoted” – €5 🎨",
])("UTF-16 without its mark is told by its letters: %j", (text) => {
  for (const isLittle of [true, false])
    expect(guessCharset(toWide(text, isLittle))).toEqual({ charset: isLittle ? "utf-16le" : "utf-16be", isSure: true });
});

test.each(["hello\0", "a\0b", "key\0value\0", "abc,d\0ef\nx,y\n", "Grüße\0 aus", "日本語\0の", "Hello World\0"])(
  "a text of bytes with a zero among them is no UTF-16: %j",
  (text) => expect(guessCharset(new TextEncoder().encode(text))).toBeNull(),
);

test("words in older encodings are no UTF-16 where they have the bytes of common letters", () => {
  expect(guessCharset(fromHex("b1b1bea9cbc4b7bd"))).toEqual({ charset: "gb18030", isSure: true });
});

test("UTF-32 is no text here", () => {
  for (const hex of ["fffe0000610000000a000000", "0000feff000000610000000a", "610000006200000063000000"])
    expect(findCharset(fromHex(hex))).toBeNull();
});

test("text that is no text has no encoding", () => {
  for (const bytes of [
    [0, 1, 2, 0, 255],
    [0, 1, 2, 0xff, 0xfe, 0, 0, 7],
    [0xff, 0xfe, 0x61],
    [0x61, 0x01, 0xe9],
  ])
    expect(findCharset(Uint8Array.from(bytes))).toBeNull();
});
