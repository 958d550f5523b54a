import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const css = readFileSync(new URL("./styles.css", import.meta.url), "utf8");

/** The colors of one block of tokens: `--name: #rrggbb`. */
function tokens(selector: string): Record<string, string> {
  const block = css.slice(css.indexOf(`${selector} {`)).split("}")[0] ?? "";
  return Object.fromEntries(
    [...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/gi)].map(([, name = "", color = ""]) => [name, color]),
  );
}

/** WCAG 2.2 relative luminance and contrast ratio. */
function luminance(color: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const channel = parseInt(color.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const TEXT_ON: [text: string, surface: string][] = [
  ...["background", "surface", "surface-muted"].flatMap((surface): [string, string][] => [
    ["foreground", surface],
    ["muted-foreground", surface],
    ["accent-text", surface],
    ["danger-text", surface],
  ]),
  ["accent-foreground", "accent"],
  ["accent-foreground", "accent-hover"],
  ["accent-text", "accent-soft"],
  ["danger-foreground", "danger"],
  ["danger-text", "danger-soft"],
  ["success", "success-soft"],
  ["warning", "warning-soft"],
];

describe.each([":root", ".dark"])("colors of %s", (selector) => {
  const colors = tokens(selector);

  test.each(TEXT_ON)("%s can be read on %s", (text, surface) => {
    expect(contrast(colors[text]!, colors[surface]!)).toBeGreaterThanOrEqual(4.5);
  });

  test.each([
    ["ring", "background"],
    ["ring", "surface"],
    ["input", "surface"],
  ])("%s can be told from %s", (line, surface) => {
    expect(contrast(colors[line]!, colors[surface]!)).toBeGreaterThanOrEqual(3);
  });
});
