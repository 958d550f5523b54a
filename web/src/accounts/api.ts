import type { FunctionReturnType } from "convex/server";
import type { api } from "@/lib/api";

/** The user who is signed in on this device. */
export type Me = NonNullable<FunctionReturnType<typeof api.accounts.users.me>>;
export type Device = FunctionReturnType<typeof api.accounts.sessions.list>[number];
export type SignInAlert = FunctionReturnType<typeof api.accounts.alerts.list>[number];
