import { Button } from "@mantine/core";
import { generateSecret, useSecrets } from "@/api";
import { Dialog, ErrorPanel, Loading, Notice, ShownOnce, useAction } from "@/design";
import classes from "@/design/Form.module.css";
import { useTranslation } from "@/i18n";

/** Makes the key of remote steps, and shows it once in both of its forms. */
export function GenerateKeyModal({ name, onClose }: { name: string; onClose: () => void }) {
  const { t } = useTranslation(["parts", "common"]);
  const { data, error } = useSecrets();
  const known = data?.items.find((secret) => secret.name === name);
  const isTaken = known !== undefined && known.state !== "missing";
  const make = useAction({
    run: () => generateSecret(name, isTaken),
    stale: () => ["secrets", "status"],
    quiet: true,
  });
  const made = make.data;
  return (
    <Dialog
      onClose={onClose}
      title={t("parts:remote.form.title", { name })}
      keepOpen={made !== undefined}
    >
      {made ? (
        <ShownOnce
          text={t("parts:remote.form.made")}
          values={[
            {
              name: t("parts:remote.form.value"),
              value: made.value,
              copy: t("parts:remote.form.copyValue"),
            },
            {
              name: t("parts:remote.form.standard"),
              value: made.standard_webhooks,
              copy: t("parts:remote.form.copyStandard"),
            },
          ]}
          close={t("parts:remote.form.close")}
          onClose={onClose}
        />
      ) : (
        <div className={classes.form}>
          <p className="muted">{t("parts:remote.form.text", { name })}</p>
          {!data && !error && <Loading />}
          {isTaken && <Notice>{t("parts:remote.form.taken")}</Notice>}
          {(error ?? make.error) && <ErrorPanel error={error ?? make.error} inline />}
          <div className={classes.buttons}>
            <Button onClick={onClose}>{t("common:action.cancel")}</Button>
            <Button
              variant="filled"
              {...(isTaken ? { "data-danger": true } : {})}
              loading={make.isPending}
              disabled={!data}
              onClick={() => make.mutate()}
            >
              {t(isTaken ? "parts:remote.form.replace" : "parts:remote.form.submit")}
            </Button>
          </div>
        </div>
      )}
    </Dialog>
  );
}
