"use node";
/** Places of network addresses from a local database file; nobody else's service is ever asked. */
import { readFileSync, statSync } from "node:fs";
import { Reader, type CityResponse } from "mmdb-lib";
import { v } from "convex/values";
import { internal } from "../_generated/api";
import { internalAction } from "../_generated/server";
import { formatPlace } from "../identity/sessions/device";

let loaded: { file: string; modifiedMs: number; reader: Reader<CityResponse> } | undefined;

/** The database of `GEOIP_DATABASE`, read once per process and again when the file is replaced. */
function openDatabase(file: string): Reader<CityResponse> {
  const modifiedMs = statSync(file).mtimeMs;
  if (loaded?.file !== file || loaded.modifiedMs !== modifiedMs)
    loaded = { file, modifiedMs, reader: new Reader<CityResponse>(readFileSync(file)) };
  return loaded.reader;
}

/** Looks up where `ip` is (MaxMind's city or country layout) and shows it beside the session. */
export const locateSession = internalAction({
  args: { sessionId: v.id("accountSessions"), ip: v.string() },
  returns: v.null(),
  handler: async (ctx, { sessionId, ip }) => {
    const file = process.env.GEOIP_DATABASE;
    if (!file) return null;
    const found = openDatabase(file).get(ip);
    const location = formatPlace(found?.city?.names.en, found?.country?.iso_code);
    if (location !== null)
      await ctx.runMutation(internal.accounts.signIn.transactions.setLocation, { sessionId, location });
    return null;
  },
});
