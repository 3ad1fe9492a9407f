/** A setting of the workspace that is on or off, saved at once. */
import { Switch } from "@mantine/core";
import { changeSettings } from "@/api";
import { useAction } from "@/design";
import classes from "./Settings.module.css";

interface SettingSwitchProps {
  label: string;
  hint: string;
  isOn: boolean;
  change: (isOn: boolean) => Parameters<typeof changeSettings>[0];
  /** What is read anew beside the settings. */
  stale?: string[];
  done: (isOn: boolean) => string;
}

export function SettingSwitch({ label, hint, isOn, change, stale, done }: SettingSwitchProps) {
  const save = useAction({
    run: (wanted: boolean) => changeSettings(change(wanted)),
    stale: () => ["settings", ...(stale ?? [])],
    done,
  });
  return (
    <Switch
      className={classes.below}
      size="sm"
      label={label}
      description={hint}
      checked={save.isPending ? save.variables : isOn}
      onChange={({ currentTarget }) => save.mutate(currentTarget.checked)}
    />
  );
}
