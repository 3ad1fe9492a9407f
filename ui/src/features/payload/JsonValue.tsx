/** A value that is known already, as a tree. */
import { useMemo } from "react";
import { JsonTree } from "./JsonTree";

interface JsonValueProps {
  label: string;
  value: unknown;
  root?: string | undefined;
}

export function JsonValue({ label, value, root }: JsonValueProps) {
  const text = useMemo(() => JSON.stringify(value ?? null, null, 2), [value]);
  // Another value has other rows: what was open of the first means nothing in it.
  return <JsonTree key={text} label={label} text={text} root={root} />;
}
