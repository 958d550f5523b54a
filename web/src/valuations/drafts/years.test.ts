import { expect, test } from "vitest";
import { readYears } from "./years";

test.each([
  ["1999", "en-US", [1999]],
  ["1,843", "en-US", [1843]],
  ["1.843", "de-DE", [1843]],
  ["１９９９年", "ja-JP", [1999]],
  ["1999년", "ko-KR", [1999]],
  ["2541", "th-TH", [1998, 2541]],
  ["๒๕๔๑", "th-TH", [1998, 2541]],
  ["1998", "th-TH", [1998]],
  ["۱۳۸۹", "fa-IR", [2010, 1389]],
  ["١٤٣١", "ar-SA-u-ca-islamic-umalqura", [2010, 1431]],
  ["1431", "ar-EG", [1431]],
  ["$1999", "en-US", []],
  ["2.01k", "en-US", []],
  ["1998.5", "en-US", []],
  ["99", "en-US", []],
  ["-1999", "en-US", []],
  ["in 1999", "en-US", []],
])("%j in %s can be %j", (text, locale, years) => expect(readYears(text, locale, 2026)).toEqual(years));
