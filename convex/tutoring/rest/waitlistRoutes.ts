/** Waiting lists of tutoring/README §10.1 over HTTP; part of `tutoringRest`. */
import { internal } from "../../_generated/api";
import { declare, type Domain } from "../../rest/domain";
import { errors, integerId, json, SECURITY } from "../../rest/schemas/fields";
import { z } from "../../rest/schemas/zod";
import { read, write } from "../../rest/transaction";
import { Done, ErrorBody, Place, UNCHANGED, Waitlist } from "./schemas";

const TAGS = ["Tutoring"];
const pattern = { id: "[0-9]+" };
const params = z.object({ id: integerId() });
const PATH = "/api/sessions/{id}/waitlist/";

export function declareWaitlist(domain: Domain): void {
  declare(domain, {
    contract: {
      method: "get",
      path: PATH,
      tags: TAGS,
      summary: "Who waits for a seat, first come first",
      description: "The creator sees all entries, others their own.",
      security: SECURITY,
      request: { params },
      responses: { 200: json(Waitlist, "Entries", "ETag"), 304: UNCHANGED },
    },
    pattern,
    etag: true,
    run: (request) => read(request, internal.tutoring.rest.transactions.waitlist, request.params),
  });

  declare(domain, {
    contract: {
      method: "post",
      path: PATH,
      tags: TAGS,
      summary: "Wait for a seat of a full session",
      description: "Repeating it answers the same position.",
      security: SECURITY,
      request: { params },
      responses: { 200: json(Place, "The caller's place") },
    },
    pattern,
    countedByWrite: true,
    run: (request) => write(request, internal.tutoring.rest.transactions.joinWaitlist, request.params),
  });

  declare(domain, {
    contract: {
      method: "delete",
      path: PATH,
      tags: TAGS,
      summary: "Stop waiting",
      description: "A seat that is held for the caller is offered to the next.",
      security: SECURITY,
      request: { params },
      responses: { 200: json(Done, "Done"), ...errors(ErrorBody, 400) },
    },
    pattern,
    countedByWrite: true,
    run: (request) => write(request, internal.tutoring.rest.transactions.leaveWaitlist, request.params),
  });

  declare(domain, {
    contract: {
      method: "post",
      path: "/api/sessions/{id}/accept_offer/",
      tags: TAGS,
      summary: "Take the seat that is held for the caller",
      security: SECURITY,
      request: { params },
      responses: { 200: json(Done, "The caller takes part") },
    },
    pattern,
    countedByWrite: true,
    run: (request) => write(request, internal.tutoring.rest.transactions.acceptOffer, request.params),
  });
}
