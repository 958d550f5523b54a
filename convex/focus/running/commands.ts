/** Commands by which a user's devices start, change and end a session on this host. */
import { userCommand } from "../../identity/command";
import { text } from "../../lib/schemas/fields";
import { z } from "../../lib/schemas/zod";
import { timeZone } from "../fields";
import { DEVICE_PLATFORM_MAX, MAX_PLANNED_SECONDS } from "../rules";
import { requireOwnSession } from "../sessionRows";
import * as StateMachine from "./stateMachine";

const ofSession = { sessionId: z.string() };

export const start = userCommand({
  input: z.strictObject({
    goalId: z.string(),
    activityId: z.string(),
    devicePlatform: text({ max: DEVICE_PLATFORM_MAX }).optional(),
    plannedSeconds: z.int().min(1).max(MAX_PLANNED_SECONDS).optional(),
    timeZone: timeZone(),
  }),
  run: StateMachine.startSession,
});

export const pause = userCommand({
  input: z.strictObject(ofSession),
  run: async (act, { sessionId }) => StateMachine.pauseOrResume(act, await requireOwnSession(act, sessionId), "pause"),
});

export const resume = userCommand({
  input: z.strictObject(ofSession),
  run: async (act, { sessionId }) => StateMachine.pauseOrResume(act, await requireOwnSession(act, sessionId), "resume"),
});

export const heartbeat = userCommand({
  input: z.strictObject({ ...ofSession, hidden: z.boolean().default(false) }),
  run: async (act, { sessionId, hidden }) =>
    StateMachine.recordHeartbeat(act, await requireOwnSession(act, sessionId), hidden),
});

export const complete = userCommand({
  input: z.strictObject({
    ...ofSession,
    reason: z.enum(["manual", "abandoned", "crash_recovered"]).default("manual"),
  }),
  run: async (act, { sessionId, reason }) =>
    StateMachine.endByPerson(act, await requireOwnSession(act, sessionId), { reason }),
});
