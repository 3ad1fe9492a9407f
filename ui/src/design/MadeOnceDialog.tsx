/** A dialog that makes something with a name and then shows, this once, what nobody can read again. */
import { Button, TextInput } from "@mantine/core";
import { useState, type FormEvent, type ReactNode } from "react";
import { useTranslation } from "@/i18n";
import { Dialog } from "./Dialog";
import { ErrorPanel } from "./ErrorPanel";
import classes from "./Form.module.css";
import { ShownOnce } from "./ShownOnce";
import { useAction } from "./useAction";

interface MadeOnceDialogProps<T> {
  texts: Record<"title" | "name" | "nameHint" | "submit" | "made" | "copy" | "close", string>;
  /** Makes it by its name. */
  run: (name: string) => Promise<T>;
  /** The cache tag of the list that it is in. */
  stale: string;
  /** What is shown of what was made. */
  shown: (made: T) => string;
  onClose: () => void;
  /** Fields below the name. */
  children?: ReactNode;
}

export function MadeOnceDialog<T>(props: MadeOnceDialogProps<T>) {
  const { texts, shown, onClose, children } = props;
  const { t } = useTranslation("common");
  const [text, setText] = useState("");
  const name = text.trim();
  const make = useAction({ run: props.run, stale: () => [props.stale], quiet: true });

  function submit(event: FormEvent) {
    event.preventDefault();
    if (name !== "") make.mutate(name);
  }

  return (
    <Dialog onClose={onClose} title={texts.title} keepOpen={make.data !== undefined}>
      {make.data ? (
        <ShownOnce
          text={texts.made}
          values={[{ value: shown(make.data), copy: texts.copy }]}
          close={texts.close}
          onClose={onClose}
        />
      ) : (
        <form className={classes.form} onSubmit={submit}>
          <TextInput
            data-autofocus
            label={texts.name}
            description={texts.nameHint}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            autoComplete="off"
          />
          {children}
          {make.error && <ErrorPanel error={make.error} inline />}
          <div className={classes.buttons}>
            <Button onClick={onClose}>{t("action.cancel")}</Button>
            <Button type="submit" variant="filled" loading={make.isPending} disabled={name === ""}>
              {texts.submit}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
