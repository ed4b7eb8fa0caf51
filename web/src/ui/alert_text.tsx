// What an alert says of itself. A share is computed to more digits than one reads: it is cut, never rounded (0.99996 is not
// all of it), and stands whole in its title and on paper.
import type { Alert } from "../api/types";
import { decimal } from "../format";
import { useLanguage } from "../text";

// What is beyond three digits that count, and beyond the fourth place.
const beyond = (value: string) => /\.(?:[1-9]\d{3}|0+(?!0)\d{3})(\d+)$/.exec(value)?.[1];

export function AlertText({ alert }: { alert: Alert }) {
  const language = useLanguage();
  // Prices and amounts are never cut: only what is a share by its name.
  const values = alert.facts.filter((fact) => /(^|_)share$/.test(fact.name)).flatMap((fact) => [fact.value, fact.limit ?? ""]);
  const cut = new Map(values.map((value) => [decimal(value, language), value]));
  return (
    <>
      {alert.text?.[language].split(/(\d[\d.,]*\d)/).map((part, i) => {
        const value = cut.get(part);
        const rest = value && beyond(value);
        if (!rest) return part;
        return (
          <span key={i} className="num cut" title={value}>
            {part.slice(0, -rest.length)}
            <span>{rest}</span>
          </span>
        );
      })}
    </>
  );
}
