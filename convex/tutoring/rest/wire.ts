/**
 * Views as the JSON text of README §6. Cards keep that text, so that a list is joined from texts without parsing them;
 * live functions and the views of members read it back.
 */
import { wireTime } from "../../lib/time";
import { wireName } from "../../rest/names";
import type { LinkedMaterial, LinkedSession, MaterialView, RequestView, SessionView } from "../views/shapes";

/** Fields that are ms in a view and RFC 3339 in an answer. */
const TIMES = ["date", "dateJoined", "createdAt", "updatedAt", "joinedAt", "requestedAt", "uploadedAt"];
const isTime = new Set([...TIMES, ...TIMES.map(wireName)]);

const remembered = (rename: (name: string) => string) => {
  const known = new Map<string, string>();
  return (name: string): string => {
    let renamed = known.get(name);
    if (renamed === undefined) known.set(name, (renamed = rename(name)));
    return renamed;
  };
};
const toWireName = remembered(wireName);
const toDomainName = remembered((name) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()));

type Codec = { rename(name: string): string; time(value: unknown): unknown };
const TO_WIRE: Codec = { rename: toWireName, time: (ms) => wireTime(ms as number) };
const FROM_WIRE: Codec = { rename: toDomainName, time: (text) => Date.parse(text as string) };

function recode(value: unknown, codec: Codec): unknown {
  if (Array.isArray(value)) return value.map((item) => recode(item, codec));
  if (typeof value !== "object" || value === null) return value;
  const result: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(value))
    result[codec.rename(name)] = isTime.has(name) ? codec.time(field) : recode(field, codec);
  return result;
}

export const encodeRequest = (request: RequestView): string => JSON.stringify(recode(request, TO_WIRE));
export const encodeMaterials = (materials: LinkedMaterial[]): string => JSON.stringify(recode(materials, TO_WIRE));
export const encodeMaterial = (material: LinkedMaterial): string => JSON.stringify(recode(material, TO_WIRE));
export const encodeSession = (session: LinkedSession): string => JSON.stringify(recode(session, TO_WIRE));

/** In a card's text a file that can be downloaded is `@` and its id, until the viewer's own link takes that place. */
const fileOf = ({ id, file }: MaterialView): string | null => (file ? `@${id}` : null);

/** A view as its card keeps it. */
export const encodeCard = (view: SessionView): string =>
  encodeSession({ ...view, materials: view.materials.map((one) => ({ ...one, file: fileOf(one) })) });

/** The view that `encodeCard` made a text of. */
export function decodeCard(text: string): SessionView {
  const view = recode(JSON.parse(text), FROM_WIRE) as LinkedSession;
  return { ...view, materials: view.materials.map((one) => ({ ...one, file: one.file !== null })) };
}

/** A card's text with one more request at the end of its requests. */
export function appendRequest(text: string, request: RequestView): string {
  const card = JSON.parse(text) as { booking_requests: unknown[] };
  card.booking_requests.push(recode(request, TO_WIRE));
  return JSON.stringify(card);
}

/** Whether a card's text holds a file to link: a quotation mark within a string of JSON text is escaped. */
export const hasFiles = (text: string): boolean => text.includes('"file":"@');
