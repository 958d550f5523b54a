/** Headers and cookies as the OpenAPI document names them, each declared once and referred to. */
import { GUEST_COOKIE, GUEST_HEADER } from "../guest";

type Reference = { $ref: string };

export const RESPONSE_HEADERS = {
  "X-Request-Id": "Names the request in the logs",
  "WWW-Authenticate": "The schemes of `Authorization` that are taken",
  "Retry-After": "Seconds until a request can succeed",
  "RateLimit-Limit": "Requests a minute, of the tightest limit that the request was counted against",
  "RateLimit-Remaining": "Requests left of it at once",
  "RateLimit-Reset": "Seconds until all of it is left again; with 429, until a request can succeed",
  "Idempotent-Replayed": "`true` when this is the first answer to the `Idempotency-Key`, given again",
  ETag: "The draft's revision, for `If-Match`, or the version of a file, for `If-None-Match`",
  Location: "Where it is found",
  Link: '`<…>; rel="next"`, while there is more',
  "Set-Cookie": `The cookie \`${GUEST_COOKIE}\`, when a guest id is issued, lives on or ends`,
  [GUEST_HEADER]: `The guest id issued for \`${GUEST_HEADER}: new\``,
  "Cache-Control": "Who may keep the answer, and for how long",
  "Content-Disposition": "`attachment` with the file's name",
} as const;
export type ResponseHeader = keyof typeof RESPONSE_HEADERS;

/** The headers of one response declaration. */
export const headers = (...names: ResponseHeader[]): Record<string, Reference> =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

export const PARAMETERS = {
  idempotencyKey: {
    name: "Idempotency-Key",
    in: "header",
    description:
      "The same key, caller and body within 24 hours is answered as it was the first time; with another body it is 409",
    schema: { type: "string", minLength: 1, maxLength: 255 },
  },
  guestHeader: {
    name: GUEST_HEADER,
    in: "header",
    description:
      "A guest id, before that of the cookie; `new` asks for one where drafts are listed, read and created. Ids that were not issued are ignored",
    schema: { type: "string" },
  },
  guestCookie: { name: GUEST_COOKIE, in: "cookie", description: "A guest id", schema: { type: "string" } },
} as const;

const parameter = (name: keyof typeof PARAMETERS): Reference => ({ $ref: `#/components/parameters/${name}` });

export const IDEMPOTENCY_KEY = [parameter("idempotencyKey")];
/** The parameters that carry a guest id. */
export const GUEST = [parameter("guestHeader"), parameter("guestCookie")];
