/** Values that can be read only now: each with its button to copy it, and one that closes. */
import { Button } from "@mantine/core";
import { CopyButton } from "./CopyButton";
import classes from "./Form.module.css";

interface ShownOnceProps {
  text: string;
  values: { name?: string; value: string; copy: string }[];
  close: string;
  onClose: () => void;
}

export function ShownOnce({ text, values, close, onClose }: ShownOnceProps) {
  return (
    <div className={classes.form}>
      <p role="status">{text}</p>
      {values.map(({ name, value, copy }) => (
        <div key={copy}>
          {name && <p className={classes.onceName}>{name}</p>}
          <div className={classes.once}>
            <span className="mono">{value}</span>
            <CopyButton text={value} label={copy} />
          </div>
        </div>
      ))}
      <div className={classes.buttons}>
        <Button variant="filled" onClick={onClose} data-autofocus>
          {close}
        </Button>
      </div>
    </div>
  );
}
