/**
 * Deleting parts. Edges through a deleted step are mended: what waited for it waits for what it waited for. See decision
 * 0061 for why. Pure.
 */
import type { Edge, Fields } from "../../document";
import { mapOutputs } from "./change";
import { afterOf, withEdge } from "./edges";
import { removeFromLayout } from "./layout";
import { find, listOf, mapList, partsIn, withList, type Located } from "./parts";

export function remove(document: Fields, { ids }: { ids: readonly string[] }): Fields {
  const wanted = new Set(ids);
  // One by one: what is mended for one may be mended again for the next.
  const known = partsIn(document).filter(({ id }) => wanted.has(id));
  const done = known.reduce((rest, part) => removeOne(rest, part), document);
  return done === document ? document : removeFromLayout(done, wanted);
}

/** A part by its own fields: ids of parts with the same name change while others go. */
function removeOne(document: Fields, { kind, fields, name }: Located): Fields {
  const part = partsIn(document).find((each) => each.kind === kind && each.name === name);
  const same = partsIn(document).find((each) => each.fields === fields) ?? part;
  if (!same) return document;
  const list = listOf(document, kind).toSpliced(same.at, 1);
  const rest = withList(document, kind, list);
  const isLeft = partsIn(rest).some((each) => each.kind === kind && each.name === name);
  if (isLeft) return rest;
  if (kind === "output") return withoutOutput(rest, name);
  return kind === "step" ? mended(rest, same) : rest;
}

const withoutOutput = (document: Fields, name: string) =>
  mapOutputs(document, (names) => names.filter((each) => each !== name));

function mended(document: Fields, gone: Located): Fields {
  const above = afterOf(gone).filter(({ step }) => step !== gone.name);
  const steps = mapList(document, "step", (fields) => {
    const edge = afterOf({ ...gone, fields }).find(({ step }) => step === gone.name);
    return edge ? bridged(fields, edge, above, gone.name) : fields;
  });
  // The result of a step that is gone is none: its outputs go with it.
  const outputs = partsIn(steps).filter(
    (part) => part.kind === "output" && part.fields.step === gone.name,
  );
  return outputs.reduce((rest, { id }) => {
    const output = find(rest, id);
    return output ? removeOne(rest, output) : rest;
  }, steps);
}

/**
 * The step waits for what stood above the one that is gone: on the codes that led there, or, if it handled an error, on
 * theirs. An edge that it has already stays as it is.
 */
function bridged(fields: Fields, edge: Edge, above: Edge[], gone: string): Fields {
  const handlesErrors = edge.on.length > 0 && edge.on.every((code) => code === "error");
  const loose = withEdge(fields, gone, []);
  const own = new Set(
    (Array.isArray(loose.after) ? (loose.after as Fields[]) : []).map((each) => each?.step),
  );
  return above
    .filter(({ step, on }) => !own.has(step) && on.length > 0 && step !== fields.name)
    .reduce(
      (step, { step: from, on }) => withEdge(step, from, handlesErrors ? ["error"] : on),
      loose,
    );
}
