import { useMutation } from "convex/react";
import { useEffect, useRef, useState } from "react";
import { api } from "@/lib/api";
import { readFailure } from "@/lib/errors";
import { findFileProblem, titleOf } from "./fileRules";
import { upload, type Upload } from "./upload";

/** Files that travel at the same time; the others wait for their turn. */
const AT_ONCE = 2;

export type Sending = {
  key: number;
  name: string;
  /** 0–1; null while it waits. */
  part: number | null;
  /** Why it was not added; null while it may be. */
  problem: string | null;
};

/** Adds files to a session as materials, several at once, each with its progress. One that is added leaves the list. */
export function useUploads(sessionId: number) {
  const generateUploadUrl = useMutation(api.tutoring.materials.generateUploadUrl);
  const add = useMutation(api.tutoring.materials.add);
  const [sendings, setSendings] = useState<Sending[]>([]);
  const lastKey = useRef(0);
  const waiting = useRef<{ key: number; file: File }[]>([]);
  const running = useRef(new Map<number, Upload | null>());
  const isGone = useRef(false);

  // Leaving the page stops what is under way: nothing has been added of it.
  useEffect(() => {
    isGone.current = false;
    const uploads = running.current;
    return () => {
      isGone.current = true;
      waiting.current = [];
      for (const each of uploads.values()) each?.abort();
    };
  }, []);

  const change = (key: number, changes: Partial<Sending>) =>
    setSendings((all) => all.map((each) => (each.key === key ? { ...each, ...changes } : each)));
  const forget = (key: number) => setSendings((all) => all.filter((each) => each.key !== key));

  const send = async (key: number, file: File) => {
    change(key, { part: 0 });
    const url = await generateUploadUrl({ sessionId });
    // Stopped while the address was asked for.
    if (!running.current.has(key)) return;
    const sent = upload(url, file, (part) => change(key, { part }));
    running.current.set(key, sent);
    await add({
      sessionId,
      title: titleOf(file),
      type: "file",
      fileName: file.name,
      storageId: await sent.storageId,
    });
    forget(key);
  };

  const startNext = () => {
    while (!isGone.current && running.current.size < AT_ONCE) {
      const next = waiting.current.shift();
      if (!next) return;
      running.current.set(next.key, null);
      send(next.key, next.file)
        .catch((error: unknown) => {
          const { fields, message } = readFailure(error);
          if (running.current.has(next.key))
            change(next.key, { part: null, problem: Object.values(fields).flat()[0] ?? message });
        })
        .finally(() => {
          running.current.delete(next.key);
          startNext();
        });
    }
  };

  const addFiles = (files: Iterable<File>) => {
    const made = [...files].map((file) => ({ key: ++lastKey.current, file, problem: findFileProblem(file) }));
    waiting.current.push(...made.filter(({ problem }) => problem === null));
    setSendings((all) => [
      ...all,
      ...made.map(({ key, file, problem }) => ({ key, name: file.name, part: null, problem })),
    ]);
    startNext();
  };
  /** Stops a file, or takes one that was not added off the list. */
  const stop = (key: number) => {
    const sent = running.current.get(key);
    running.current.delete(key);
    waiting.current = waiting.current.filter((each) => each.key !== key);
    forget(key);
    sent?.abort();
    startNext();
  };
  return { sendings, addFiles, stop };
}
