import type { FunctionReturnType } from "convex/server";
import type { api } from "@/lib/api";

type Focus = typeof api.focus;

export type Goal = FunctionReturnType<Focus["goals"]["list"]>[number];
export type CalculatedRates = FunctionReturnType<Focus["rates"]["calculate"]>;
/** A reason for a rate: the term that was recognized, and the source of its weight. */
export type RateReason = CalculatedRates["reasons"][number];
/** The running session as every device sees it; `liveXp.ts` counts on from it. */
export type LiveSession = NonNullable<FunctionReturnType<Focus["sessions"]["current"]>>;
export type EndedSession = FunctionReturnType<Focus["sessions"]["history"]>["page"][number];
export type Progress = FunctionReturnType<Focus["progress"]["mine"]>;
/** One calendar day of the zone that was asked for. */
export type Day = FunctionReturnType<Focus["progress"]["weeks"]>["days"][number];
