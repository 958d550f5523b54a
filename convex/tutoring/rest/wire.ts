/**
 * Views as the JSON text of README §6. Cards keep that text, so that a list is joined from texts without parsing them;
 * live functions and the views of members read it back.
 */
import { wireTime } from "../../lib/time";
import { wireName } from "../../rest/names";
import type { LinkedMaterial, LinkedSession, MaterialView, RequestView, SessionView } from "../views/shapes";

/** Fields that are ms in a view and RFC 3339 in an answer. */
const TIMES = ["date", "dateJoined", "createdAt", "updatedAt", "joinedAt", "requestedAt", "uploadedAt"];

type Field = { name: string; isTime: boolean };
type Codec = {
  fields: Map<string, Field>;
  rename: (name: string) => string;
  time: (value: unknown) => unknown;
};

const codec = (rename: Codec["rename"], time: Codec["time"]): Codec => ({ fields: new Map(), rename, time });
const TO_WIRE = codec(wireName, (ms) => wireTime(ms as number));
const FROM_WIRE = codec(
  (name) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
  (text) => Date.parse(text as string),
);
const isTime = new Set([...TIMES, ...TIMES.map(wireName)]);

/** The names of views are few, so each is translated once. */
function fieldOf(name: string, { fields, rename }: Codec): Field {
  let field = fields.get(name);
  if (!field) fields.set(name, (field = { name: rename(name), isTime: isTime.has(name) }));
  return field;
}

function recode(value: unknown, codec: Codec): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => recode(item, codec));
  const from = value as Record<string, unknown>;
  const result: Record<string, unknown> = {};
  for (const key in from) {
    const { name, isTime } = fieldOf(key, codec);
    result[name] = isTime ? codec.time(from[key]) : recode(from[key], codec);
  }
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
