import { AppError, getErrorData, invalid } from "../../lib/errors";
import { declare, type Domain } from "../../rest/domain";
import { errors, json } from "../../rest/schemas/fields";
import { z } from "../../rest/schemas/zod";
import { cleanText } from "../../lib/text";
import { getCard } from "../businessCards/cache";
import { Card, ErrorBody } from "./schemas";

const HEADERS = { "Content-Type": "application/json; charset=utf-8", "Cache-Control": "private, max-age=300" };

/** A store that cannot be asked is 503 elsewhere; here the document says 500. */
function asDocumented(error: unknown): never {
  const data = getErrorData(error);
  throw data?.code === "UNAVAILABLE" ? new AppError("UNAVAILABLE", data.message, { status: 500 }) : error;
}

/** `GET /api/business-cards` (valuations/README §4.6). */
export function declareCards(domain: Domain): void {
  declare(domain, {
    contract: {
      method: "get",
      path: "/api/business-cards",
      tags: ["Business cards"],
      summary: "A business card by its token",
      request: {
        query: z.object({
          token: z
            .any()
            .optional()
            .openapi({ type: "string", minLength: 1, param: { required: true } }),
        }),
      },
      responses: { 200: json(Card, "The card, cached for five minutes", "Cache-Control"), ...errors(ErrorBody, 404) },
    },
    caller: "none",
    limit: "businessCards",
    run: async ({ c, query }) => {
      const given: unknown = query.token;
      const token = typeof given === "string" ? cleanText(given) : "";
      if (token === "") throw invalid({ token: ["Must be given once."] }, "Token required");
      const { json: body } = await getCard(c.env, token).catch(asDocumented);
      return new Response(body, { headers: HEADERS });
    },
  });
}
