/**
 * The servers by which browsers find a way to each other. `ICE_SERVERS` is a JSON array of RTCIceServer; with
 * `TURN_SECRET` its TURN servers get credentials of an hour (draft-uberti-behave-turn-rest), so that the secret never
 * leaves the server.
 */
import { v, type Infer } from "convex/values";
import { HOUR_MS, SECOND_MS } from "../../lib/time";

export const vIceServer = v.object({
  urls: v.array(v.string()),
  username: v.optional(v.string()),
  credential: v.optional(v.string()),
});
export type IceServer = Infer<typeof vIceServer>;

const CREDENTIAL_LIFETIME_MS = HOUR_MS;

/** @throws Error when `ICE_SERVERS` is no list of servers, which names the setting and the reason */
function readServers(): IceServer[] {
  const text = process.env.ICE_SERVERS?.trim();
  if (!text) return [];
  const wrong = (reason: string) => new Error(`ICE_SERVERS ${reason}, such as [{"urls":"stun:stun.example.com:3478"}]`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrong("is no JSON");
  }
  if (!Array.isArray(value)) throw wrong("must be an array of servers");
  return value.map((server: { urls?: unknown; username?: unknown; credential?: unknown } | null) => {
    const urls = [server?.urls].flat();
    if (urls.length === 0 || !urls.every((url) => typeof url === "string"))
      throw wrong("must name the `urls` of each server");
    return {
      urls,
      ...(typeof server?.username === "string" && { username: server.username }),
      ...(typeof server?.credential === "string" && { credential: server.credential }),
    };
  });
}

const isTurn = ({ urls }: IceServer): boolean => urls.some((url) => /^turns?:/i.test(url));

/** @param name of the user, as the TURN server logs it */
export async function listIceServers(name: string, now: number): Promise<IceServer[]> {
  const servers = readServers();
  const secret = process.env.TURN_SECRET;
  if (!secret || !servers.some(isTurn)) return servers;
  const username = `${Math.floor((now + CREDENTIAL_LIFETIME_MS) / SECOND_MS)}:${name}`;
  const credential = await sign(secret, username);
  return servers.map((server) => (isTurn(server) ? { ...server, username, credential } : server));
}

/** HMAC-SHA1 in base64, as TURN servers verify it. */
async function sign(secret: string, text: string): Promise<string> {
  const bytes = (value: string) => new TextEncoder().encode(value);
  const key = await crypto.subtle.importKey("raw", bytes(secret), { name: "HMAC", hash: "SHA-1" }, false, ["sign"]);
  const signature = await crypto.subtle.sign("HMAC", key, bytes(text));
  return btoa(String.fromCharCode(...new Uint8Array(signature)));
}
