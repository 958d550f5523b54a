/** Numbers of the focus pages, by locale. */
import { MAX_PLANNED_SECONDS } from "@convex/focus/rules";
import { nextLevelAt as nextLevelAtOf } from "@convex/xp/amounts";
import { numbersLocale, wordsLocale } from "@/lib/locale/locale";
import { readWhole } from "@/lib/locale/numbers";
import { t } from "@/messages/translate";

export const formatXp = (amount: number, locale = numbersLocale()): string =>
  new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }).format(amount);

/** XP per second as XP per minute, which is easier to picture: 0.25 → "15 XP/min". */
export const formatRate = (perSecond: number, locale = numbersLocale()): string =>
  t("focus.rate", { amount: new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(perSecond * 60) });

/** 12_345 → "12.3K", for axes and other narrow places. The abbreviation follows the locale for words. */
export const formatCompact = (amount: number, locale = wordsLocale()): string =>
  new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 }).format(amount);

/** The share of the level that is reached, 0…1. */
export function levelShare(xpTotal: number, level: number, nextLevelAt: number): number {
  const start = level <= 1 ? 0 : nextLevelAtOf(level - 1);
  const share = (xpTotal - start) / Math.max(1, nextLevelAt - start);
  return Math.min(1, Math.max(0, share));
}

/** The lengths on buttons. Any other whole number of minutes can be typed. */
export const PLANNED_LENGTHS_MINUTES = [15, 25, 45, 60, 90] as const;

/** The typed planned length in seconds. Null when empty, NaN when it is not between 1 minute and 12 hours. */
export function plannedSecondsOf(text: string, locale = numbersLocale()): number | null {
  if (text.trim() === "") return null;
  const minutes = readWhole(text, 1, MAX_PLANNED_SECONDS / 60, locale);
  return minutes === null ? NaN : minutes * 60;
}
