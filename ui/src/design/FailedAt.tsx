/** What failed when nobody on this page did it: when that was, why, and what to do. */
import { Banner } from "./Banner";
import { Prose } from "./Prose";
import { RelativeTime } from "./RelativeTime";

interface FailedAtProps {
  /** The sentence, with the time where it is given one. */
  title: (when: string) => string;
  at: string | null | undefined;
  text: string;
}

export function FailedAt({ title, at, text }: FailedAtProps) {
  const [before, after] = title("\n").split("\n");
  return (
    <Banner
      tone="bad"
      title={
        <>
          {before}
          {at && <RelativeTime at={at} />}
          {after}
        </>
      }
      text={<Prose text={text} />}
    />
  );
}
