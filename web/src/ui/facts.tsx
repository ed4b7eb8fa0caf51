// Numbers against their limits, and sums of evidence as waterfalls.
import type { Alert, LinkPart } from "../api/types";
import { useGet } from "../api/use";
import { type Language, decimal, isToken, share } from "../format";
import { useFactName, useLanguage, useLinkName, useText } from "../text";
import { Num } from "./kit";

// Parameters that are a limit from above under a name of their own, and the facts that they limit.
const maximaByOtherNames: Record<string, string> = { margin: "net", reporting_limit: "largest", within_s: "after_s" };

// Facts whose limit is one from above, by the names of the rule's or detector's parameters: fill_share_max.
function useMaxima(alert: Alert) {
  const rules = useGet("/v1/rules");
  const all = [...(rules.data?.detectors ?? []), ...(rules.data?.rulebooks ?? []).flatMap((book) => book.rules)];
  const params = all.find((rule) => rule.id === alert.detector)?.params ?? [];
  return new Set(params.map(({ name }) => maximaByOtherNames[name] ?? (name.endsWith("_max") ? name.slice(0, -"_max".length) : "")));
}

// The bar's full width is twice the limit: the mark in the middle is the limit itself.
export function FactTable({ alert, hint }: { alert: Alert; hint?: (name: string, language: Language) => string | undefined }) {
  const t = useText();
  const factName = useFactName();
  const language = useLanguage();
  const maxima = useMaxima(alert);
  return (
    <table className="fact-table">
      <thead>
        <tr>
          <th>{t("name")}</th>
          <th className="right">{t("value")}</th>
          <th className="right">{t("limit")}</th>
          <th>
            <span className="unseen">{t("result")}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {alert.facts.map((fact) => {
          const part = fact.limit === undefined ? undefined : share(fact.value, fact.limit);
          const above = maxima.has(fact.name);
          const reached = fact.limit !== undefined && (above ? Number(fact.value) <= Number(fact.limit) : Math.abs(Number(fact.value)) >= Math.abs(Number(fact.limit)));
          const what = hint?.(fact.name, language);
          return (
            <tr key={fact.name}>
              <th scope="row" title={fact.name}>
                {factName(fact.name)}
                {what && <span className="quiet hint">{what}</span>}
              </th>
              <td className="right">
                <Num value={fact.value} />
              </td>
              <td className="right limit">
                {fact.limit === undefined ? <span className="quiet" title={t("alert.no_limit")}>–</span> : (
                  <>
                    <span className="quiet" title={t(above ? "fact.at_most" : "fact.at_least")}>{above ? "≤" : "≥"}</span> <Num value={fact.limit} />
                  </>
                )}
              </td>
              <td className="meter-cell">
                {part !== undefined && (
                  <>
                    <span className={`meter ${reached ? "over" : ""}`} aria-hidden="true">
                      <span style={{ width: `${Math.min(100, part * 50)}%` }} />
                    </span>{" "}
                    <span className={reached ? "reached" : "quiet"} title={t(reached ? "fact.reached" : "fact.not_reached")}>
                      {reached ? "✓" : "·"}
                      <span className="unseen">{t(reached ? "fact.reached" : "fact.not_reached")}</span>
                    </span>
                  </>
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

export interface Sum {
  prior_bits: string;
  parts: LinkPart[];
  sum_bits: string;
  link_min_bits: string;
  suspect_min_bits?: string;
  probability_percent: string;
}

// Each bar begins where the one before ended.
export function Waterfall({ sum }: { sum: Sum }) {
  const t = useText();
  const language = useLanguage();
  const linkName = useLinkName();
  const prior = Number(sum.prior_bits);
  const steps: { name: string; title?: string; bits: string; from: number; to: number; quiet?: boolean }[] = [
    { name: t("link.prior"), bits: sum.prior_bits, from: 0, to: prior },
  ];
  let at = prior;
  for (const part of sum.parts) {
    const next = part.counts ? at + Number(part.bits) : at;
    const kind = part.kind === part.what ? linkName(part.kind) : `${linkName(part.kind)}: ${linkName(part.what)}`;
    steps.push({
      name: `${kind}${part.value ? ` ${isToken(part.value) ? `${part.value.slice(0, 12)}…` : part.value}` : ""}, ${t("link.shared", { n: part.accounts })}`,
      title: part.counts ? undefined : t("link.not_counted"),
      bits: part.bits,
      from: at,
      to: part.counts ? next : at + Number(part.bits),
      quiet: !part.counts,
    });
    at = next;
  }
  steps.push({ name: t("link.sum"), bits: sum.sum_bits, from: 0, to: Number(sum.sum_bits) });
  const limit = Number(sum.link_min_bits);
  const least = Math.min(0, limit, ...steps.map((step) => Math.min(step.from, step.to)));
  const most = Math.max(0, limit, ...steps.map((step) => Math.max(step.from, step.to)));
  const x = (bits: number) => ((bits - least) / (most - least || 1)) * 100;
  return (
    <div className="waterfall">
      <table>
        <tbody>
          {steps.map((step, i) => (
            <tr key={i} className={step.quiet ? "quiet" : ""} title={step.title}>
              <th scope="row">{step.name}</th>
              <td className="right">
                {step.quiet ? "(" : ""}
                <Num value={step.bits} />
                {step.quiet ? ")" : ""}
              </td>
              <td aria-hidden="true" className="bars">
                <span className="axis" style={{ left: `${x(0)}%` }} />
                <span className="limit" style={{ left: `${x(limit)}%` }} />
                <span
                  className={`bar ${i === steps.length - 1 ? "sum" : step.to < step.from ? "down" : "up"}`}
                  style={{ left: `${x(Math.min(step.from, step.to))}%`, width: `${Math.abs(x(step.to) - x(step.from))}%` }}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="quiet">
        {t("link.limit")} <Num value={sum.link_min_bits} /> {t("link.bits")}
        {sum.suspect_min_bits && (
          <>
            {" · "}
            {t("link.suspect")} <Num value={sum.suspect_min_bits} /> {t("link.bits")}
          </>
        )}
        {" · "}
        {t("link.probability", { p: decimal(sum.probability_percent, language) })}
      </p>
    </div>
  );
}
