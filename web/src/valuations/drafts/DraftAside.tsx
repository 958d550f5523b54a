import type { ReactNode } from "react";
import { RelativeTime } from "@/components/RelativeTime";
import { Card, CardTitle } from "@/components/ui/card";
import { wordsLocale } from "@/lib/locale/locale";
import { t } from "@/messages/translate";
import type { Report } from "../api";
import { held, sameJson, type Form } from "./edits";
import { FIELDS, labelOf, textOf } from "./fields";
import { RefreshCard } from "../cards/RefreshCard";
import { jsonOf, prefillOf } from "../reports";

/** The status of a report and the sources of its answers, beside the form. */
export function DraftAside({ report, form, children }: { report: Report; form: Form; children: ReactNode }) {
  const answered = FIELDS.filter(({ name }) => held(form, name) !== null).length;
  const conversation = jsonOf(report.conversationHistory);
  return (
    <div className="space-y-6">
      <Card aria-label={t("common.status")}>
        <CardTitle className="mb-3">{t("common.status")}</CardTitle>
        <div
          role="meter"
          aria-label={t("valuations.answers")}
          aria-valuemin={0}
          aria-valuemax={FIELDS.length}
          aria-valuenow={answered}
          className="mb-4"
        >
          <p className="figures mb-1.5 text-sm">{t("valuations.answered", { done: answered, total: FIELDS.length })}</p>
          <div className="h-1.5 track rounded-full bg-surface-muted">
            <div
              className="signal h-full rounded-full bg-accent transition-[width] duration-150"
              style={{ width: `${(answered / FIELDS.length) * 100}%` }}
            />
          </div>
        </div>
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 text-sm [&_dd]:text-right [&_dt]:text-muted-foreground">
          <dt>{t("valuations.started")}</dt>
          <dd>
            <RelativeTime at={report.createdAt} />
          </dd>
          <dt>{t("valuations.updated")}</dt>
          <dd>
            <RelativeTime at={report.updatedAt} />
          </dd>
          {report.completedAt !== null && (
            <>
              <dt>{t("common.completed")}</dt>
              <dd>
                <RelativeTime at={report.completedAt} />
              </dd>
            </>
          )}
          {Array.isArray(conversation) && conversation.length > 0 && (
            <>
              <dt>{t("valuations.conversation")}</dt>
              <dd className="figures">{t("valuations.conversationLength", { count: conversation.length })}</dd>
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

/** The answers from the business card, and which of them were edited. */
function Provenance({ report, form }: { report: Report; form: Form }) {
  const prefill = prefillOf(report);
  const given = Object.keys(prefill);
  const edited = given.filter((name) => !sameJson(prefill[name], held(form, name)));
  return (
    <Card aria-label={t("valuations.businessCard")}>
      <CardTitle className="mb-2">{t("valuations.businessCard")}</CardTitle>
      <p className="text-sm wrap-anywhere text-muted-foreground">
        {given.length === 0 ? t("valuations.cardNotFound") : filledText(given.length, edited)}
      </p>
      <p className="mt-1 text-xs break-all text-muted-foreground">
        {t("valuations.cardCode", { code: report.businessCardToken ?? "" })}
      </p>
      {report.status === "IN_PROGRESS" && <RefreshCard reportId={report.reportId} />}
    </Card>
  );
}

const NAMED = 3;

function filledText(count: number, edited: string[]): string {
  if (edited.length === 0) return t("valuations.allUnchanged", { count });
  const names = edited.slice(0, NAMED).map(labelOf);
  if (edited.length > NAMED) names.push(t("valuations.more", { count: edited.length - NAMED }));
  const list = new Intl.ListFormat(wordsLocale());
  return t("valuations.someEdited", { count, edited: edited.length, names: list.format(names) });
}

/** The valuation, if there is one. */
function Result({ value }: { value: unknown }) {
  if (value === null) return null;
  const rows = typeof value === "object" && !Array.isArray(value) ? Object.entries(value) : [["", value] as const];
  return (
    <Card aria-label={t("valuations.valuation")}>
      <CardTitle className="mb-2">{t("valuations.valuation")}</CardTitle>
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
