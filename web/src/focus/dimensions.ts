import { DIMENSIONS, type Dimension, type Rates as PerDimension } from "@convex/xp/amounts";
import { Brush, Dumbbell, Puzzle, Sun, Users, type LucideIcon } from "lucide-react";
import { t } from "@/messages/translate";

export { DIMENSIONS, type Dimension, type PerDimension };

/** The look of each dimension: one color everywhere. Icon and label tell them apart without color. */
export const DIMENSION_LOOK: Record<Dimension, { label: string; icon: LucideIcon; color: string; bar: string }> = {
  physique: { label: t("focus.physique"), icon: Dumbbell, color: "var(--color-physique)", bar: "bg-physique" },
  energy: { label: t("focus.energy"), icon: Sun, color: "var(--color-energy)", bar: "bg-energy" },
  logic: { label: t("focus.logic"), icon: Puzzle, color: "var(--color-logic)", bar: "bg-logic" },
  creativity: { label: t("focus.creativity"), icon: Brush, color: "var(--color-creativity)", bar: "bg-creativity" },
  social: { label: t("focus.social"), icon: Users, color: "var(--color-social)", bar: "bg-social" },
};

/** The dimensions that earn XP, the strongest first. Ties keep their usual order. */
export const ranked = (amounts: PerDimension): Dimension[] =>
  DIMENSIONS.filter((dimension) => amounts[dimension] > 0).sort((a, b) => amounts[b] - amounts[a]);
