/**
 * The commands of the editor: pure functions from a document and arguments to a document. Undo, keys, menus and the
 * palette all go through them. They keep what they do not know, and never throw on a broken draft.
 */
export {
  addPart,
  addStep,
  insertStep,
  newEndpoint,
  STEP_KINDS,
  type NewPart,
  type StepKind,
} from "./add";
export { rename, reorder, setFields, setSettings, settingsOf, SETTINGS_KEYS } from "./change";
export {
  afterOf,
  connect,
  disconnect,
  knownCodes,
  nextCodes,
  refusal,
  setCodes,
  type Connection,
  type Refusal,
} from "./edges";
export { clearLayout, layoutOf, moveNodes, withLayout, type Layout } from "./layout";
export { freeName, nameMistake, type NameMistake } from "./names";
export {
  addedIds,
  find,
  LIST_OF,
  PART_KINDS,
  partId,
  partsIn,
  type Located,
  type PartKind,
  type Position,
} from "./parts";
export { clipOf, copyText, duplicate, paste, readClip, type Clip } from "./paste";
export { remove } from "./remove";
