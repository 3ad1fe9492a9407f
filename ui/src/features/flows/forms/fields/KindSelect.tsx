/** Chooses what kind of value a field holds: an icon on the screen, a list with words when it is opened and read aloud. */
import { NativeSelect } from "@mantine/core";
import {
  IconBraces,
  IconCheck,
  IconCircleOff,
  IconCode,
  IconLetterT,
  IconList,
  IconListNumbers,
  IconNumber123,
  IconX,
  type Icon,
} from "@tabler/icons-react";
import own from "./KindSelect.module.css";

const ICONS: Record<string, Icon> = {
  text: IconLetterT,
  number: IconNumber123,
  true: IconCheck,
  false: IconX,
  null: IconCircleOff,
  expression: IconBraces,
  texts: IconList,
  numbers: IconListNumbers,
  json: IconCode,
};

interface KindSelectProps<Kind extends string> {
  label: string;
  options: readonly { value: Kind; label: string }[];
  value: Kind;
  onChange: (kind: Kind) => void;
  isReadOnly: boolean;
}

export function KindSelect<Kind extends string>(props: KindSelectProps<Kind>) {
  const { label, options, value, onChange, isReadOnly } = props;
  const Shown = ICONS[value] ?? IconCode;
  const word = options.find((option) => option.value === value)?.label;
  return (
    <span className={own.kind} data-tip={word}>
      <Shown size={14} aria-hidden />
      <NativeSelect
        className={own.select}
        aria-label={label}
        data={[...options]}
        value={value}
        disabled={isReadOnly}
        onChange={({ currentTarget }) => onChange(currentTarget.value as Kind)}
      />
    </span>
  );
}
