/**
 * Checks a document while it is being typed: the places of its JSON here, everything else by Hookloom, which gets the
 * text as it is.
 */
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { validateFlow, type Problem } from "@/api";
import { useTranslation } from "@/i18n";
import { readPlaces } from "./jsonPlaces";
import { useSyntaxWords } from "./syntaxWords";

const TYPING_PAUSE_MS = 350;

export interface DraftProblems {
  /** Whether the text is a JSON object, so that it can be sent as it is. */
  readable: boolean;
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
    queryFn: () => validateFlow(settled),
    enabled: isSettled && read.readable,
    gcTime: 0,
  });
  const notObject = read.places && !read.readable ? t("import.notObject") : null;
  return {
    ...read,
    mistake: syntax(text) ?? notObject,
    problems: isSettled ? (check.data?.problems ?? []) : [],
    checking: read.readable && (!isSettled || check.isFetching),
    checked: isSettled && check.isSuccess,
  };
}

function readDocument(text: string): Pick<DraftProblems, "readable" | "places"> {
  const read = text.trim() === "" ? undefined : readPlaces(text);
  if (!read?.ok) return { readable: false, places: undefined };
  return { readable: /^[ \t\r\n]*\{/.test(text), places: read.places };
}
