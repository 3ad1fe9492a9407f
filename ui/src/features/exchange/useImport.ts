/** The preview of what was given, and the import that does exactly that. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import {
  importText,
  previewImport,
  putSecret,
  type Existing,
  type ImportChoice,
  type ImportPart,
  type ImportReport,
} from "@/api";
import { notify, useAction } from "@/design";
import { useTranslation } from "@/i18n";
import type { Given } from "./given";

/** Somebody who types is not asked after each letter. */
const TYPING_MS = 400;

interface Done {
  report: ImportReport;
  /** Secrets whose value was typed and could not be kept. */
  failed: string[];
}

export function useImport(given: Given, onClose: () => void) {
  const { t } = useTranslation("exchange");
  const navigate = useNavigate();
  const settled = useSettled(given);
  const [existing, setExisting] = useState<Existing>("keep_both");
  const [choices, setChoices] = useState<ImportChoice[]>([]);
  const asked = { text: settled.text, name: settled.name, existing, choices };
  const isGiven = settled.text.trim() !== "";
  const preview = useQuery({
    queryKey: ["import-preview", settled.id, existing, choices],
    queryFn: () => previewImport(asked),
    enabled: isGiven,
    gcTime: 0,
    retry: false,
    placeholderData: keepPreviousData,
  });
  const isCurrent = settled.id === given.id && !preview.isPlaceholderData && !preview.isFetching;
  const report = isGiven && !preview.error ? preview.data : undefined;

  const doImport = useAction<Record<string, string>, Done>({
    run: async (values) => {
      const done = await importText({ ...asked, plan: report?.plan });
      return { report: done, failed: await setSecrets(values) };
    },
    stale: () => ["flows", "status", "secrets", "variables", "views", "alert_rules", "storage"],
    onDone: ({ report: done, failed }) => {
      const message =
        failed.length > 0
          ? t("dialog.secretsFailed", { names: failed.join(", ") })
          : t("dialog.done", { count: done.flows.length });
      notify({ message, tone: failed.length > 0 ? "bad" : "good" });
      onClose();
      const [name, ...others] = done.flows;
      if (name === undefined) return;
      void (others.length === 0
        ? navigate({ to: "/flows/$name", params: { name } })
        : navigate({ to: "/flows" }));
    },
    quiet: true,
  });

  function choose({ kind, name, set }: ImportPart, chosen: Existing) {
    const isIt = (it: ImportChoice) => it.kind === kind && it.name === name && it.set === set;
    setChoices((before) => [
      ...before.filter((it) => !isIt(it)),
      { kind, name, set, existing: chosen },
    ]);
  }

  function chooseForAll(chosen: Existing) {
    setChoices([]);
    setExisting(chosen);
  }

  return {
    report,
    isCurrent: isCurrent && report !== undefined,
    isLooking: isGiven && preview.isFetching,
    error: doImport.error ?? (isGiven ? preview.error : null),
    lookAgain() {
      doImport.reset();
      void preview.refetch();
    },
    existing,
    choose,
    chooseForAll,
    doImport,
  };
}

/** The names of those that could not be set. */
async function setSecrets(values: Record<string, string>): Promise<string[]> {
  const failed: string[] = [];
  for (const [name, value] of Object.entries(values)) {
    if (value === "") continue;
    await putSecret(name, value).catch(() => failed.push(name));
  }
  return failed;
}

function useSettled(given: Given): Given {
  const [settled, setSettled] = useState(given);
  useEffect(() => {
    const wait = setTimeout(() => setSettled(given), TYPING_MS);
    return () => clearTimeout(wait);
  }, [given]);
  return settled;
}
