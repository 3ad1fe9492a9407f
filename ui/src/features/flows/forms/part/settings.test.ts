import { describe, expect, test } from "vitest";
import { setSettings, settingsOf } from "../../editor/commands";
import { errorBelow, linesOf } from "../common/lines";
import { slotOf } from "../common/slot";
import type { FieldsChange } from "../types";

const flow = { name: "tills", remote_secret: "key", steps: [] };

/** The list of inner destinations as the settings of a flow edit it. */
function inner(document: Record<string, unknown>, wrong: Record<string, string> = {}) {
  const changes: FieldsChange[] = [];
  const slot = slotOf({
    fields: settingsOf(document),
    onChange: (change) => changes.push(change),
    problems: Object.entries(wrong).map(([place, message]) => ({
      code: "bad_destination",
      severity: "error" as const,
      place,
      message,
      hint: null,
    })),
    context: { flow: "tills", document, place: "", isReadOnly: false },
  });
  const last = () => setSettings(document, { fields: changes.at(-1)?.fields ?? {} });
  return { slot, last };
}

describe("what a flow may call inside", () => {
  test("is typed as lines, one entry each, and stands in the document as a list", () => {
    const { slot, last } = inner(flow);
    slot.set("inner_destinations", linesOf(" printer.lan\n\n10.0.0.0/8 \n"));
    expect(last()).toEqual({ ...flow, inner_destinations: ["printer.lan", "10.0.0.0/8"] });
  });

  test("goes with its last line, and takes nothing else along", () => {
    const { slot, last } = inner({ ...flow, inner_destinations: ["::1"] });
    slot.set("inner_destinations", undefined);
    expect(last()).toEqual(flow);
  });

  test("says what is wrong with the first entry that is", () => {
    const document = { ...flow, inner_destinations: ["::1", "*.lan", "http://x"] };
    const wrong = {
      "/inner_destinations/1": "this is no host",
      "/inner_destinations/2": "nor this",
    };
    expect(errorBelow(inner(document, wrong).slot, "inner_destinations")).toBe("this is no host");
    expect(errorBelow(inner(document).slot, "inner_destinations")).toBeUndefined();
  });
});
