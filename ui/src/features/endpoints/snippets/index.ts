/** Programs that send a message to an endpoint, signed as it wants it. */
import { curlSnippet } from "./curl";
import { javascriptSnippet } from "./javascript";
import type { Message } from "./message";
import { pythonSnippet } from "./python";

export type { Message } from "./message";

export const LANGUAGES = ["curl", "javascript", "python"] as const;
export type Language = (typeof LANGUAGES)[number];

const WRITERS: Record<Language, (message: Message) => string | null> = {
  curl: curlSnippet,
  javascript: javascriptSnippet,
  python: pythonSnippet,
};

/** Null where the language has no way without the program. */
export const snippetIn = (language: Language, message: Message): string | null =>
  WRITERS[language](message);
