/** A new endpoint from outside a flow's editor: for a flow that is there, or for a new one. */
import { Button, Select, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { getFlow, importFlow, replaceDraft, type FlowSummary } from "@/api";
import { Dialog } from "@/design";
import classes from "@/design/Form.module.css";
import { partsOf, type Fields } from "@/features/flows/document";
import { freeName } from "@/features/flows/forms/fields/freeName";
import { useTranslation } from "@/i18n";
import { useQueryClient } from "@tanstack/react-query";
import { NewEndpointDialog } from "./NewEndpointDialog";
import { WIZARD_PX } from "./wizard";

const FLOW_NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;

interface AddEndpointProps {
  flows: FlowSummary[];
  onClose: () => void;
}

interface Chosen {
  flow: string;
  isNew: boolean;
  taken: string[];
}

export default function AddEndpoint({ flows, onClose }: AddEndpointProps) {
  const client = useQueryClient();
  const [chosen, setChosen] = useState<Chosen>();
  if (!chosen) return <ChooseFlow flows={flows} onChoose={setChosen} onClose={onClose} />;
  const { flow, isNew, taken } = chosen;
  return (
    <NewEndpointDialog
      flow={flow}
      taken={taken}
      onAdd={async (fields) => {
        await (isNew ? makeFlow(flow, fields) : addToDraft(flow, fields));
        void client.invalidateQueries({ queryKey: ["flows"] });
        void client.invalidateQueries({ queryKey: ["flow", flow] });
      }}
      onClose={onClose}
    />
  );
}

async function makeFlow(flow: string, endpoint: Fields): Promise<void> {
  const document = { format: "hookloom.flow/1", name: flow, endpoints: [endpoint] };
  await importFlow(JSON.stringify(document), false);
}

/** To the draft as it is now; refused if somebody changes it in between. */
async function addToDraft(flow: string, endpoint: Fields): Promise<void> {
  const { document, draft_etag } = await getFlow(flow);
  const endpoints = Array.isArray(document.endpoints) ? (document.endpoints as unknown[]) : [];
  await replaceDraft(flow, {
    document: { ...document, endpoints: [...endpoints, endpoint] },
    base_etag: draft_etag,
  });
}

interface ChooseFlowProps {
  flows: FlowSummary[];
  onChoose: (chosen: Chosen) => void;
  onClose: () => void;
}

function ChooseFlow({ flows, onChoose, onClose }: ChooseFlowProps) {
  const { t } = useTranslation(["ways", "common"]);
  const names = flows.map(({ name }) => name);
  const [chosen, setChosen] = useState<string>(names[0] ?? "");
  const [name, setName] = useState(() => freeName("webhooks", names));
  const isNew = chosen === "";
  const mistake = !FLOW_NAME.test(name)
    ? t("ways:new.nameBad")
    : names.includes(name)
      ? t("ways:new.flowTaken")
      : undefined;

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (isNew) {
      if (mistake === undefined) onChoose({ flow: name, isNew, taken: [] });
      return;
    }
    const { document } = await getFlow(chosen);
    const taken = partsOf(document).endpoints.map((each) => each.name);
    onChoose({ flow: chosen, isNew, taken });
  }

  return (
    <Dialog title={t("ways:new.title")} onClose={onClose} {...WIZARD_PX}>
      <form className={classes.form} onSubmit={(event) => void submit(event)}>
        {names.length > 0 && (
          <Select
            data-autofocus
            label={t("ways:new.flow")}
            description={t("ways:new.flowHint")}
            data={[
              ...flows.map((flow) => ({ value: flow.name, label: flow.title || flow.name })),
              { value: "", label: t("ways:new.newFlow") },
            ]}
            value={chosen}
            onChange={(next) => setChosen(next ?? "")}
            allowDeselect={false}
            comboboxProps={{ withinPortal: false }}
          />
        )}
        {isNew && (
          <TextInput
            data-autofocus={names.length === 0 || undefined}
            label={t("ways:new.flowName")}
            description={t("ways:new.flowNameHint")}
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
            error={mistake}
            spellCheck={false}
            autoComplete="off"
          />
        )}
        <div className={`${classes.buttons} ${classes.bottom}`}>
          <Button onClick={onClose}>{t("common:action.cancel")}</Button>
          <Button type="submit" variant="filled" disabled={isNew && mistake !== undefined}>
            {t("ways:new.go")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
