import { DESCRIPTION_MAX, SUBJECT_MAX, TITLE_MAX } from "@convex/tutoring/rules";
import { useMutation } from "convex/react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useMe } from "@/accounts/MeProvider";
import { FormField } from "@/components/FormField";
import { FormFooter } from "@/components/FormFooter";
import { ResumedNote } from "@/components/ResumedNote";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Input, Textarea } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { api } from "@/lib/api";
import { readBack } from "@/lib/locale/numbers";
import { useServerNow } from "@/lib/time/ServerClock";
import { instant, ownTimeZone } from "@/lib/time/time";
import { useDraft } from "@/lib/forms/useDraft";
import { useForm } from "@/lib/forms/useForm";
import { t } from "@/messages/translate";
import type { Level, TutoringSession } from "../types";
import { findProblems, minutesOf, seatsOf, weeksOf } from "./problems";
import { readStart, startAt } from "./start";
import { StartField } from "./StartField";
import { draftOf, withDraft, type Terms, type Texts } from "./termsDraft";
import { LEVEL_OPTIONS } from "../words";

type DialogProps = { session?: TutoringSession; open: boolean; onOpenChange: (open: boolean) => void };

/** Offers a session, or changes the one that is given. */
export function TutoringFormDialog({ session, open, onOpenChange }: DialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title={session ? t("tutoring.editSession") : t("tutoring.offerASession")}
        description={session ? t("tutoring.editNote") : t("tutoring.offerNote")}
        className="sm:max-w-lg"
      >
        <TutoringForm session={session} close={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  );
}

const NAMES = [
  "title",
  "subject",
  "level",
  "description",
  "date",
  "zone",
  "weeks",
  "duration",
  "maxParticipants",
] as const;
const BLANK: Texts = {
  title: "",
  subject: "",
  level: "beginner",
  description: "",
  duration: "60",
  maxParticipants: "10",
  weeks: "1",
};

const textsOf = (session: TutoringSession): Texts => ({
  title: session.title,
  subject: session.subject,
  level: session.level,
  description: session.description,
  duration: String(session.duration),
  maxParticipants: String(session.maxParticipants),
  weeks: "1",
});

function hintOfWeeks(text: string): string {
  const count = weeksOf(text) ?? 1;
  return count > 1 ? t("tutoring.weeksRepeat", { count }) : t("tutoring.weeksHint");
}

/** The form for a session's terms. Entries survive Escape and a reload until they are sent or canceled. */
function TutoringForm({ session, close }: { session: TutoringSession | undefined; close: () => void }) {
  const create = useMutation(api.tutoring.sessions.create);
  const createWeekly = useMutation(api.tutoring.sessions.createWeekly);
  const update = useMutation(api.tutoring.sessions.update);
  const navigate = useNavigate();
  const serverNow = useServerNow();
  // The terms when the form was opened. Only changes made here are sent, so that nothing newer is overwritten.
  const [startBefore] = useState(() => session && instant(session.date));
  const [before] = useState((): Terms => ({
    texts: session ? textsOf(session) : BLANK,
    start:
      startBefore === undefined
        ? { local: "", zone: ownTimeZone(), later: false }
        : startAt(startBefore, ownTimeZone()),
  }));
  const [draft, keep, forget] = useDraft(`tutoring:${useMe().id}:${session?.id ?? "new"}`);
  const [resumed, setResumed] = useState(draft !== "");
  const { texts, start } = withDraft(draft, before);
  const edit = (changes: Partial<Terms>) => keep(draftOf({ texts, start, ...changes }, before));
  const { at } = readStart(start);
  const moved =
    startBefore === undefined || (at !== null && Math.floor(at / 60_000) !== Math.floor(startBefore / 60_000));
  const form = useForm({
    names: NAMES,
    check: () => findProblems({ texts, start, moved, seated: session?.participantCount ?? 0 }, serverNow()),
    save: async () => {
      const { level, duration, maxParticipants, weeks, ...words } = texts;
      const terms = {
        ...words,
        level: level as Level,
        duration: minutesOf(duration) ?? 0,
        maxParticipants: seatsOf(maxParticipants) ?? 0,
      };
      const date = new Date(at ?? 0).toISOString();
      if (!session) {
        const count = weeksOf(weeks) ?? 1;
        const place =
          count === 1
            ? await create({ ...terms, date })
            : await createWeekly({ ...terms, date, weeks: count, timeZone: start.zone }).then(() => null);
        forget();
        close();
        return await navigate(place === null ? "/tutoring?view=created" : `/tutoring/${place}`);
      }
      const changes = Object.fromEntries(
        Object.entries(terms).filter(([name]) => texts[name as keyof Texts] !== before.texts[name as keyof Texts]),
      );
      if (moved || Object.keys(changes).length > 0)
        await update({ id: session.id, ...changes, ...(moved && { date }) });
      forget();
      close();
    },
  });
  const set = (name: keyof Texts) => (value: string) => {
    edit({ texts: { ...texts, [name]: value } });
    form.touched(name);
  };
  const text = (name: keyof Texts) => ({
    value: texts[name],
    onChange: (event: { target: { value: string } }) => set(name)(event.target.value),
  });
  /** Gives up the changes of a session. Entries for a new one are kept. */
  const putAway = () => {
    if (session) forget();
    close();
  };
  const startOver = () => {
    forget();
    setResumed(false);
  };

  return (
    <form noValidate onSubmit={form.submit} className="space-y-4">
      {resumed && <ResumedNote startOver={startOver} />}
      <FormField form={form} name="title" label={t("common.title")}>
        {(wiring) => <Input {...wiring} autoFocus maxLength={TITLE_MAX} {...text("title")} />}
      </FormField>
      <div className="grid grid-cols-2 gap-3">
        <FormField form={form} name="subject" label={t("tutoring.subject")}>
          {(wiring) => <Input {...wiring} maxLength={SUBJECT_MAX} {...text("subject")} />}
        </FormField>
        <FormField form={form} name="level" label={t("tutoring.level")}>
          {(wiring) => <Select {...wiring} value={texts.level} onChange={set("level")} options={LEVEL_OPTIONS} />}
        </FormField>
      </div>
      <FormField form={form} name="description" label={t("tutoring.description")}>
        {(wiring) => <Textarea {...wiring} maxLength={DESCRIPTION_MAX} {...text("description")} />}
      </FormField>
      <StartField form={form} start={start} onChange={(next) => edit({ start: next })} />
      {!session && (
        <FormField form={form} name="weeks" label={t("tutoring.weeks")} hint={hintOfWeeks(texts.weeks)}>
          {(wiring) => <Input {...wiring} inputMode="numeric" className="figures sm:max-w-32" {...text("weeks")} />}
        </FormField>
      )}
      <div className="grid grid-cols-2 gap-3">
        <FormField form={form} name="duration" label={t("tutoring.minutes")} hint={readBack(texts.duration)}>
          {(wiring) => <Input {...wiring} inputMode="numeric" className="figures" {...text("duration")} />}
        </FormField>
        <FormField
          form={form}
          name="maxParticipants"
          label={t("tutoring.seats")}
          hint={readBack(texts.maxParticipants)}
        >
          {(wiring) => <Input {...wiring} inputMode="numeric" className="figures" {...text("maxParticipants")} />}
        </FormField>
      </div>
      <FormFooter
        form={form}
        submit={session ? t("common.saveChanges") : t("tutoring.offerSession")}
        onCancel={putAway}
      />
    </form>
  );
}
