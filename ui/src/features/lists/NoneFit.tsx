import { Button } from "@mantine/core";
import { IconFilterOff } from "@tabler/icons-react";
import { EmptyState } from "@/design";

interface NoneFitProps {
  title: string;
  text: string;
  /** What the button says: it takes the filters away. */
  clear: string;
  onClear: () => void;
}

/** A list whose filters leave nothing. */
export function NoneFit({ title, text, clear, onClear }: NoneFitProps) {
  return (
    <EmptyState
      Icon={IconFilterOff}
      title={title}
      text={text}
      action={<Button onClick={onClear}>{clear}</Button>}
    />
  );
}
