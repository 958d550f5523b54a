import { useMutation } from "convex/react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { FormField, FormMessage } from "@/components/FormField";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent, DialogFooter } from "@/components/ui/dialog";
import { Input, Textarea } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { api } from "@/lib/api";
import { ownTimeZone } from "@/lib/time";
import { useForm } from "@/lib/useForm";
import type { Level } from "./api";
import { LEVEL_OPTIONS } from "./words";

export function CreateTutoringDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent title="Offer a session" description="It is shown to everybody once it is approved.">
        <TutoringForm close={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  );
}

const NAMES = ["title", "subject", "level", "description", "date", "duration", "maxParticipants"] as const;
type Name = (typeof NAMES)[number];

const BLANK: Record<Name, string> = {
  title: "",
  subject: "",
  level: "beginner",
  description: "",
  date: "",
  duration: "60",
  maxParticipants: "10",
};

function TutoringForm({ close }: { close: () => void }) {
  const create = useMutation(api.tutoring.sessions.create);
  const navigate = useNavigate();
  const [values, setValues] = useState(BLANK);
  const form = useForm({
    names: NAMES,
    check: () => problems(values),
    save: async () => {
      const id = await create({
        title: values.title,
        subject: values.subject,
        level: values.level as Level,
        description: values.description,
        // The field holds this device's local time; the server is sent the instant.
        date: new Date(values.date).toISOString(),
        duration: Number(values.duration),
        maxParticipants: Number(values.maxParticipants),
      });
      close();
      await navigate(`/tutoring/${id}`);
    },
  });
  const set = (name: Name) => (value: string) => {
    setValues((all) => ({ ...all, [name]: value }));
    form.touched(name);
  };
  const text = (name: Name) => ({ value: values[name], onChange: (event: { target: { value: string } }) => set(name)(event.target.value) });

  return (
    <form noValidate onSubmit={form.submit} className="space-y-4">
      <FormField form={form} name="title" label="Title">
        {(wiring) => <Input {...wiring} autoFocus maxLength={200} {...text("title")} />}
      </FormField>
      <div className="grid grid-cols-2 gap-3">
        <FormField form={form} name="subject" label="Subject">
          {(wiring) => <Input {...wiring} maxLength={100} {...text("subject")} />}
        </FormField>
        <FormField form={form} name="level" label="Level">
          {(wiring) => <Select {...wiring} value={values.level} onChange={set("level")} options={LEVEL_OPTIONS} />}
        </FormField>
      </div>
      <FormField form={form} name="description" label="What it is about">
        {(wiring) => <Textarea {...wiring} {...text("description")} />}
      </FormField>
      <FormField form={form} name="date" label="Starts" hint={`Your time, ${ownTimeZone()}.`}>
        {(wiring) => <Input {...wiring} type="datetime-local" {...text("date")} />}
      </FormField>
      <div className="grid grid-cols-2 gap-3">
        <FormField form={form} name="duration" label="Minutes">
          {(wiring) => <Input {...wiring} inputMode="numeric" className="figures" {...text("duration")} />}
        </FormField>
        <FormField form={form} name="maxParticipants" label="Seats">
          {(wiring) => <Input {...wiring} inputMode="numeric" className="figures" {...text("maxParticipants")} />}
        </FormField>
      </div>
      <FormMessage form={form} />
      <DialogFooter>
        <Button variant="secondary" onClick={close}>
          Cancel
        </Button>
        <Button type="submit" busy={form.busy}>
          Offer session
        </Button>
      </DialogFooter>
    </form>
  );
}

function problems(values: Record<Name, string>): Record<string, string[]> {
  const whole = (text: string, max: number) => /^\d+$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= max;
  const startsAt = new Date(values.date).getTime();
  return {
    ...(values.title.trim() === "" && { title: ["Give the session a title."] }),
    ...(values.subject.trim() === "" && { subject: ["Name the subject."] }),
    ...(values.description.trim() === "" && { description: ["Say what it is about."] }),
    ...(Number.isNaN(startsAt)
      ? { date: ["Choose when it starts."] }
      : startsAt <= Date.now() && { date: ["Must be in the future."] }),
    ...(!whole(values.duration, 1_440) && { duration: ["Enter 1 to 1440 minutes."] }),
    ...(!whole(values.maxParticipants, 1_000) && { maxParticipants: ["Enter 1 to 1000 seats."] }),
  };
}
