/** What managers of webhooks do. */
import type { Command } from "../identity/command";
import { conflict } from "../lib/errors";
import { text } from "../lib/schemas/fields";
import { z } from "../lib/schemas/zod";
import { wakePump } from "./delivery/pumpState";
import { insertDelivery, replayDelivery, requireDelivery } from "./deliveryRows";
import * as Endpoints from "./endpointRows";
import { allowsPrivate, findUrlProblem } from "./rules";
import { ALL_EVENTS, EVENT_TYPES, writePing } from "./writer";

/** A command for who has passed `requireManager`. */
const managerCommand = <Input extends z.ZodObject, Result>(command: Command<Input, Result, Endpoints.Manager>) =>
  command;

const URL_MAX = 2_048;
const DESCRIPTION_MAX = 500;

const url = () =>
  text({ min: 1, max: URL_MAX }).superRefine((value, ctx) => {
    const problem = findUrlProblem(value, allowsPrivate());
    if (problem !== null) ctx.addIssue({ code: "custom", message: problem });
  });

const KNOWN = new Set<string>(EVENT_TYPES);

function findEventsProblem(names: readonly string[]): string | null {
  if (names.length === 0) return `Must name at least one event, or be ["${ALL_EVENTS}"].`;
  if (names.includes(ALL_EVENTS)) return names.length === 1 ? null : `"${ALL_EVENTS}" must stand alone.`;
  const unknown = names.find((name) => !KNOWN.has(name));
  return unknown === undefined ? null : `Unknown event "${unknown.slice(0, 100)}".`;
}

const events = () =>
  z
    .array(z.string())
    .superRefine((names, ctx) => {
      const problem = findEventsProblem(names);
      if (problem !== null) ctx.addIssue({ code: "custom", message: problem });
    })
    .overwrite((names) => [...new Set(names)]);

export const NewEndpoint = z.strictObject({
  url: url(),
  events: events(),
  description: text({ max: DESCRIPTION_MAX }).default(""),
  enabled: z.boolean().default(true),
});

export const create = managerCommand({
  input: NewEndpoint,
  run: async (act, { enabled, ...settings }) => {
    const endpoint = await Endpoints.createEndpoint(act, settings);
    return enabled ? endpoint : await Endpoints.updateEndpoint(act, endpoint, { enabled });
  },
});

const ofEndpoint = { id: z.string() };

export const EndpointChanges = z.strictObject({
  ...ofEndpoint,
  url: url().optional(),
  events: events().optional(),
  description: text({ max: DESCRIPTION_MAX }).optional(),
  enabled: z.boolean().optional(),
});

export const update = managerCommand({
  input: EndpointChanges,
  run: async (act, { id, ...changes }) => {
    return await Endpoints.updateEndpoint(act, await Endpoints.requireEndpoint(act, id), changes);
  },
});

export const remove = managerCommand({
  input: z.strictObject(ofEndpoint),
  run: async (act, { id }) => {
    await Endpoints.deleteEndpoint(act, await Endpoints.requireEndpoint(act, id));
  },
});

export const rotateSecret = managerCommand({
  input: z.strictObject(ofEndpoint),
  run: async (act, { id }) => {
    return await Endpoints.rotateSecret(act, await Endpoints.requireEndpoint(act, id));
  },
});

const requireEnabled = ({ enabled }: Endpoints.Endpoint): void => {
  if (!enabled) throw conflict("This webhook is disabled, so nothing is sent to it.");
};

/** Sends `ping`, whatever the endpoint subscribes to. */
export const sendTest = managerCommand({
  input: z.strictObject(ofEndpoint),
  run: async (act, { id }) => {
    const endpoint = await Endpoints.requireEndpoint(act, id);
    requireEnabled(endpoint);
    const delivery = await insertDelivery(act, await writePing(act, endpoint), endpoint._id);
    await wakePump(act);
    return delivery;
  },
});

export const replay = managerCommand({
  input: z.strictObject({ ...ofEndpoint, deliveryId: z.string() }),
  run: async (act, { id, deliveryId }) => {
    const endpoint = await Endpoints.requireEndpoint(act, id);
    const delivery = await requireDelivery(act, endpoint, deliveryId);
    requireEnabled(endpoint);
    const replayed = await replayDelivery(act, delivery);
    await wakePump(act);
    return replayed;
  },
});
