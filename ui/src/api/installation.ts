/**
 * Which installation this browser looks at. What a browser keeps belongs to an address, and at one address may stand now
 * one data folder, now another: whatever is kept for the parts of a workspace is kept under this word.
 */
import { useQuery } from "@tanstack/react-query";
import { getStatus } from "./operations";

let known: Promise<string> | undefined;

/** The workspace and the folder that it lies in; it stays the same as long as the window is open. */
export function installation(): Promise<string> {
  known ??= getStatus().then(({ workspace, data_dir }) => `${workspace} ${data_dir}`);
  known.catch(() => (known = undefined));
  return known;
}

/** Undefined while it is not known. */
export const useInstallation = (): string | undefined =>
  useQuery({ queryKey: ["installation"], queryFn: installation, staleTime: Infinity }).data;
