/** A request becomes the sample that its flow is tried with. */
import { getRawBody, type RequestDetail } from "@/api";
import { notify } from "@/design";
import { setSample } from "@/features/flows/try/samples";
import { useTranslation } from "@/i18n";

export function useMakeSample() {
  const { t } = useTranslation("requests");
  return async (request: RequestDetail) => {
    const { flow, body } = request;
    try {
      const text = body.truncated ? await (await getRawBody(request.id)).text() : body.text;
      const isKept = setSample(flow, {
        headers: Object.fromEntries(request.headers.map(({ name, value }) => [name, value])),
        body: body.kind === "json" && text !== null ? JSON.parse(text) : text,
        request_id: request.id,
      });
      notify(
        isKept
          ? { message: t("sample.done", { flow }), tone: "good" }
          : { message: t("sample.tooLarge"), tone: "bad" },
      );
    } catch {
      notify({ message: t("sample.unreadable"), tone: "bad" });
    }
  };
}
