import { Segmented } from "@/components/ui/segmented";
import { t } from "@/messages/translate";

const FILTERS = [
  { value: "all", label: t("common.all") },
  { value: "in_progress", label: t("common.inProgress") },
  { value: "completed", label: t("common.completed") },
  { value: "archived", label: t("valuations.archived") },
] as const;

export type Filter = (typeof FILTERS)[number]["value"];

/** The filter of a list of reports by status. */
export const StatusFilter = ({ value, onChange }: { value: Filter; onChange: (value: Filter) => void }) => (
  <Segmented label={t("common.status")} value={value} options={FILTERS} onChange={onChange} className="mb-4" />
);
