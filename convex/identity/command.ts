/**
 * A command: one thing that users can do, declared once with its input and its transaction. It is mounted as a live
 * function (`liveCommand` in builders.ts) and as a REST request (`restCommand` in rest/functions.ts).
 */
import type { z } from "../lib/schemas/zod";
import type { Act } from "./act";
import type { Principal, UserPrincipal } from "./principal";

export type Command<Input extends z.ZodObject, Result, Actor extends Principal = UserPrincipal> = {
  /** A strict object in the domain's names; its reasons name those too. */
  input: Input;
  run: (act: Act<Actor>, input: z.output<Input>) => Promise<Result>;
};

/** A command for signed-in users. */
export const userCommand = <Input extends z.ZodObject, Result>(command: Command<Input, Result>) => command;
