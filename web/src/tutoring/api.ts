import type { FunctionReturnType } from "convex/server";
import type { api } from "@/lib/api";

/** A session as the caller may see it; `get` gives it with a little more. */
export type TutoringSession = FunctionReturnType<typeof api.tutoring.sessions.list>["page"][number];
export type Person = TutoringSession["creator"];
export type BookingRequest = TutoringSession["bookingRequests"][number];
export type Level = TutoringSession["level"];
export type TutoringStatus = TutoringSession["status"];
