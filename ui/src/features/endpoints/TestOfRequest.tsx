/** The test that was made of a stored request, ready to be sent to its endpoint. Where none takes requests, nothing. */
import { useFlow, useFlowVersion, type RequestDetail } from "@/api";
import { partsOf } from "@/features/flows/document";
import { useSample } from "@/features/flows/try/samples";
import { loadTexts } from "@/i18n";
import { SendTestDialog } from "./SendTestDialog";

loadTexts("ways");

interface TestOfRequestProps {
  request: RequestDetail;
  onClose: () => void;
}

export default function TestOfRequest({ request, onClose }: TestOfRequestProps) {
  const flow = useFlow(request.flow).data;
  const published = useFlowVersion(request.flow, flow?.version ?? undefined).data;
  const named = ({ name }: { name: string }) => name === request.endpoint;
  const endpoint = flow?.endpoints.find(named);
  const fields = partsOf(published?.document).endpoints.find(named)?.fields;
  const isKnown = useSample(request.flow) !== undefined;
  if (!endpoint || !fields || !isKnown) return null;
  return (
    <SendTestDialog
      flow={request.flow}
      fields={fields}
      url={endpoint.url}
      beginsKept
      onClose={onClose}
    />
  );
}
