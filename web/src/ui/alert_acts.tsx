// What a person does with an alert: confirm, dismiss, snooze; the same from the queue and its page.
import { useRef } from "react";
import type { Alert, Decision } from "../api/types";
import { useNow } from "../api/use";
import { addSeconds } from "../format";
import { useDetectorName, useText } from "../text";
import { type Asked, useDecision } from "./decide";
import { Field } from "./kit";

type AlertHead = Pick<Alert, "alert_id" | "detector" | "account_ids" | "group_id">;

// A snooze is about a rule and one group or account.
export const subjectOf = (alert: AlertHead): Pick<Decision, "account_id" | "group_id"> =>
  alert.group_id ? { group_id: alert.group_id } : { account_id: alert.account_ids[0] };

export function SpanField({ label, choices, change, initial }: {
  label: string;
  choices: number[]; // hours
  initial: number;
  change: (hours: number) => void;
}) {
  const t = useText();
  return (
    <Field label={label}>
      <select defaultValue={initial} onChange={(event) => change(Number(event.target.value))}>
        {choices.map((hours) => (
          <option key={hours} value={hours}>
            {hours === 1 ? t("hour") : hours < 48 ? t("hours", { n: hours }) : t("days", { n: hours / 24 })}
          </option>
        ))}
      </select>
    </Field>
  );
}

export function useAlertActs(onDone?: (ids: string[], body: Partial<Decision>) => void) {
  const t = useText();
  const detectorName = useDetectorName();
  const now = useNow();
  const { ask, dialog } = useDecision();
  const hours = useRef(24);

  const close = (alerts: AlertHead[], state: "confirmed" | "dismissed") => {
    const ids = alerts.map((alert) => alert.alert_id);
    if (ids.length === 0) return;
    const name = state === "confirmed" ? t("act.confirm") : t("act.dismiss");
    const asked: Asked = {
      title: ids.length === 1 ? `${name}: ${ids[0]}` : `${name}: ${t("queue.selected", { n: ids.length })}`,
      kind: "close_alert",
      body: { alert_id: ids[0], state },
      danger: state === "confirmed",
      onDone: () => onDone?.(ids, { kind: "close_alert", state }),
    };
    if (ids.length > 1) {
      asked.several = ids.map((alert_id) => ({ id: alert_id, body: { alert_id, state } }));
      asked.onDoneSeveral = (accepted) => onDone?.(accepted, { kind: "close_alert", state });
    }
    ask(asked);
  };

  const snooze = (alert: AlertHead) => {
    hours.current = 24;
    const subject = subjectOf(alert);
    const until = () => addSeconds(now(), hours.current * 3600);
    ask({
      title: t("act.snooze"),
      kind: "snooze",
      body: { rule: alert.detector, ...subject },
      note: t("act.snooze.note", {
        rule: detectorName(alert.detector),
        subject: subject.group_id ?? subject.account_id ?? "",
      }),
      fields: (
        <SpanField
          label={t("act.how_long")}
          choices={[1, 4, 24, 72, 168, 720]}
          initial={24}
          change={(chosen) => {
            hours.current = chosen;
          }}
        />
      ),
      more: () => ({ until_ts: until() }),
      onDone: () => onDone?.([alert.alert_id], { kind: "snooze", until_ts: until() }),
    });
  };

  return { close, snooze, ask, dialog };
}
