/** Checks a document while it is being typed: its JSON here, everything else by Hookloom. */
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { validateFlow, type FlowDocument, type Problem } from "@/api";
import { useTranslation } from "@/i18n";
import { isFields } from "./document";
import { readPlaces } from "./jsonPlaces";
import { useSyntaxWords } from "./syntaxWords";

const TYPING_PAUSE_MS = 350;

export interface DraftProblems {
  document: FlowDocument | undefined;
  places: Map<string, number> | undefined;
  /** What is wrong with the JSON itself. */
  mistake: string | null;
  problems: Problem[];
  checking: boolean;
  checked: boolean;
}

export function useDraftProblems(text: string): DraftProblems {
  const { t } = useTranslation("flows");
  const syntax = useSyntaxWords();
  const read = useMemo(() => readDocument(text), [text]);
  const [settled] = useDebouncedValue(text, TYPING_PAUSE_MS);
  const isSettled = settled === text;
  const check = useQuery({
    queryKey: ["validate", settled],
    queryFn: () => validateFlow(readDocument(settled).document ?? {}),
    enabled: isSettled && read.document !== undefined,
    gcTime: 0,
  });
  const notObject = read.places && !read.document ? t("import.notObject") : null;
  return {
    ...read,
    mistake: syntax(text) ?? notObject,
    problems: isSettled ? (check.data?.problems ?? []) : [],
    checking: read.document !== undefined && (!isSettled || check.isFetching),
    checked: isSettled && check.isSuccess,
  };
}

function readDocument(text: string): Pick<DraftProblems, "document" | "places"> {
  const read = text.trim() === "" ? undefined : readPlaces(text);
  if (!read?.ok) return { document: undefined, places: undefined };
  const value: unknown = JSON.parse(text);
  return { document: isFields(value) ? value : undefined, places: read.places };
}
