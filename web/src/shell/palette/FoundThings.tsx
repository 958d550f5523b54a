import { useCommandState } from "cmdk";
import { BookOpen, FileText, Play, Target } from "lucide-react";
import { useNavigate } from "react-router";
import { CommandGroup } from "@/components/ui/command";
import { useFocus } from "@/focus/FocusProvider";
import { api } from "@/lib/api";
import { usePaginatedState } from "@/lib/live/usePaginatedState";
import { useQueryState } from "@/lib/live/useQueryState";
import { useDebounced } from "@/lib/hooks/useDebounced";
import { t } from "@/messages/translate";
import { titleOf } from "@/valuations/reports";
import { PaletteItem } from "./PaletteItem";

/** The latest reports, among which the palette looks. */
const REPORTS = 50;
const SESSIONS = 8;
/** Below that, everything would match. */
const SEARCH_MIN = 2;

/** The user's own goals and reports, and tutoring sessions, by what is typed in the palette. */
export function FoundThings({ close }: { close: () => void }) {
  const search = useCommandState((state) => state.search).trim();
  if (search.length < SEARCH_MIN) return null;
  return <Found search={search} close={close} />;
}

function Found({ search, close }: { search: string; close: () => void }) {
  const navigate = useNavigate();
  const { session } = useFocus();
  const isIdle = session.kind === "ready" && session.data === null;
  const goals = useQueryState(api.focus.goals.list, {});
  const reports = usePaginatedState(api.valuations.sessions.list, { status: "all" }, REPORTS);
  const sessions = usePaginatedState(api.tutoring.sessions.list, { search: useDebounced(search, 250) }, SESSIONS);
  const goTo = (path: string) => () => {
    close();
    void navigate(path);
  };
  return (
    <>
      <CommandGroup heading={t("focus.goals")}>
        {goals.kind === "ready" &&
          goals.data.map(({ id, title }) => (
            <PaletteItem key={id} id={id} icon={<Target />} label={title} onSelect={goTo(`/focus/goals/${id}`)} />
          ))}
        {goals.kind === "ready" &&
          isIdle &&
          goals.data.map(({ id, title }) => (
            <PaletteItem
              key={`start ${id}`}
              id={id}
              icon={<Play />}
              label={t("shell.startGoal", { goal: title })}
              onSelect={goTo(`/focus?goal=${id}`)}
            />
          ))}
      </CommandGroup>
      <CommandGroup heading={t("shell.reports")}>
        {reports.kind === "ready" &&
          reports.data.map((report) => (
            <PaletteItem
              key={report.id}
              id={report.id}
              icon={<FileText />}
              label={titleOf(report)}
              onSelect={goTo(`/reports/${encodeURIComponent(report.reportId)}`)}
            />
          ))}
      </CommandGroup>
      <CommandGroup heading={t("shell.tutoring")}>
        {sessions.kind === "ready" &&
          sessions.data.map(({ id, title, subject }) => (
            <PaletteItem
              key={id}
              id={String(id)}
              icon={<BookOpen />}
              label={title}
              words={subject}
              onSelect={goTo(`/tutoring/${id}`)}
            />
          ))}
      </CommandGroup>
    </>
  );
}
