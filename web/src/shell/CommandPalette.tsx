import { useAuthActions } from "@convex-dev/auth/react";
import { LogOut, Monitor, Moon, Pause, Play, Sun, Timer } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import { useEffect, useState, type ReactNode } from "react";
import { useNavigate } from "react-router";
import { useMe } from "@/accounts/MeProvider";
import { Command, CommandEmpty, CommandGroup, CommandInput, CommandItem, CommandList } from "@/components/ui/command";
import { onCloseAutoFocus } from "@/components/ui/dialog";
import { useFocus } from "@/focus/FocusProvider";
import { useSessionControls } from "@/focus/live/useSessionControls";
import { chooseTheme } from "@/lib/theme";
import { onPaletteAsked } from "./palette";
import { MAIN_PLACES, OTHER_PLACES, permitted } from "./places";

/** Every place and the few acts that make sense anywhere, on Ctrl or ⌘ K. */
export function CommandPalette() {
  const [open, setOpen] = useState(false);
  useEffect(() => onPaletteAsked(() => setOpen((shown) => !shown)), []);
  return (
    <Primitive.Root open={open} onOpenChange={setOpen}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-50 bg-black/45" />
        <Primitive.Content
          aria-describedby={undefined}
          onCloseAutoFocus={onCloseAutoFocus}
          className="fixed top-[12dvh] left-1/2 z-50 w-[calc(100vw-2rem)] max-w-lg -translate-x-1/2 overflow-hidden rounded-card border bg-surface shadow-raised"
        >
          <Primitive.Title className="sr-only">Go to</Primitive.Title>
          <Command>
            <CommandInput placeholder="Where to, or what to do" />
            <CommandList>
              <CommandEmpty>Nothing by that name.</CommandEmpty>
              <Commands close={() => setOpen(false)} />
            </CommandList>
          </Command>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

function Commands({ close }: { close: () => void }) {
  const navigate = useNavigate();
  const { permissions, isAnonymous } = useMe();
  const { signOut } = useAuthActions();
  const { session } = useFocus();
  const live = session.kind === "ready" ? session.data : null;
  const { pause, resume } = useSessionControls(live?.id ?? "");
  const does = (act: () => unknown) => () => {
    close();
    void act();
  };
  return (
    <>
      <CommandGroup heading="Focus">
        {!live && <Item icon={<Timer />} label="Start a focus session" onSelect={does(() => navigate("/focus"))} />}
        {live && (
          <Item icon={<Timer />} label="Show the running session" onSelect={does(() => navigate("/focus/live"))} />
        )}
        {live?.status === "active" && <Item icon={<Pause />} label="Pause the session" onSelect={does(pause)} />}
        {live?.status === "paused" && <Item icon={<Play />} label="Resume the session" onSelect={does(resume)} />}
      </CommandGroup>
      <CommandGroup heading="Go to">
        {permitted([...MAIN_PLACES, ...OTHER_PLACES], permissions).map(({ path, label, icon: Icon, words }) => (
          <Item key={path} icon={<Icon />} label={label} words={words} onSelect={does(() => navigate(path))} />
        ))}
      </CommandGroup>
      <CommandGroup heading="Look">
        <Item icon={<Sun />} label="Light theme" onSelect={does(() => chooseTheme("light"))} />
        <Item icon={<Moon />} label="Dark theme" onSelect={does(() => chooseTheme("dark"))} />
        <Item icon={<Monitor />} label="Theme of the system" onSelect={does(() => chooseTheme("system"))} />
      </CommandGroup>
      {!isAnonymous && (
        <CommandGroup heading="Account">
          <Item icon={<LogOut />} label="Sign out" onSelect={does(signOut)} />
        </CommandGroup>
      )}
    </>
  );
}

function Item(props: { icon: ReactNode; label: string; words?: string | undefined; onSelect: () => void }) {
  return (
    <CommandItem
      value={props.label}
      onSelect={props.onSelect}
      {...(props.words && { keywords: props.words.split(" ") })}
    >
      {props.icon} {props.label}
    </CommandItem>
  );
}
