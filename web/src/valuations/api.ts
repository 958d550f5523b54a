import type { FunctionReturnType } from "convex/server";
import type { api } from "@/lib/api";

export type ReportSummary = FunctionReturnType<typeof api.valuations.sessions.list>["page"][number];
export type Report = FunctionReturnType<typeof api.valuations.sessions.get>;
export type ReportStatus = "IN_PROGRESS" | "COMPLETED" | "ARCHIVED";
