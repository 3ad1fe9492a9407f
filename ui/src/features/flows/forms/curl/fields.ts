/** A pasted request as the fields of an `http` step or of a webhook task. */
import { without } from "../steps/stepFields";
import type { Fields } from "../../document";
import type { CurlPart, CurlRequest } from "./request";

export type CurlTarget = "step" | "task";

const OF_STEP = [
  "method",
  "url",
  "query",
  "headers",
  "body",
  "body_file",
  "multipart",
  "validate_ssl",
  "follow_redirects",
];
const OF_TASK = ["method", "url", "headers", "body", "validate_ssl"];

/** What the command says takes the place of what was there; everything else of the part stays. */
export function withRequest(fields: Fields, request: CurlRequest, target: CurlTarget): Fields {
  const isStep = target === "step";
  const { body } = request;
  const headers = Object.fromEntries(request.headers);
  return {
    ...without(fields, isStep ? OF_STEP : OF_TASK),
    method: request.method,
    url: request.url,
    ...(request.headers.length === 0 ? {} : { headers }),
    ...(body?.kind === "text" ? { body: body.text } : {}),
    ...(body?.kind === "multipart" ? partsOf(body.parts, isStep) : {}),
    ...(request.checksCertificates ? {} : { validate_ssl: false }),
    ...(isStep && request.followsRedirects ? { follow_redirects: true } : {}),
    ...(request.timeoutMs === null ? {} : { timeout_ms: request.timeoutMs }),
  };
}

/** A task sends no files: its form is a body with names and values. */
function partsOf(parts: CurlPart[], isStep: boolean): Fields {
  if (isStep) {
    return {
      multipart: parts.map(({ name, value, file }) =>
        file === undefined ? { name, value } : { name, file: fileExpression(name) },
      ),
    };
  }
  const query = new URLSearchParams(parts.map(({ name, value }) => [name, value ?? ""]));
  return { body: query.toString() };
}

/** The file itself is on the disk of whoever wrote the command: one that comes with the request is taken. */
function fileExpression(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name)
    ? `{{trigger.files.${name}}}`
    : `{{trigger.files[${JSON.stringify(name)}]}}`;
}
