import type { FunctionReturnType } from "convex/server";
import type { api } from "@/lib/api";

export type OutboxStatus = FunctionReturnType<typeof api.store.outbox.status>;
export type FailedEntry = OutboxStatus["failed"][number];
export type RetriedEntry = OutboxStatus["retrying"][number];
