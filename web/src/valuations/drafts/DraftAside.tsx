import type { ReactNode } from "react";
import { RelativeTime } from "@/components/RelativeTime";
import { Card, CardTitle } from "@/components/ui/card";
import type { Report } from "../api";
import { held, sameJson, type Form } from "./edits";
import { FIELDS, labelOf, textOf } from "./fields";
import { RefreshCard } from "../cards/RefreshCard";
import { jsonOf, prefillOf } from "../reports";

/** Where a report stands and where its answers come from, beside the form. */
export function DraftAside({ report, form, children }: { report: Report; form: Form; children: ReactNode }) {
  const answered = FIELDS.filter(({ name }) => held(form, name) !== null).length;
  const conversation = jsonOf(report.conversationHistory);
  return (
    <div className="space-y-6">
      <Card aria-label="Where it stands">
        <CardTitle className="mb-3">Where it stands</CardTitle>
        <div
          role="meter"
          aria-label="Answers"
          aria-valuemin={0}
          aria-valuemax={FIELDS.length}
          aria-valuenow={answered}
          className="mb-4"
        >
          <p className="figures mb-1.5 text-sm">
            {answered} of {FIELDS.length} answers
          </p>
          <div className="h-1.5 rounded-full bg-surface-muted">
            <div
              className="h-full rounded-full bg-accent transition-[width] duration-150"
              style={{ width: `${(answered / FIELDS.length) * 100}%` }}
            />
          </div>
        </div>
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 text-sm [&_dd]:text-right [&_dt]:text-muted-foreground">
          <dt>Started</dt>
          <dd>
            <RelativeTime at={report.createdAt} />
          </dd>
          <dt>Changed</dt>
          <dd>
            <RelativeTime at={report.updatedAt} />
          </dd>
          {report.completedAt !== null && (
            <>
              <dt>Completed</dt>
              <dd>
                <RelativeTime at={report.completedAt} />
              </dd>
            </>
          )}
          {Array.isArray(conversation) && conversation.length > 0 && (
            <>
              <dt>Conversation</dt>
              <dd className="figures">
                {conversation.length} {conversation.length === 1 ? "entry" : "entries"}
              </dd>
            </>
          )}
        </dl>
        <div className="mt-4 border-t pt-3">
          <div className="-mx-3 flex flex-wrap gap-x-2">{children}</div>
        </div>
      </Card>
      <Result value={jsonOf(report.valuationResult)} />
      {report.businessCardToken !== null && <Provenance report={report} form={form} />}
    </div>
  );
}

/** What came from the business card, and what of it still stands. */
function Provenance({ report, form }: { report: Report; form: Form }) {
  const prefill = prefillOf(report);
  const given = Object.keys(prefill);
  const edited = given.filter((name) => !sameJson(prefill[name], held(form, name)));
  return (
    <Card aria-label="Business card">
      <CardTitle className="mb-2">Business card</CardTitle>
      <p className="text-sm wrap-anywhere text-muted-foreground">
        {given.length === 0
          ? "Nothing has come from the card yet: it is unknown, or cannot be read at the moment."
          : `${given.length} ${given.length === 1 ? "answer" : "answers"} came from the card. ${editedWords(edited)}`}
      </p>
      <p className="mt-1 text-xs break-all text-muted-foreground">Code {report.businessCardToken}</p>
      {report.status === "IN_PROGRESS" && <RefreshCard reportId={report.reportId} />}
    </Card>
  );
}

function editedWords(names: string[]): string {
  if (names.length === 0) return "All of them are as it gave them.";
  const labels = names.slice(0, 3).map((name) => labelOf(name).toLowerCase());
  return `You changed ${labels.join(", ")}${names.length > 3 ? ` and ${names.length - 3} more` : ""}.`;
}

/** The valuation itself, once there is one. */
function Result({ value }: { value: unknown }) {
  if (value === null) return null;
  const rows = typeof value === "object" && !Array.isArray(value) ? Object.entries(value) : [["", value] as const];
  return (
    <Card aria-label="Valuation">
      <CardTitle className="mb-2">Valuation</CardTitle>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 text-sm">
        {rows.map(([name, part]) => (
          <div key={name} className="contents">
            <dt className="text-muted-foreground">{labelOf(name)}</dt>
            <dd className="figures min-w-0 text-right wrap-anywhere">{textOf(part, "number")}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
