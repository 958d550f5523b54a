import { Ellipsis } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Button } from "@/components/ui/button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { t } from "@/messages/translate";

export type MoreAction = { icon: ReactNode; label: string; act: () => void };

/** Actions that are possible but not what people look for first. Nothing when there are none. */
export function MoreActions({ actions }: { actions: MoreAction[] }) {
  const [place, setPlace] = useState<HTMLSpanElement | null>(null);
  if (actions.length === 0) return null;
  return (
    <span ref={setPlace}>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button variant="ghost" size="icon" aria-label={t("common.moreActions")}>
            <Ellipsis />
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end" container={place}>
          {actions.map(({ icon, label, act }) => (
            <DropdownMenuItem key={label} onSelect={act}>
              {icon} {label}
            </DropdownMenuItem>
          ))}
        </DropdownMenuContent>
      </DropdownMenu>
    </span>
  );
}
