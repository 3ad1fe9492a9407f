import { SegmentedControl, type MantineColorScheme } from "@mantine/core";
import { Facts } from "@/design";
import { useContrast, useTheme, type Contrast } from "@/frame/useTheme";
import { useTranslation } from "@/i18n";

export function LookSettings() {
  const { t } = useTranslation(["settings", "common"]);
  const { chosen, choose } = useTheme();
  const { contrast, setContrast } = useContrast();
  return (
    <Facts
      facts={[
        {
          name: t("settings:look.theme"),
          value: (
            <SegmentedControl
              aria-label={t("settings:look.theme")}
              data={[
                { value: "auto", label: t("common:theme.system") },
                { value: "light", label: t("common:theme.light") },
                { value: "dark", label: t("common:theme.dark") },
              ]}
              value={chosen}
              onChange={(value) => choose(value as MantineColorScheme)}
            />
          ),
        },
        {
          name: t("settings:look.contrast"),
          value: (
            <SegmentedControl
              aria-label={t("settings:look.contrast")}
              data={[
                { value: "system", label: t("settings:look.contrastSystem") },
                { value: "normal", label: t("settings:look.contrastNormal") },
                { value: "high", label: t("settings:look.contrastHigh") },
              ]}
              value={contrast}
              onChange={(value) => setContrast(value as Contrast)}
            />
          ),
        },
      ]}
    />
  );
}
