import { BookOpen, Plus, Search } from "lucide-react";
import { useState } from "react";
import { DataList } from "@/components/DataList";
import { PageHeader } from "@/components/PageHeader";
import { EmptyState } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Input } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import { Select } from "@/components/ui/select";
import { api } from "@/lib/api";
import { useDebounced } from "@/lib/useDebounced";
import { usePaginatedState } from "@/lib/usePaginatedState";
import { useQueryState, type QueryState } from "@/lib/useQueryState";
import type { TutoringSession } from "./api";
import { CreateTutoringDialog } from "./CreateTutoringDialog";
import { TutoringRow } from "./TutoringRow";
import { LEVEL_OPTIONS } from "./words";

type View = "all" | "joined" | "created";

const VIEWS = [
  { value: "all", label: "All" },
  { value: "joined", label: "Joined" },
  { value: "created", label: "Mine to give" },
] as const;

const ANY_LEVEL = "any";
const LEVELS = [{ value: ANY_LEVEL, label: "Every level" }, ...LEVEL_OPTIONS];

/** Sessions to join, sessions joined, sessions given. */
export function TutoringPage() {
  const [view, setView] = useState<View>("all");
  const [creating, setCreating] = useState(false);
  return (
    <>
      <PageHeader
        title="Tutoring"
        action={
          <Button onClick={() => setCreating(true)}>
            <Plus /> Offer a session
          </Button>
        }
      />
      <Segmented label="Which sessions" value={view} options={VIEWS} onChange={setView} className="mb-4" />
      {view === "all" ? <All /> : <Own view={view} />}
      <CreateTutoringDialog open={creating} onOpenChange={setCreating} />
    </>
  );
}

function All() {
  const [text, setText] = useState("");
  const [level, setLevel] = useState(ANY_LEVEL);
  const search = useDebounced(text.trim(), 200);
  const sessions = usePaginatedState(api.tutoring.sessions.list, {
    ...(search && { search }),
    ...(level !== ANY_LEVEL && { level }),
  });
  const filtered = search !== "" || level !== ANY_LEVEL;
  return (
    <>
      <div className="mb-4 flex flex-wrap gap-3">
        <div className="relative max-w-sm min-w-48 flex-1">
          <Search className="absolute top-3 left-3 size-4 text-muted-foreground" />
          <Input
            type="search"
            aria-label="Search sessions"
            placeholder="Subject, title or tutor"
            maxLength={200}
            className="pl-9"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
        <Select aria-label="Level" value={level} onChange={setLevel} options={LEVELS} className="w-40" />
      </div>
      <SessionList
        state={sessions}
        empty={filtered ? "No session matches." : "Nobody has offered a session yet. Yours could be the first."}
      />
    </>
  );
}

function Own({ view }: { view: "joined" | "created" }) {
  const mine = useQueryState(api.tutoring.sessions.mine, {});
  const state: QueryState<TutoringSession[]> = mine.kind === "ready" ? { kind: "ready", data: mine.data[view] } : mine;
  return (
    <SessionList state={state} empty={view === "joined" ? "You have not joined a session yet." : "You have not offered a session yet."} />
  );
}

function SessionList({ state, empty }: { state: QueryState<TutoringSession[]>; empty: string }) {
  return (
    <Card aria-label="Sessions" className="py-1 sm:py-2">
      <DataList
        state={state}
        label="Tutoring sessions"
        keyOf={({ id }) => id}
        row={(session) => <TutoringRow session={session} />}
        empty={<EmptyState icon={<BookOpen />}>{empty}</EmptyState>}
      />
    </Card>
  );
}
