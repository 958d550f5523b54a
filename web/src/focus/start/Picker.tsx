import { ChevronsUpDown, Plus } from "lucide-react";
import { useRef, useState, type ReactNode } from "react";
import { ErrorState, Loading } from "@/components/states";
import { Command, CommandEmpty, CommandGroup, CommandInput, CommandItem, CommandList } from "@/components/ui/command";
import { fieldClass } from "@/components/ui/input";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import { Skeleton } from "@/components/ui/skeleton";
import { cn } from "@/lib/cn";
import type { QueryState } from "@/lib/live/useQueryState";
import { t } from "@/messages/translate";

type Choice = { id: string; emoji: string; label: string; note: string };

type Props = {
  label: string;
  placeholder: string;
  choices: QueryState<Choice[]>;
  value: string | null;
  onChange: (id: string) => void;
  /** Creates a new item; `text` is what was typed so far. */
  createLabel: string;
  onCreate: (text: string) => void;
};

/** A choice of one among many, found by typing or created. */
export function Picker(props: Props) {
  const [open, setOpen] = useState(false);
  const creating = useRef(false);
  const [text, setText] = useState("");
  const { choices } = props;
  const chosen = choices.kind === "ready" ? choices.data.find(({ id }) => id === props.value) : undefined;
  const create = () => {
    creating.current = true;
    setOpen(false);
    props.onCreate(text.trim());
  };
  const pick = (id: string) => {
    setOpen(false);
    props.onChange(id);
  };

  if (choices.kind === "error") return <ErrorState failure={choices.failure} retry={choices.retry} className="py-2" />;
  if (choices.kind === "loading")
    return (
      <Loading>
        <Skeleton className="h-12" />
      </Loading>
    );
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger
        aria-label={chosen ? t("common.labeled", { label: props.label, value: chosen.label }) : props.label}
        className={cn(fieldClass, "flex h-12 items-center gap-3 text-left")}
      >
        {chosen ? <Row choice={chosen} /> : <span className="flex-1 text-muted-foreground">{props.placeholder}</span>}
        <ChevronsUpDown className="size-4 shrink-0 text-muted-foreground" />
      </PopoverTrigger>
      <PopoverContent
        align="start"
        // The dialog that opens next takes the focus; the trigger must not take it back.
        onCloseAutoFocus={(event) => {
          if (creating.current) event.preventDefault();
          creating.current = false;
        }}
        className="w-(--radix-popover-trigger-width) min-w-64 overflow-hidden p-0"
      >
        <Command>
          <CommandInput placeholder={t("focus.searchByName")} value={text} onValueChange={setText} />
          <CommandList>
            <CommandEmpty>{text ? t("focus.noResultsFor", { text }) : t("focus.nothingYet")}</CommandEmpty>
            <CommandGroup>
              {choices.data.map((choice) => (
                <CommandItem key={choice.id} value={choice.id} keywords={[choice.label, choice.note]} onSelect={pick}>
                  <Row choice={choice} />
                </CommandItem>
              ))}
            </CommandGroup>
          </CommandList>
          <div className="border-t p-1">
            <CreateButton onClick={create}>
              <span className="shrink-0">{props.createLabel}</span>
              {text.trim() && (
                <span className="truncate text-muted-foreground">{t("focus.createNamed", { text: text.trim() })}</span>
              )}
            </CreateButton>
          </div>
        </Command>
      </PopoverContent>
    </Popover>
  );
}

function Row({ choice: { emoji, label, note } }: { choice: Choice }) {
  return (
    <span className="flex min-w-0 flex-1 items-center gap-3">
      <span aria-hidden className="text-lg leading-none">
        {emoji}
      </span>
      <span className="min-w-0 flex-1 truncate">{label}</span>
      <span className="hidden truncate text-xs text-muted-foreground sm:block">{note}</span>
    </span>
  );
}

function CreateButton({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      onClick={onClick}
      // The list around this button takes Enter for its selected item. Here Enter presses the button.
      onKeyDown={(event) => event.stopPropagation()}
      className="flex h-10 w-full items-center gap-2 rounded-control px-2 text-sm font-medium text-accent-text hover:bg-surface-muted"
    >
      <Plus className="size-4 shrink-0" /> {children}
    </button>
  );
}
