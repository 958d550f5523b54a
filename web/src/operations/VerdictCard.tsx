import { CircleCheck, TriangleAlert } from "lucide-react";
import { RelativeTime } from "@/components/RelativeTime";
import { cn } from "@/lib/cn";
import { formatDuration } from "@/lib/time/time";
import { useNow } from "@/lib/time/useNow";
import { rich, t } from "@/messages/translate";
import { isStopped, troubles, verdictOf, type Everything, type Part } from "./verdict";

/** Whether all is well in one look; below it the parts, each with its figure and a way to it. */
export function VerdictCard({ everything }: { everything: Everything }) {
  const now = useNow();
  const { well, part, title, text } = verdictOf(everything, now);
  const found = troubles(everything, now);
  const { store, state } = everything;
  const Icon = well ? CircleCheck : TriangleAlert;
  return (
    <section aria-label={t("store.health")} className="space-y-3">
      <div
        role="status"
        className={cn(
          "flex items-start gap-3 rounded-card p-4 sm:p-6",
          well ? "bg-success-soft text-success" : "bg-warning-soft text-warning",
        )}
      >
        <Icon className="mt-0.5 size-6 shrink-0" />
        <div className="min-w-0">
          <h2 className="text-lg font-semibold">{title}</h2>
          <p className="mt-0.5 text-sm">
            {text}
            {part === "jobs" && isStopped(state, now) && <StoppedNote at={state.lastTickAt} />}
            {part === "store" && store.outage && (
              <>
                {" "}
                {rich("store.outageSince", {
                  time: () => <RelativeTime at={store.outage?.since ?? 0} />,
                  error: store.outage.error,
                })}
              </>
            )}
          </p>
        </div>
      </div>
      <ul aria-label={t("operations.parts")} className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        {PARTS.map(({ key, label, href }) => (
          <li key={key}>
            <a
              href={href}
              className="flex h-full items-start gap-2 rounded-card border bg-surface p-3 text-sm shadow-rest hover:bg-surface-muted sm:p-4"
            >
              {found[key] ? (
                <TriangleAlert className="mt-0.5 size-4 shrink-0 text-warning" />
              ) : (
                <CircleCheck className="mt-0.5 size-4 shrink-0 text-success" />
              )}
              <span className="min-w-0">
                <span className="block font-medium">{label}</span>
                <span className="figures block text-xs text-muted-foreground">{figureOf(key, everything)}</span>
                <span className="sr-only">{found[key] ? t("operations.look") : t("operations.working")}</span>
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

const StoppedNote = ({ at }: { at: number | null }) =>
  rich("operations.jobsStoppedNote", { time: () => <RelativeTime at={at ?? 0} /> });

const PARTS: { key: Part; label: string; href: string }[] = [
  { key: "store", label: t("operations.store"), href: "#store" },
  { key: "jobs", label: t("operations.jobs"), href: "#history" },
  { key: "webhooks", label: t("operations.webhooks"), href: "#history" },
  { key: "errors", label: t("operations.errors"), href: "#errors" },
];

function figureOf(part: Part, { store, state, errors }: Everything): string {
  switch (part) {
    case "store":
      return store.depth >= store.depthLimit
        ? t("operations.waitingAtLeast", { count: store.depth })
        : t("operations.waiting", { count: store.depth });
    case "jobs":
      if (state.lateMs === null) return t("operations.jobsFirst");
      return state.lateMs < 1_000
        ? t("operations.onTime")
        : t("operations.lateBy", { seconds: formatDuration(state.lateMs / 1_000) });
    case "webhooks":
      return t("operations.waiting", { count: state.webhooks.depth });
    case "errors":
      return errors.length === 0 ? t("operations.noErrors") : t("operations.countKinds", { count: errors.length });
  }
}
