/** Words to look for in a list: asked for when somebody stops typing, or at once by Enter. */
import { CloseButton, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "@/i18n";
import classes from "./lists.module.css";

const PAUSE_MS = 400;

interface SearchFieldProps {
  label: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}

export function SearchField({ label, value, onChange }: SearchFieldProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(value ?? "");
  const [known, setKnown] = useState(value);
  // Taken away elsewhere, by a view or a command: the field follows.
  if (known !== value) {
    setKnown(value);
    setTyped(value ?? "");
  }
  const wanted = typed.trim() || undefined;
  useEffect(() => {
    if (wanted === value) return;
    const timer = setTimeout(() => onChange(wanted), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [wanted, value, onChange]);
  return (
    <TextInput
      type="search"
      className={classes.search}
      aria-label={label}
      placeholder={label}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onKeyDown={(event) => event.key === "Enter" && onChange(wanted)}
      leftSection={<IconSearch size={15} stroke={1.75} aria-hidden />}
      rightSection={
        typed !== "" && (
          <CloseButton size="xs" aria-label={t("search.clear")} onClick={() => setTyped("")} />
        )
      }
    />
  );
}
