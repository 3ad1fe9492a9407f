/** A new endpoint of the flow that is edited, made by the wizard. */
import { NewEndpointDialog } from "@/features/endpoints/NewEndpointDialog";
import { partsOf } from "../../document";
import { addPart } from "../commands";
import { useEditor, useEditorState } from "../draft/useSession";

export default function AddEndpointDialog({ onClose }: { onClose: () => void }) {
  const session = useEditor();
  const document = useEditorState((state) => state.document);
  const flow = useEditorState((state) => state.name);
  return (
    <NewEndpointDialog
      flow={flow}
      taken={partsOf(document).endpoints.map(({ name }) => name)}
      onAdd={(fields) => {
        session.run({ label: "add" }, (before) => addPart(before, { kind: "endpoint", fields }));
        // What is published next is what Hookloom has.
        return session.flush();
      }}
      onClose={onClose}
    />
  );
}
