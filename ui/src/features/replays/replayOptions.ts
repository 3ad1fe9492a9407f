/** What a person typed, as the options of a replay: what was left empty is not sent. */
import type { ReplayOptions } from "@/api";

export type ReplayVersion = "original" | "published";

interface Typed {
  version: ReplayVersion;
  /** JSON, or empty for the recorded input. */
  input: string;
  /** JSON, or empty for none. */
  secretState: string;
}

export function replayOptions({ version, input, secretState }: Typed): ReplayOptions {
  return {
    version,
    ...(input.trim() === "" ? {} : { input: JSON.parse(input) as unknown }),
    ...(secretState.trim() === ""
      ? {}
      : { secret_state: JSON.parse(secretState) as Record<string, unknown> }),
  };
}
