import { expect, test } from "vitest";
import { commandsAndKeys } from "./menuOffer";

test("the bar is told the keys that a person chose, also of commands that are not offered here", () => {
  const offered = [
    { id: "room.jobs", label: "Go to Jobs", shortcut: "alt+5" },
    { id: "app.settings", label: "Open the settings", shortcut: "mod+," },
    { id: "theme.toggle", label: "Dark" },
  ];
  const known = {
    "app.settings": { label: "Open the settings", key: "mod+," },
    "editor.fit": { label: "Show the whole flow", key: "F" },
    "editor.search": { label: "Find in this flow", key: "mod+F" },
    "job.cancel": { label: "Cancel", key: null },
  };
  const own = { "app.settings": "mod+shift+Y", "editor.fit": null };
  expect(commandsAndKeys(offered, { own, known })).toEqual({
    commands: [
      { id: "room.jobs", label: "Go to Jobs", key: "alt+5" },
      { id: "app.settings", label: "Open the settings", key: "mod+shift+Y" },
      { id: "theme.toggle", label: "Dark", key: null },
    ],
    keys: { "app.settings": "mod+shift+Y", "editor.search": "mod+F" },
  });
});
