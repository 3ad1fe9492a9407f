/** The selected part is in the address, so that a link leads to it; the first endpoint is selected until something is. */
import { useMediaQuery } from "@mantine/hooks";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useEffect, useLayoutEffect, useRef } from "react";
import type { Graph } from "../../graph";
import { useEditor, useEditorState } from "../draft/useSession";

const route = getRouteApi("/flows/$name");
/** In the address: nothing is selected, also not by itself. */
export const NOTHING = "none";
/** Where the inspector would take the room that the drawing needs. */
const NARROW = "(max-width: 1080px)";

export function useAddress(graph: Graph): void {
  const session = useEditor();
  const navigate = useNavigate();
  const { node } = route.useSearch();
  const { name } = route.useParams();
  const isNarrow = useMediaQuery(NARROW, undefined, { getInitialValueInEffect: false });
  const selected = useEditorState((state) => state.selected);
  const written = useRef<string | undefined>(undefined);
  const first = isNarrow ? undefined : graph.nodes[0]?.id;

  // What somebody else wrote into the address is selected, before the page is seen: the inspector changes its shape.
  useLayoutEffect(() => {
    if (node !== undefined && node === written.current) return;
    const wanted = node === undefined ? first : node === NOTHING ? undefined : node;
    written.current = node ?? wanted ?? NOTHING;
    session.select(wanted === undefined ? [] : [wanted]);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- a part that comes first later selects nothing
  }, [node, session]);

  useEffect(() => {
    const next = selected.at(-1) ?? NOTHING;
    if (written.current === undefined || next === written.current) return;
    written.current = next;
    void navigate({
      to: "/flows/$name",
      params: { name },
      search: (before) => ({ ...before, node: next }),
      replace: true,
    });
  }, [selected, navigate, name]);
}
