/** A flow without any part: what it is for, and the ways to begin. */
import { Button, Group } from "@mantine/core";
import { IconRoute } from "@tabler/icons-react";
import { useTranslation } from "@/i18n";
import classes from "../../FlowPage.module.css";
import { useRoom } from "./ask";
import own from "./Room.module.css";

export function EmptyFlow() {
  const { t } = useTranslation("editor");
  const room = useRoom();
  return (
    <div className={classes.stage}>
      <div className={own.empty}>
        <IconRoute size={28} aria-hidden />
        <h2>{t("empty.title")}</h2>
        <p className="muted">{t("empty.text")}</p>
        <Group gap={8}>
          <Button variant="filled" onClick={() => room.setState({ ask: { kind: "endpoint" } })}>
            {t("empty.endpoint")}
          </Button>
          <Button onClick={() => room.setState({ ask: { kind: "add" } })}>{t("empty.step")}</Button>
        </Group>
      </div>
    </div>
  );
}
