/**
 * The draft between the editor and Hookloom. The editor has the positions of the cards in the document, under `layout`,
 * so that moving a card is a command like any other; they travel apart. Pure.
 */
import type { DraftReplacement, FlowDetail } from "@/api";
import type { Fields } from "../../document";
import { layoutOf, withLayout } from "../commands";

export function fromWire(flow: Pick<FlowDetail, "document" | "layout">): Fields {
  return withLayout(flow.document, flow.layout ?? {});
}

export function toWire(document: Fields, base_etag: string): DraftReplacement {
  return { document: withLayout(document, {}), layout: layoutOf(document), base_etag };
}
