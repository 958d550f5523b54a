import type { ReactNode } from "react";
import { CommandItem } from "@/components/ui/command";

type Props = {
  icon: ReactNode;
  label: string;
  /** Tells items of the same label apart. */
  id?: string;
  words?: string | undefined;
  onSelect: () => void;
};

/** A line of the command palette, found by its label and further words. */
export function PaletteItem({ icon, label, id = "", words, onSelect }: Props) {
  return (
    <CommandItem value={label + hidden(id)} onSelect={onSelect} {...(words && { keywords: words.split(" ") })}>
      {icon} <span className="min-w-0 truncate">{label}</span>
    </CommandItem>
  );
}

/** An id in characters that nobody types, so that it is not found by accident. */
const hidden = (id: string): string =>
  Array.from(id, (letter) => String.fromCodePoint(0xe000 + ((letter.codePointAt(0) ?? 0) % 0x1000))).join("");
