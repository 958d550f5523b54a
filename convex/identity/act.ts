/** What the functions of the domains are given to work with. */
import type { MutationCtx, QueryCtx } from "../_generated/server";
import type { Caller, Client } from "./caller";
import type { Principal, UserPrincipal } from "./principal";

/** The transaction in which somebody does something: who, from where and when. */
export type Act<Actor extends Principal = Principal> = MutationCtx & {
  principal: Actor;
  /** What a REST request said about who sends it; empty over the live protocol. */
  caller: Caller;
  client: Client;
  /** ms since the epoch: the one time of all that the act writes. */
  now: number;
};
export type UserAct = Act<UserPrincipal>;

/** A user who looks at something; every `UserAct` is one too. */
export type Viewer = { db: QueryCtx["db"]; principal: UserPrincipal };
