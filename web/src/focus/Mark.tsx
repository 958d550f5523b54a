import { createElement } from "react";
import { cn } from "@/lib/cn";
import { hasEmojiFont, iconOf, initialOf } from "./marks";

type Props = {
  emoji: string;
  name: string;
  /** The color of the category. */
  color?: string | undefined;
  /** Without a tile, as tall as the text beside it. */
  inline?: boolean;
  className?: string;
};

/** The mark of a goal or an activity: an icon for its emoji, else the emoji itself, else the initial of its name. */
export function Mark({ emoji, name, color, inline = false, className }: Props) {
  const icon = iconOf(emoji);
  return (
    <span
      aria-hidden
      style={{ color }}
      className={cn(
        "inline-grid shrink-0 place-items-center leading-none",
        inline ? "size-[1.1em] align-[-0.15em]" : "size-9 rounded-control bg-surface-muted text-base",
        !color && "text-muted-foreground",
        className,
      )}
    >
      {icon ? (
        createElement(icon, { className: inline ? "size-full" : "size-4.5" })
      ) : hasEmojiFont() ? (
        emoji
      ) : (
        <span className="text-[0.85em] font-semibold">{initialOf(name)}</span>
      )}
    </span>
  );
}
