/** A request as a pasted command says it. */
export interface CurlPart {
  name: string;
  /** One of the two. */
  value?: string;
  /** The name of a file that only the writer of the command has. */
  file?: string;
}

export type CurlBody =
  { kind: "text"; text: string } | { kind: "multipart"; parts: CurlPart[] } | null;

export type CurlNote =
  /** Data of a file that is not here. */
  | { kind: "file"; name: string }
  /** More addresses than one: the first is taken. */
  | { kind: "urls"; count: number }
  /** Something that the command does and a step cannot. */
  | { kind: "option"; name: string }
  /** Headers that Hookloom sets by itself. */
  | { kind: "headers"; names: string[] };

export interface CurlRequest {
  method: string;
  url: string;
  /** Each name once. */
  headers: [string, string][];
  body: CurlBody;
  checksCertificates: boolean;
  followsRedirects: boolean;
  /** Null: nothing was said. */
  timeoutMs: number | null;
  notes: CurlNote[];
}

/** Why a text gives no request. */
export type CurlMistake = "empty" | "noCommand" | "noUrl";

export type CurlParsed = { ok: true; request: CurlRequest } | { ok: false; mistake: CurlMistake };
