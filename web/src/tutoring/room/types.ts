import type { FunctionReturnType } from "convex/server";
import type { api } from "@/lib/api";

/** The room as the caller sees it. */
export type RoomState = FunctionReturnType<typeof api.tutoring.room.state>;
