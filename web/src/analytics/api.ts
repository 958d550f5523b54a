import type { FunctionReturnType } from "convex/server";
import type { api } from "@/lib/api";

export type DayFigures = FunctionReturnType<typeof api.analytics.reports.daily>[number];
export type Funnel = FunctionReturnType<typeof api.analytics.reports.funnels>[number];
export type WeekFigures = FunctionReturnType<typeof api.analytics.reports.returns>[number];

/** Days of UTC, both included. */
export type Range = { from: string; to: string };
