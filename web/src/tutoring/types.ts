import type { FunctionReturnType } from "convex/server";
import type { api } from "@/lib/api";

/** A session as the caller may see it. */
export type TutoringSession = FunctionReturnType<typeof api.tutoring.sessions.list>["page"][number];
export type Person = TutoringSession["creator"];
export type Level = TutoringSession["level"];
export type TutoringStatus = TutoringSession["status"];
export type Material = FunctionReturnType<typeof api.tutoring.materials.list>[number];
export type WaitingRequest = FunctionReturnType<typeof api.tutoring.requests.ofSession>[number];

export type Wait = FunctionReturnType<typeof api.tutoring.requests.waitlist>[number];

/** The viewer's own relation to a session. */
type Viewer = FunctionReturnType<typeof api.tutoring.sessions.viewer>;
/** The figures of a session that change often. */
export type Seats = NonNullable<FunctionReturnType<typeof api.tutoring.live.seats>>;
/** The data of the detail page. `session` is what everybody sees, shared by all viewers. */
export type Watched = { session: TutoringSession; seats: Seats; viewer: Viewer };
