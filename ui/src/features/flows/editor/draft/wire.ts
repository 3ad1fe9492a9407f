/**
 * The draft between the editor and Hookloom. The editor has the positions of the cards in the document, under `layout`,
 * so that moving a card is a command like any other; they travel apart. Pure.
 */
import type { DraftReplacement, FlowDetail } from "@/api";
import type { Fields } from "../../document";
import { layoutOf, withLayout } from "../commands";

export function fromWire(flow: Pick<FlowDetail, "document">, known?: Fields): Fields {
  const layout = layoutOf(known ?? {});
  return "layout" in flow.document ? flow.document : withLayout(flow.document, layout);
}

export function toWire(document: Fields, base_etag: string): DraftReplacement {
  return { document: withLayout(document, {}), base_etag };
}
