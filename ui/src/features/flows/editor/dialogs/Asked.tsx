/** The dialog that is open in the editor. */
import { lazy, Suspense } from "react";
import type { FlowDetail } from "@/api";
import { useRoom, useRoomState } from "../room/ask";
import { AddDialog } from "./AddDialog";
import { CodesDialog } from "./CodesDialog";
import { ConflictDialog } from "./ConflictDialog";
import { ConnectDialog } from "./ConnectDialog";
import { PublishDialog } from "./PublishDialog";
import { RenameDialog } from "./RenameDialog";

const AddEndpointDialog = lazy(() => import("./AddEndpointDialog"));
const CompareDialog = lazy(() => import("../compare/CompareDialog"));

export function Asked({ flow }: { flow: FlowDetail }) {
  const room = useRoom();
  const ask = useRoomState((state) => state.ask);
  // By identity: one dialog may have opened the next.
  const onClose = () => {
    if (room.getState().ask === ask) room.setState({ ask: null });
  };
  switch (ask?.kind) {
    case undefined:
      return null;
    case "add":
      return <AddDialog after={ask.after} between={ask.between} onClose={onClose} />;
    case "endpoint":
      return (
        <Suspense>
          <AddEndpointDialog onClose={onClose} />
        </Suspense>
      );
    case "connect":
      return <ConnectDialog from={ask.from} onClose={onClose} />;
    case "codes":
      return <CodesDialog edge={ask.edge} onClose={onClose} />;
    case "rename":
      return <RenameDialog id={ask.id} onClose={onClose} />;
    case "publish":
      return <PublishDialog flow={flow} onClose={onClose} />;
    case "conflict":
      return <ConflictDialog onClose={onClose} />;
    case "compare":
      return (
        <Suspense>
          <CompareDialog flow={flow} onClose={onClose} />
        </Suspense>
      );
  }
}
