/** The contexts that functions of the domains work with. */
import type { MutationCtx, QueryCtx } from "../_generated/server";
import type { Caller, Client } from "./caller";
import type { Principal, UserPrincipal } from "./principal";

/** A transaction with its time: ms since the epoch, the one time of all that it writes. */
export type TimedCtx = MutationCtx & { now: number };

/** The transaction in which somebody does something: who, from where and when. */
export type Act<Actor extends Principal = Principal> = TimedCtx & {
  principal: Actor;
  /** The caller that a REST request names; empty over the live protocol. */
  caller: Caller;
  client: Client;
};
export type UserAct = Act<UserPrincipal>;

/** A user who looks at something; every `UserAct` is one too. */
export type Viewer = { db: QueryCtx["db"]; principal: UserPrincipal };
