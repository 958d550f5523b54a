/**
 * Amounts in groups of four digits, as Chinese, Japanese and Korean write them: "3億5000万" is 350000000. A single digit
 * behind the last word is left alone: in Chinese "3万5" is 35000.
 */
const GROUPS = [
  [12n, "조|万亿|萬億"],
  [8n, "億|亿|억"],
  [4n, "万|萬|만"],
] as const;
/** A group's digits, or one digit of its thousands or hundreds. */
const DIGITS = String.raw`\d,\d{3}|\d{1,4}|\d ?[千천百백]`;
const AMOUNT = new RegExp(
  [
    String.raw`(?<![\d.,])(?=\d)`,
    ...GROUPS.map(([, words]) => `(?:(${DIGITS}) ?(?:${words}) ?)?`),
    String.raw`(\d,\d{3}|\d{2,4}|\d ?[千천百백])?(?![\d.,])`,
  ].join(""),
  "gu",
);

/** The text with such an amount as plain digits, when it has more than one group. */
export function joinMyriads(text: string): string {
  if (!/\d ?[万萬만億亿억조]/.test(text)) return text;
  return text.replace(AMOUNT, (found, ...given: (string | undefined)[]) => {
    const groups = given.slice(0, GROUPS.length + 1);
    if (groups.filter((group) => group !== undefined).length < 2) return found;
    const values = groups.map((group, index) => readGroup(group) * 10n ** (GROUPS[index]?.[0] ?? 0n));
    return String(values.reduce((sum, value) => sum + value, 0n));
  });
}

function readGroup(group: string | undefined): bigint {
  if (group === undefined) return 0n;
  const digits = BigInt(group.replace(/\D/g, ""));
  return /[千천]/.test(group) ? digits * 1_000n : /[百백]/.test(group) ? digits * 100n : digits;
}
