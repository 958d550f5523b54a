import axe from "axe-core";
import type { Page } from "playwright-core";

/** Every rule there is: the levels of WCAG, what its authors call best practice, and what they still try out. */
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "experimental"];

/** What a color scheme can change. */
export const COLORS = ["color-contrast"];

/** What axe finds wrong in the page as it stands: rule and element, one a line. With `rules`, by these alone. */
export async function violationsOf(page: Page, rules?: readonly string[]): Promise<string[]> {
  await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== "running"));
  // Half a megabyte of script, once for each document.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  const runOnly = rules ? { type: "rule", values: [...rules] } : { type: "tag", values: TAGS };
  return await page.evaluate(async (only) => {
    const { run } = (window as unknown as { axe: typeof axe }).axe;
    // The guards at both ends of a layer hand the focus on at once; a rule on trial takes them for controls.
    const context = { include: [["html"]], exclude: [["[data-radix-focus-guard]"]] };
    const { violations } = await run(context, {
      runOnly: only as axe.RunOnly,
      resultTypes: ["violations"],
    });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  }, runOnly);
}
