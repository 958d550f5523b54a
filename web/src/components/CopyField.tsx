import { Copy } from "lucide-react";
import { Input } from "@/components/ui/input";
import { toast } from "@/lib/toasts";
import { t } from "@/messages/translate";
import { Button } from "./ui/button";

type Props = {
  value: string;
  /** Says that it was copied. */
  copied: string;
  id?: string;
  "aria-label"?: string;
};

/** A text to take elsewhere, such as an address or a secret. */
export function CopyField({ value, copied, ...field }: Props) {
  const copy = () =>
    void navigator.clipboard.writeText(value).then(
      () => toast(copied),
      () => undefined,
    );
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Input {...field} readOnly className="min-w-40 flex-1" value={value} onFocus={(event) => event.target.select()} />
      <Button variant="secondary" onClick={copy}>
        <Copy />
        {t("common.copy")}
      </Button>
    </div>
  );
}
