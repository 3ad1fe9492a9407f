/** What a template gives with the data of the last job, a moment after the last key. */
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { keys } from "@/api";
import { previewTemplate } from "@/api/trying";
import type { TemplatePreviewed } from "@/api";
import type { FormContext, TemplatePlace } from "../types";

const WAIT_MS = 250;

interface PreviewOptions {
  text: string;
  kind: TemplatePlace;
  context: FormContext;
  isWanted: boolean;
}

export interface ShownPreview {
  /** The text that it was made of: offsets of errors are good for it alone. */
  of: string;
  preview: TemplatePreviewed;
}

export function usePreview(options: PreviewOptions): ShownPreview | null {
  const { kind, context } = options;
  const [text] = useDebouncedValue(options.text, WAIT_MS);
  const isWanted = options.isWanted && options.text.includes("{{");
  const { flow, place, document } = context;
  const query = useQuery({
    queryKey: [...keys.flow(flow), "preview", place, kind, text],
    queryFn: async () => ({
      of: text,
      preview: await previewTemplate({
        flow,
        document,
        place,
        text,
        kind,
        in_task: place.startsWith("/webhook_tasks"),
      }),
    }),
    enabled: isWanted && text.includes("{{"),
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 60_000,
  });
  return isWanted ? (query.data ?? null) : null;
}
