/** How the app's window behaves: what closing does, whether alerts are told on the desktop. A choice counts at once. */
import { NativeSelect, Switch } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ErrorPanel, Facts, Loading, Prose, useAction } from "@/design";
import { WINDOW_SETTINGS } from "@/frame/shellCommands";
import { useTranslation } from "@/i18n";
import { loadShell, type Closing, type WindowSettings as Chosen } from "@/platform";
import classes from "./Settings.module.css";

type Change = Partial<Omit<Chosen, "has_tray">>;

export function WindowSettings() {
  const { t } = useTranslation("desktop");
  const client = useQueryClient();
  const { data, error, refetch } = useQuery({
    queryKey: WINDOW_SETTINGS,
    queryFn: async () => (await loadShell()).settings(),
  });
  const change = useAction({
    run: async (next: Change) => (await loadShell()).change(next),
    done: () => t("changed"),
    onDone: (chosen) => client.setQueryData(WINDOW_SETTINGS, chosen),
  });
  if (!data) {
    return error ? <ErrorPanel error={error} onRetry={() => void refetch()} inline /> : <Loading />;
  }
  const onOrOff = (
    what: "login" | "notifications" | "menuBar",
    isOn: boolean,
    next: (isOn: boolean) => Change,
  ) => ({
    name: t(`${what}.label`),
    value: (
      <Switch
        label={t(`${what}.switch`)}
        description={t(`${what}.hint`)}
        checked={isOn}
        disabled={change.isPending}
        onChange={({ currentTarget }) => change.mutate(next(currentTarget.checked))}
      />
    ),
  });
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
        onOrOff("login", data.at_login, (at_login) => ({ at_login })),
        onOrOff("notifications", data.notifications, (notifications) => ({ notifications })),
        ...(data.menu_bar === null
          ? []
          : [onOrOff("menuBar", data.menu_bar, (menu_bar) => ({ menu_bar }))]),
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
