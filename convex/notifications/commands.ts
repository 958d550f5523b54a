/** The commands of notifications. */
import { userCommand } from "../identity/command";
import { z } from "../lib/schemas/zod";
import * as Notifications from "./model";

/** `NOT_FOUND` for an unknown id and for another person's. */
export const markRead = userCommand({ input: z.strictObject({ id: z.number() }), run: Notifications.markRead });

export const markAllRead = userCommand({ input: z.strictObject({}), run: Notifications.markAllRead });
