import { useAuthActions } from "@convex-dev/auth/react";
import { FilePlus, Keyboard, LogOut, Monitor, Moon, Pause, Play, Sun, Timer } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import { useEffect, useState } from "react";
import { useNavigate } from "react-router";
import { useMe } from "@/accounts/MeProvider";
import { Command, CommandEmpty, CommandGroup, CommandInput, CommandList } from "@/components/ui/command";
import { onCloseAutoFocus } from "@/components/ui/dialog";
import { useFocus } from "@/focus/FocusProvider";
import { useSessionControls } from "@/focus/live/useSessionControls";
import { chooseTheme } from "@/lib/theme";
import { t } from "@/messages/translate";
import { useNewReport } from "@/valuations/useNewReport";
import { FoundThings } from "./FoundThings";
import { onPaletteAsked, openShortcuts } from "./palette";
import { PaletteItem as Item } from "./PaletteItem";
import { MAIN_PLACES, OTHER_PLACES, permitted } from "../places";

/** The command palette: every page, and the actions that make sense anywhere. Opens on Ctrl or ⌘ K. */
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
          className="fixed top-[12dvh] left-1/2 z-50 flex max-h-[80dvh] w-[calc(100vw-2rem)] max-w-lg -translate-x-1/2 flex-col overflow-hidden rounded-card border bg-surface shadow-raised"
        >
          <Primitive.Title className="sr-only">{t("shell.goTo")}</Primitive.Title>
          <Command label={t("shell.goTo")}>
            <CommandInput placeholder={t("shell.searchHint")} />
            <CommandEmpty>{t("shell.noResults")}</CommandEmpty>
            <CommandList label={t("shell.goTo")}>
              <Commands close={() => setOpen(false)} />
              <FoundThings close={() => setOpen(false)} />
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
  const { create } = useNewReport();
  const { pause, resume } = useSessionControls(live?.id ?? "");
  const does = (act: () => unknown) => () => {
    close();
    void act();
  };
  return (
    <>
      <CommandGroup heading={t("shell.focus")}>
        {!live && <Item icon={<Timer />} label={t("shell.startFocus")} onSelect={does(() => navigate("/focus"))} />}
        {live && (
          <Item icon={<Timer />} label={t("shell.openRunning")} onSelect={does(() => navigate("/focus/live"))} />
        )}
        {live?.status === "active" && <Item icon={<Pause />} label={t("shell.pauseSession")} onSelect={does(pause)} />}
        {live?.status === "paused" && <Item icon={<Play />} label={t("shell.resumeSession")} onSelect={does(resume)} />}
      </CommandGroup>
      <CommandGroup heading={t("shell.reports")}>
        <Item icon={<FilePlus />} label={t("valuations.newReport")} onSelect={does(create)} />
      </CommandGroup>
      <CommandGroup heading={t("shell.goTo")}>
        {permitted([...MAIN_PLACES, ...OTHER_PLACES], permissions).map(({ path, label, icon: Icon, words }) => (
          <Item key={path} icon={<Icon />} label={label} words={words} onSelect={does(() => navigate(path))} />
        ))}
      </CommandGroup>
      <CommandGroup heading={t("shell.help")}>
        <Item icon={<Keyboard />} label={t("shell.shortcuts")} onSelect={does(openShortcuts)} />
      </CommandGroup>
      <CommandGroup heading={t("shell.appearance")}>
        <Item icon={<Sun />} label={t("shell.lightTheme")} onSelect={does(() => chooseTheme("light"))} />
        <Item icon={<Moon />} label={t("shell.darkTheme")} onSelect={does(() => chooseTheme("dark"))} />
        <Item icon={<Monitor />} label={t("shell.systemTheme")} onSelect={does(() => chooseTheme("system"))} />
      </CommandGroup>
      {!isAnonymous && (
        <CommandGroup heading={t("shell.account")}>
          <Item icon={<LogOut />} label={t("accounts.signOut")} onSelect={does(signOut)} />
        </CommandGroup>
      )}
    </>
  );
}
