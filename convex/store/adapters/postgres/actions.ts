"use node";

import { v } from "convex/values";
import { internalAction } from "../../../_generated/server";
import { drainWith } from "../../delivery/run";
import { redact, listSecrets } from "../../rules";
import {
  vBusinessCard,
  vBusinessCardRow,
  vHeld,
  vHistoryCursor,
  vStoredSession,
  vUserTotals,
  vUserXp,
} from "../../shapes";
import { connect, type Database } from "./connect";
import { findDriverError } from "./errors";
import * as Read from "./read";
import { writeBatch, writeBusinessCards } from "./write";

/** Runs `work` on the store; what it throws names the reason without credentials or parameters. */
async function withStore<T>(work: (db: Database) => Promise<T>): Promise<T> {
  try {
    return await work(await connect(process.env.PERMANENT_STORE_URL ?? ""));
  } catch (error) {
    throw new Error(`Permanent store: ${redact(findDriverError(error), listSecrets(process.env))}`);
  }
}

/** The run of the drain that holds `token`, for this kind of store. */
export const drain = internalAction({
  args: { token: v.string() },
  returns: v.null(),
  handler: async (ctx, { token }): Promise<null> => {
    const secrets = listSecrets(process.env);
    await drainWith(ctx, token, (deliveries) => withStore((db) => writeBatch(db, deliveries, secrets)));
    return null;
  },
});

/** Whether the store answers; throws when it does not. */
export const ping = internalAction({
  args: {},
  returns: v.null(),
  handler: async (): Promise<null> => {
    await withStore((db) => Read.ping(db));
    return null;
  },
});

export const pageEndedSessions = internalAction({
  args: { goalId: v.string(), before: v.union(vHistoryCursor, v.null()), limit: v.number() },
  returns: v.array(vStoredSession),
  handler: (_ctx, args) => withStore((db) => Read.pageEndedSessions(db, args)),
});

export const getEndedSession = internalAction({
  args: { sessionId: v.string() },
  returns: v.union(vStoredSession, v.null()),
  handler: (_ctx, { sessionId }) => withStore((db) => Read.readEndedSession(db, sessionId)),
});

export const getBusinessCard = internalAction({
  args: { token: v.string() },
  returns: v.union(vBusinessCard, v.null()),
  handler: (_ctx, { token }) => withStore((db) => Read.readBusinessCard(db, token)),
});

export const importBusinessCards = internalAction({
  args: { cards: v.array(vBusinessCardRow) },
  returns: v.null(),
  handler: async (_ctx, { cards }) => {
    await withStore((db) => writeBusinessCards(db, cards));
    return null;
  },
});

export const totalsByUser = internalAction({
  args: { from: v.number(), to: v.number(), afterUserId: v.union(v.string(), v.null()), limit: v.number() },
  returns: v.array(vUserTotals),
  handler: (_ctx, args) => withStore((db) => Read.totalsByUser(db, args)),
});

export const levels = internalAction({
  args: { userIds: v.array(v.string()) },
  returns: v.array(vUserXp),
  handler: (_ctx, { userIds }) => withStore((db) => Read.listLevels(db, userIds)),
});

export const held = internalAction({
  args: { sessionIds: v.array(v.string()) },
  returns: v.array(vHeld),
  handler: (_ctx, { sessionIds }) => withStore((db) => Read.listHeld(db, sessionIds)),
});
