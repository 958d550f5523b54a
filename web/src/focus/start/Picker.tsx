import { defaultFilter } from "cmdk";
import { ChevronsUpDown, Plus } from "lucide-react";
import { useRef, useState, type ReactNode, type RefObject } from "react";
import { ErrorState, Loading } from "@/components/states";
import { Command, CommandGroup, CommandInput, CommandItem, CommandList } from "@/components/ui/command";
import { fieldClass } from "@/components/ui/input";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import { Skeleton } from "@/components/ui/skeleton";
import { cn } from "@/lib/cn";
import type { QueryState } from "@/lib/live/useQueryState";
import { t } from "@/messages/translate";
import { Mark } from "../Mark";

type Choice = { id: string; emoji: string; label: string; note: string };

type PickerProps = {
  label: string;
  placeholder: string;
  choices: QueryState<Choice[]>;
  value: string | null;
  onChange: (id: string) => void;
  /** Creates an item of that name at once. */
  onCreate: (name: string) => void;
  /** Opens the dialog for a new item; `text` is what was typed so far. */
  onDescribe: (text: string) => void;
  describeLabel: string;
  /** Gets the button, for a form that opens the list. */
  buttonRef: RefObject<HTMLButtonElement | null>;
};

/** A choice of one among many, found by typing. Enter takes the first match, or creates what was typed. */
export function Picker({ buttonRef, ...props }: PickerProps) {
  const [open, setOpen] = useState(false);
  const describing = useRef(false);
  const { choices } = props;
  const chosen = choices.kind === "ready" ? choices.data.find(({ id }) => id === props.value) : undefined;
  const then = (act: () => void) => {
    setOpen(false);
    act();
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
      <PopoverTrigger ref={buttonRef} className={cn(fieldClass, "flex h-12 items-center gap-3 text-start")}>
        <span className="sr-only">{t("common.labeled", { label: props.label, value: "" })}</span>
        {chosen ? <Row choice={chosen} /> : <span className="flex-1 text-muted-foreground">{props.placeholder}</span>}
        <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-muted-foreground" />
      </PopoverTrigger>
      <PopoverContent
        aria-label={props.label}
        align="start"
        // The dialog that opens next takes the focus; the trigger must not take it back.
        onCloseAutoFocus={(event) => {
          if (describing.current) event.preventDefault();
          describing.current = false;
        }}
        className="flex w-(--radix-popover-trigger-width) min-w-64 flex-col overflow-hidden p-0"
      >
        <Choices
          label={props.label}
          choices={choices.data}
          describeLabel={props.describeLabel}
          pick={(id) => then(() => props.onChange(id))}
          create={(name) => then(() => props.onCreate(name))}
          describe={(text) =>
            then(() => {
              describing.current = true;
              props.onDescribe(text);
            })
          }
        />
      </PopoverContent>
    </Popover>
  );
}

type ChoicesProps = {
  label: string;
  choices: readonly Choice[];
  describeLabel: string;
  pick: (id: string) => void;
  create: (name: string) => void;
  describe: (text: string) => void;
};

const NEW = "new";

function Choices({ label, choices, describeLabel, pick, create, describe }: ChoicesProps) {
  const [text, setText] = useState("");
  const name = text.trim();
  const matches = matching(choices, name);
  const isNew = name !== "" && !choices.some((choice) => choice.label.toLowerCase() === name.toLowerCase());
  const isEmpty = matches.length === 0 && !isNew;
  return (
    <Command label={label} shouldFilter={false}>
      <CommandInput placeholder={t("focus.searchByName")} value={text} onValueChange={setText} />
      {isEmpty && <p className="px-3 py-6 text-center text-sm text-muted-foreground">{t("focus.nothingYet")}</p>}
      <CommandList label={label} className={cn(isEmpty && "hidden")}>
        <CommandGroup>
          {matches.map((choice) => (
            <CommandItem key={choice.id} value={choice.id} onSelect={pick}>
              <Row choice={choice} />
            </CommandItem>
          ))}
          {isNew && (
            <CommandItem value={NEW} onSelect={() => create(name)}>
              <Plus aria-hidden />
              <span className="min-w-0 truncate">{t("focus.createNamed", { text: name })}</span>
            </CommandItem>
          )}
        </CommandGroup>
      </CommandList>
      <div className="shrink-0 border-t p-1">
        <DescribeButton onClick={() => describe(name)}>{describeLabel}</DescribeButton>
      </div>
    </Command>
  );
}

/** The choices whose label or note fits the text, the best first. */
function matching(choices: readonly Choice[], text: string): readonly Choice[] {
  if (text === "") return choices;
  return choices
    .map((choice) => ({ choice, score: defaultFilter(choice.label, text, [choice.note]) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ choice }) => choice);
}

function Row({ choice: { emoji, label, note } }: { choice: Choice }) {
  return (
    <span className="flex min-w-0 flex-1 items-center gap-3">
      <Mark emoji={emoji} name={label} className="size-7" />
      <span className="min-w-0 flex-1 truncate">{label}</span>
      <span className="hidden truncate text-xs text-muted-foreground sm:block">{note}</span>
    </span>
  );
}

function DescribeButton({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      onClick={onClick}
      // The list around this button takes Enter for its selected item. Here Enter presses the button.
      onKeyDown={(event) => event.stopPropagation()}
      className="flex h-10 w-full items-center gap-2 rounded-control px-2 text-sm font-medium text-accent-text hover:bg-surface-muted"
    >
      <Plus aria-hidden className="size-4 shrink-0" /> {children}
    </button>
  );
}
