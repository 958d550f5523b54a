import { Segmented } from "@/components/ui/segmented";

const FILTERS = [
  { value: "all", label: "All" },
  { value: "in_progress", label: "In progress" },
  { value: "completed", label: "Completed" },
  { value: "archived", label: "Archived" },
] as const;

export type Filter = (typeof FILTERS)[number]["value"];

/** Which reports a list shows. */
export const StatusFilter = ({ value, onChange }: { value: Filter; onChange: (value: Filter) => void }) => (
  <Segmented
    label="Status"
    value={value}
    options={FILTERS}
    onChange={onChange}
    className="mb-4 flex-nowrap max-sm:flex max-sm:[&>*]:flex-auto max-sm:[&>*]:px-2 max-sm:[&>*]:text-xs"
  />
);
