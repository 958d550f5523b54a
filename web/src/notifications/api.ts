import type { FunctionReturnType } from "convex/server";
import type { api } from "@/lib/api";

export type Notification = FunctionReturnType<typeof api.notifications.inbox.list>["page"][number];
