/** Lets the generated client speak through the platform, and turns its answers into values or errors. */
import { platform } from "@/platform";
import { ApiError, isErrorBody, unreachable } from "./error";
import { client } from "./generated/client.gen";

client.setConfig({
  baseUrl: location.origin,
  fetch: (input, init) => platform.fetch(new Request(input, { ...init, ...keptOnLeaving(input) })),
});

/** A deletion may be sent as the page is left (see `design/undoable`): the browser must not drop it then. */
function keptOnLeaving(input: RequestInfo | URL): RequestInit {
  return input instanceof Request && input.method === "DELETE" ? { keepalive: true } : {};
}

interface Answer<Data> {
  data?: Data | undefined;
  error?: unknown;
  request?: Request;
  /** Missing if no answer came at all. */
  response?: Response;
}

export async function dataOf<Data>(answer: Promise<Answer<Data>>): Promise<Data> {
  const { data, error, request, response } = await answer;
  const call = request ? `${request.method} ${new URL(request.url).pathname}` : "";
  if (!response) throw unreachable(call, error);
  if (response.ok) return data as Data;
  if (isErrorBody(error)) throw new ApiError(response.status, error.error, call);
  throw new ApiError(response.status, { code: "unexpected_answer", message: "" }, call);
}
