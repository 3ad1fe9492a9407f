import { describe, expect, it } from "vitest";
import { chooseKey, conflictsOf, effectiveKey, remember, useOwnKeys } from "./ownKeys";

describe("the keys of one's own", () => {
  it("win over those that commands come with, until they are reset", () => {
    const command = { id: "job.replay", shortcut: "Ctrl+R" };
    const key = () => effectiveKey(useOwnKeys.getState().own, command);
    expect(key()).toBe("mod+R");
    chooseKey("job.replay", "alt+R");
    expect(key()).toBe("alt+R");
    chooseKey("job.replay", null);
    expect(key()).toBeNull();
    chooseKey("job.replay", undefined);
    expect(key()).toBe("mod+R");
  });

  it("meet on one page and with those of the frame, not across pages", () => {
    remember([
      { id: "room.home", label: "Go to Home", shortcut: "alt+1" },
      { id: "job.replay", label: "Replay", shortcut: "shift+R" },
      { id: "job.cancel", label: "Cancel" },
      { id: "request.replay", label: "Replay the request", shortcut: "shift+R" },
    ]);
    const keys = useOwnKeys.getState();
    expect(conflictsOf("job.cancel", "shift+R", keys)).toEqual(["Replay"]);
    expect(conflictsOf("job.cancel", "alt+1", keys)).toEqual(["Go to Home"]);
    expect(conflictsOf("job.cancel", "shift+X", keys)).toEqual([]);
  });
});
