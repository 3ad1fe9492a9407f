/** A list that is searched by typing and chosen from by arrow keys and Enter, or by pointer. */
import { TextInput } from "@mantine/core";
import { IconSearch, type Icon } from "@tabler/icons-react";
import { useId, useRef, useState, type KeyboardEvent } from "react";
import { useTranslation } from "@/i18n";
import classes from "./Chooser.module.css";

export interface Choice {
  id: string;
  Icon: Icon;
  name: string;
  /** One sentence that says what it is for. */
  text?: string | undefined;
  group?: string;
  keywords?: string;
}

interface ChooserProps {
  label: string;
  choices: Choice[];
  /** What is chosen already, where the list stays open. */
  value?: string | undefined;
  onChoose: (id: string) => void;
}

export function Chooser({ label, choices, value, onChoose }: ChooserProps) {
  const { t } = useTranslation("editor");
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const [query, setQuery] = useState("");
  const found = choices.filter((choice) => fits(choice, query));
  const [wanted, setWanted] = useState(value);
  const at = Math.max(
    0,
    found.findIndex(({ id }) => id === wanted),
  );
  const current = found[at];
  const optionId = (id: string) => `${listId}-${choices.findIndex((choice) => choice.id === id)}`;

  function go(to: number) {
    const next = found[Math.min(found.length - 1, Math.max(0, to))];
    if (!next) return;
    setWanted(next.id);
    list.current?.querySelector(`#${CSS.escape(optionId(next.id))}`)?.scrollIntoView({
      block: "nearest",
    });
  }

  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step !== undefined) go(at + step);
    else if (event.key === "Enter" && current) onChoose(current.id);
    else return;
    event.preventDefault();
  }

  return (
    <div className={classes.chooser}>
      <TextInput
        data-autofocus
        label={label}
        role="combobox"
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={current && optionId(current.id)}
        aria-autocomplete="list"
        leftSection={<IconSearch size={16} aria-hidden />}
        placeholder={t("chooser.placeholder")}
        value={query}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setWanted(undefined);
        }}
        onKeyDown={onKeyDown}
        autoComplete="off"
        spellCheck={false}
      />
      <div ref={list} id={listId} role="listbox" aria-label={label} className={classes.list}>
        {found.map((choice, index) => (
          <Option
            key={choice.id}
            choice={choice}
            id={optionId(choice.id)}
            isCurrent={index === at}
            isBegin={choice.group !== undefined && choice.group !== found[index - 1]?.group}
            onChoose={onChoose}
          />
        ))}
      </div>
      {found.length === 0 && <p className="muted">{t("chooser.nothing")}</p>}
    </div>
  );
}

interface OptionProps {
  choice: Choice;
  id: string;
  isCurrent: boolean;
  /** The first of its group. */
  isBegin: boolean;
  onChoose: (id: string) => void;
}

function Option({ choice, id, isCurrent, isBegin, onChoose }: OptionProps) {
  const { Icon, name, text, group } = choice;
  return (
    <>
      {isBegin && (
        <div className={classes.group} role="presentation">
          {group}
        </div>
      )}
      <div
        id={id}
        role="option"
        aria-selected={isCurrent}
        className={classes.option}
        onClick={() => onChoose(choice.id)}
      >
        <Icon size={16} stroke={1.75} aria-hidden />
        <span>
          <span className="strong">{name}</span>
          {text && <span className={classes.text}>{text}</span>}
        </span>
      </div>
    </>
  );
}

function fits({ name, text = "", keywords = "" }: Choice, query: string): boolean {
  const all = `${name} ${text} ${keywords}`.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}
