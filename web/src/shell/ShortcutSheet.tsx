import { useEffect, useEffectEvent, useState } from "react";
import { useNavigate } from "react-router";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { t } from "@/messages/translate";
import { onShortcutsAsked, paletteKeys } from "./palette/palette";
import { GO_TO, hasSingleKeys, onShortcut, setSingleKeys } from "./shortcuts";

/** The keys that work on every page, and the sheet that lists them. Opens on "?". */
export function ShortcutSheet() {
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  const goTo = useEffectEvent((path: string) => void navigate(path));
  useEffect(() => onShortcut({ help: () => setOpen(true), goTo: (path) => goTo(path) }, window), []);
  useEffect(() => onShortcutsAsked(() => setOpen(true)), []);
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogContent title={t("shell.shortcuts")}>
        <ShortcutList />
      </DialogContent>
    </Dialog>
  );
}

function ShortcutList() {
  const [single, setSingle] = useState(hasSingleKeys);
  const rows = [
    { keys: [paletteKeys()], does: t("shell.searchHint") },
    { keys: ["?"], does: t("shell.shortcuts") },
    ...GO_TO.map(({ key, label }) => ({ keys: ["G", key.toUpperCase()], does: label })),
  ];
  return (
    <>
      <dl className="divide-y text-sm">
        {rows.map(({ keys, does }) => (
          <div key={keys.join(" ")} className="flex items-center justify-between gap-4 py-2">
            <dt>{does}</dt>
            <dd className="flex shrink-0 gap-1">
              {keys.map((key) => (
                <kbd key={key} className="rounded-control border bg-surface-muted px-2 py-0.5 font-sans text-xs">
                  {key}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <label className="mt-4 flex items-center gap-2 text-sm">
        <input
          type="checkbox"
          className="size-4 accent-accent"
          checked={single}
          onChange={(event) => {
            setSingle(event.target.checked);
            setSingleKeys(event.target.checked);
          }}
        />
        {t("shell.singleKeys")}
      </label>
    </>
  );
}
