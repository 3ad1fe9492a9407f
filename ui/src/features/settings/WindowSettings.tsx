/** How the app's window behaves: what closing does, whether alerts are told on the desktop. A choice counts at once. */
import { NativeSelect, Switch } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ErrorPanel, Facts, Loading, Prose, useAction } from "@/design";
import { WINDOW_SETTINGS } from "@/frame/shellCommands";
import { useTranslation } from "@/i18n";
import { loadShell, type Closing, type WindowSettings as Chosen } from "@/platform";
import classes from "./Settings.module.css";

export function WindowSettings() {
  const { t } = useTranslation("desktop");
  const client = useQueryClient();
  const { data, error, refetch } = useQuery({
    queryKey: WINDOW_SETTINGS,
    queryFn: async () => (await loadShell()).settings(),
  });
  const change = useAction({
    run: async (next: Partial<Omit<Chosen, "has_tray">>) => (await loadShell()).change(next),
    done: () => t("changed"),
    onDone: (chosen) => client.setQueryData(WINDOW_SETTINGS, chosen),
  });
  if (!data) {
    return error ? <ErrorPanel error={error} onRetry={() => void refetch()} inline /> : <Loading />;
  }
  return (
    <Facts
      facts={[
        {
          name: t("closing.label"),
          value: (
            <>
              <NativeSelect
                aria-label={t("closing.label")}
                value={data.closing}
                disabled={change.isPending}
                onChange={({ currentTarget }) =>
                  change.mutate({ closing: currentTarget.value as Closing })
                }
                data={[
                  { value: "ask", label: t(data.has_tray ? "closing.tray" : "closing.ask") },
                  ...(data.has_tray && data.closing !== "keep"
                    ? []
                    : [{ value: "keep", label: t("closing.keep") }]),
                  { value: "quit", label: t("closing.quit") },
                ]}
              />
              {!data.has_tray && <p className={classes.hint}>{t("closing.back")}</p>}
            </>
          ),
        },
        {
          name: t("login.label"),
          value: (
            <Switch
              label={t("login.switch")}
              description={t("login.hint")}
              checked={data.at_login}
              disabled={change.isPending}
              onChange={({ currentTarget }) => change.mutate({ at_login: currentTarget.checked })}
            />
          ),
        },
        {
          name: t("notifications.label"),
          value: (
            <Switch
              label={t("notifications.switch")}
              description={t("notifications.hint")}
              checked={data.notifications}
              disabled={change.isPending}
              onChange={({ currentTarget }) =>
                change.mutate({ notifications: currentTarget.checked })
              }
            />
          ),
        },
        ...(data.menu_bar === null
          ? []
          : [
              {
                name: t("menuBar.label"),
                value: (
                  <Switch
                    label={t("menuBar.switch")}
                    description={t("menuBar.hint")}
                    checked={data.menu_bar}
                    disabled={change.isPending}
                    onChange={({ currentTarget }) =>
                      change.mutate({ menu_bar: currentTarget.checked })
                    }
                  />
                ),
              },
            ]),
        {
          name: t("links.label"),
          value: (
            <span className="muted">
              <Prose text={t("links.text", { example: "`hookloom://jobs/17`" })} />
            </span>
          ),
        },
      ]}
    />
  );
}
