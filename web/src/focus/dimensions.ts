import { DIMENSIONS, type Dimension, type Rates as PerDimension } from "@convex/xp/amounts";
import { Brush, Dumbbell, Puzzle, Sun, Users, type LucideIcon } from "lucide-react";

export { DIMENSIONS, type Dimension, type PerDimension };

/** One colour each everywhere; the icon and the label tell them apart without colour. */
export const DIMENSION_LOOK: Record<Dimension, { label: string; icon: LucideIcon; color: string; bar: string }> = {
  physique: { label: "Physique", icon: Dumbbell, color: "var(--color-physique)", bar: "bg-physique" },
  energy: { label: "Energy", icon: Sun, color: "var(--color-energy)", bar: "bg-energy" },
  logic: { label: "Logic", icon: Puzzle, color: "var(--color-logic)", bar: "bg-logic" },
  creativity: { label: "Creativity", icon: Brush, color: "var(--color-creativity)", bar: "bg-creativity" },
  social: { label: "Social", icon: Users, color: "var(--color-social)", bar: "bg-social" },
};

/** The dimensions that earn anything, the strongest first; ties keep their usual order. */
export const ranked = (amounts: PerDimension): Dimension[] =>
  DIMENSIONS.filter((dimension) => amounts[dimension] > 0).sort((a, b) => amounts[b] - amounts[a]);
