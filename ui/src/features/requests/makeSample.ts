/** A request becomes the test message of its endpoint and its flow. */
import { getRawBody, type RequestDetail } from "@/api";
import { notify } from "@/design";
import { setSample, type Sample } from "@/features/flows/try/samples";
import { isOfOneMessage, queryPairs } from "@/features/sending/message";
import { useTranslation } from "@/i18n";

/** What Hookloom shows in place of a credential. */
const MASK = "••••";
/** A key that is part of the URL is put in by the one who sends; an id would make it a repeat. */
const OF_THE_URL = ["key", "id"];

/** True if it is kept. */
export function useMakeSample() {
  const { t } = useTranslation("requests");
  return async (request: RequestDetail): Promise<boolean> => {
    try {
      const sample = await sampleOf(request);
      const isKept = await setSample(request.flow, sample);
      notify(
        isKept
          ? { message: t("sample.done", { flow: request.flow }), tone: "good" }
          : { message: t("sample.tooLarge"), tone: "bad" },
      );
      return isKept;
    } catch {
      notify({ message: t("sample.unreadable"), tone: "bad" });
      return false;
    }
  };
}

async function sampleOf(request: RequestDetail): Promise<Sample> {
  const { body, headers } = request;
  const text = body.truncated ? await textOf(request.id) : body.text;
  if (text === null && request.body_bytes > 0) throw new Error("the body is no text");
  const [path = "", query = ""] = request.path.split("?", 2);
  return {
    endpoint: request.endpoint,
    method: request.method,
    ...(path.startsWith("/in/") ? { path } : {}),
    headers: headers.filter(({ name, value }) => !isOfOneMessage(name) && !value.includes(MASK)),
    query: queryPairs(query).filter(
      ({ name, value }) => !OF_THE_URL.includes(name) && !value.includes(MASK),
    ),
    body: text ?? "",
    request_id: request.id,
  };
}

async function textOf(id: string): Promise<string> {
  const bytes = await (await getRawBody(id)).arrayBuffer();
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}
