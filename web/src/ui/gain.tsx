// A gain's arithmetic, line by line, with the running sum. Sums are exact: digits, not floats.
import type { Gain } from "../api/types";
import { toSecond } from "../format";
import { useFactName, useText } from "../text";
import { AccountId, Num, Time } from "./kit";

// Exact sum of decimals as text.
export function add(a: string, b: string): string {
  const scale = Math.max(a.split(".")[1]?.length ?? 0, b.split(".")[1]?.length ?? 0);
  const units = (text: string) => {
    const [whole = "0", part = ""] = text.split(".");
    return BigInt(whole.replace("-", "") + part.padEnd(scale, "0")) * (text.startsWith("-") ? -1n : 1n);
  };
  const sum = units(a) + units(b);
  const digits = String(sum < 0n ? -sum : sum).padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const part = scale > 0 ? digits.slice(-scale).replace(/0+$/, "") : "";
  return `${sum < 0n ? "-" : ""}${whole}${part ? `.${part}` : ""}`;
}

export function GainTable({ gain }: { gain: Gain }) {
  const t = useText();
  const factName = useFactName();
  let running = "0";
  const whole = gain.lines_not_shown === 0;
  return (
    <>
      <p className="big">
        <Num value={gain.amount} unit={gain.currency} />
      </p>
      {gain.lines.length === 0 ? (
        <p className="quiet">{t("alert.gain.none")}</p>
      ) : (
        <div className="scroll-x short" tabIndex={0} role="group" aria-label={t("alert.gain")}>
          <table className="small">
            <thead>
              <tr>
                <th>{t("time")}</th>
                <th>{t("account")}</th>
                <th>{t("kind")}</th>
                <th className="right">{t("amount")}</th>
                <th className="right">{t("alert.gain.counted")}</th>
                {whole && <th className="right">{t("alert.gain.running")}</th>}
              </tr>
            </thead>
            <tbody>
              {gain.lines.map((line, i) => {
                running = add(running, line.counted ?? "0");
                return (
                  <tr key={`${line.seq}-${line.account_id}-${i}`}>
                    <td>
                      <Time ns={line.ts} only="clock" />
                    </td>
                    <td>
                      <AccountId id={line.account_id} />
                    </td>
                    <td>
                      {factName(line.kind)} {line.whole === false && "*"}
                    </td>
                    <td className="right">
                      <Num value={line.amount} unit={line.asset} />
                    </td>
                    <td className="right">{line.counted === undefined ? "–" : <Num value={line.counted} />}</td>
                    {whole && (
                      <td className="right">
                        <span data-derived="sum"><Num value={running} /></span>
                      </td>
                    )}
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
      {gain.lines_not_shown > 0 && <p className="quiet">{t("left_out", { n: gain.lines_not_shown })}</p>}
      {gain.unwhole > 0 && <p className="quiet">* {t("alert.gain.unwhole", { n: gain.unwhole })}</p>}
      {gain.left_out > 0 && <p className="quiet">{t("alert.gain.left_out", { n: gain.left_out })}</p>}
      {gain.forgotten.map((each) => (
        <p className="quiet" key={each.account_id}>
          {t("alert.gain.forgotten", { account: each.account_id, until: toSecond(each.until_ts) })}
        </p>
      ))}
    </>
  );
}
