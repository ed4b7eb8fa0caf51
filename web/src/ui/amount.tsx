// A field for an amount, which says below what was understood: a dot is a thousand here and a tenth there.
import { useState } from "react";
import { decimal, typed } from "../format";
import { useLanguage, useText } from "../text";
import { Field } from "./kit";

export function AmountField({ name, label, initial, unit, change }: {
  name: string;
  label: string;
  initial: string;
  unit?: string;
  change: (text: string) => void;
}) {
  const t = useText();
  const language = useLanguage();
  const [text, setText] = useState(initial);
  const amount = typed(text, language);
  const understood = () => {
    if (!text.trim()) return "";
    if (amount === undefined) return t("amount.unclear");
    const [whole = "", part = ""] = amount.split(".");
    const shown = t("amount.understood", { amount: `${decimal(amount, language)}${unit ? ` ${unit}` : ""}` });
    // Whoever writes the other way would read the same again as thousands.
    return /^[1-9]\d{0,2}$/.test(whole) && part.length === 3 ? `${shown} (${t("amount.thousandths", { whole, part: Number(part) })})` : shown;
  };
  return (
    <Field label={label} note={<span role="status" className={text.trim() && amount === undefined ? "complaint" : ""}>{understood()}</span>}>
      <span className="with-unit">
        <input
          name={name}
          inputMode="decimal"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            change(event.target.value);
          }}
        />
        {unit && <span className="unit">{unit}</span>}
      </span>
    </Field>
  );
}
