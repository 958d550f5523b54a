/** What hosts and participants do besides booking, over HTTP; part of `tutoringRest`. */
import { internal } from "../../_generated/api";
import { declare, type Domain } from "../../rest/domain";
import { errors, integerId, json, SECURITY } from "../../rest/schemas/fields";
import { wireBody } from "../../rest/schemas/wire";
import { z } from "../../rest/schemas/zod";
import { read, write } from "../../rest/transaction";
import { OfUser, ParticipantMessage, TimeProposal } from "../inputs";
import { Done, ErrorBody, Proposals, UNCHANGED } from "./schemas";

const TAGS = ["Tutoring"];
const pattern = { id: "[0-9]+" };
const params = z.object({ id: integerId() });
const PROPOSALS = "/api/sessions/{id}/time_proposals/";
const Message = wireBody("MessageToParticipants", ParticipantMessage.omit({ id: true }));
const Proposal = wireBody("ProposeTime", TimeProposal.omit({ id: true }));
const Person = wireBody("PersonOfSession", OfUser.omit({ id: true }));
const body = <S extends z.ZodType>(schema: S) => ({ content: { "application/json": { schema } }, required: true });
const answered = (description: string) => ({ 200: json(Done, description), ...errors(ErrorBody, 403) });

export function declareHosting(domain: Domain): void {
  for (const [verb, mutation, summary] of [
    [
      "remove_participant",
      internal.tutoring.rest.transactions.removeParticipant,
      "Take a participant's seat (creator only)",
    ],
    ["accept_time", internal.tutoring.rest.transactions.acceptProposal, "Move the session to a proposed time"],
    ["decline_time", internal.tutoring.rest.transactions.declineProposal, "Turn a proposed time down"],
  ] as const)
    declare(domain, {
      contract: {
        method: "post",
        path: `/api/sessions/{id}/${verb}/`,
        tags: TAGS,
        summary,
        security: SECURITY,
        request: { params, body: body(Person) },
        responses: answered("Done"),
      },
      pattern,
      countedByWrite: true,
      run: (request) => write(request, mutation, { ...request.params, ...request.body }),
    });

  declare(domain, {
    contract: {
      method: "post",
      path: "/api/sessions/{id}/message/",
      tags: TAGS,
      summary: "Tell all participants something (creator only)",
      description: "Each gets it as a notification. At most 10 a minute.",
      security: SECURITY,
      request: { params, body: body(Message) },
      responses: answered("Sent"),
    },
    pattern,
    countedByWrite: true,
    run: (request) =>
      write(request, internal.tutoring.rest.transactions.messageParticipants, { ...request.params, ...request.body }),
  });

  declare(domain, {
    contract: {
      method: "get",
      path: PROPOSALS,
      tags: TAGS,
      summary: "Other times that are proposed, first come first",
      description: "The creator sees all, others their own.",
      security: SECURITY,
      request: { params },
      responses: { 200: json(Proposals, "Proposals", "ETag"), 304: UNCHANGED },
    },
    pattern,
    etag: true,
    run: (request) => read(request, internal.tutoring.rest.transactions.proposals, request.params),
  });

  declare(domain, {
    contract: {
      method: "post",
      path: PROPOSALS,
      tags: TAGS,
      summary: "Propose another time, as somebody who has a seat or asks for one",
      description: "It takes the place of the caller's earlier proposal.",
      security: SECURITY,
      request: { params, body: body(Proposal) },
      responses: answered("Proposed; the creator is told"),
    },
    pattern,
    countedByWrite: true,
    run: (request) =>
      write(request, internal.tutoring.rest.transactions.proposeTime, { ...request.params, ...request.body }),
  });

  declare(domain, {
    contract: {
      method: "delete",
      path: PROPOSALS,
      tags: TAGS,
      summary: "Take one's proposal back",
      security: SECURITY,
      request: { params },
      responses: { 200: json(Done, "Withdrawn") },
    },
    pattern,
    countedByWrite: true,
    run: (request) => write(request, internal.tutoring.rest.transactions.withdrawProposal, request.params),
  });
}
