// The market and the subject's own orders on one time axis.
import { useCallback, useMemo } from "react";
import type uPlot from "uplot";
import type { MarketSeries } from "../api/types";
import { count, seconds } from "../format";
import { useLanguage, useText } from "../text";
import Chart, { type Line, colour } from "./chart";

export default function MarketChart({ series, from, to }: { series: MarketSeries; from: string; to: string }) {
  const t = useText();
  const language = useLanguage();
  const { x, lines, range } = useMemo(() => {
    const rows = new Map<number, [number | null, number | null]>();
    const put = (ts: string, place: 0 | 1, price: string) => {
      const at = seconds(ts);
      if (Number.isNaN(at)) return;
      const row = rows.get(at) ?? [null, null];
      row[place] = Number(price);
      rows.set(at, row);
    };
    // The whole span, also where nobody traded.
    rows.set(seconds(series.from_ts), [null, null]);
    rows.set(seconds(series.to_ts), [null, null]);
    series.trades.forEach((trade) => put(trade.ts, 0, trade.price));
    series.index.forEach((index) => put(index.ts, 1, index.price));
    const x = [...rows.keys()].sort((a, b) => a - b);
    const lines: Line[] = [
      { label: t("alert.chart.price"), colour: "text", values: x.map((at) => rows.get(at)![0]), points: series.trades.length < 40 },
    ];
    if (series.index.length > 0) {
      lines.push({ label: t("alert.chart.index"), colour: "quiet", dash: true, values: x.map((at) => rows.get(at)![1]) });
    }
    const market = [...series.trades, ...series.fills].map((each) => Number(each.price));
    const own = series.orders.flatMap((order) => (order.price ? [Number(order.price)] : []));
    const base = market.length > 0 ? market : own;
    const low = Math.min(...base);
    const high = Math.max(...base);
    // Orders far away from the market do not flatten it.
    const room = Math.max((high - low) * 1.5, Math.abs(high) * 0.0005);
    const seen = [...base, ...own.filter((price) => price >= low - room && price <= high + room)];
    const pad = Math.max((Math.max(...seen) - Math.min(...seen)) * 0.08, Math.abs(high) * 0.00005);
    const range: [number, number] = [Math.min(...seen) - pad, Math.max(...seen) + pad];
    return { x, lines, range };
  }, [series, t]);

  const draw = useCallback(
    (plot: uPlot) => {
      const { ctx } = plot;
      const { left, top, width, height } = plot.bbox;
      const px = (ts: string) => plot.valToPos(seconds(ts), "x", true);
      const py = (price: string) => plot.valToPos(Number(price), "y", true);
      ctx.save();
      ctx.beginPath();
      ctx.rect(left, top, width, height);
      ctx.clip();
      ctx.lineWidth = 3 * devicePixelRatio;
      for (const order of series.orders) {
        if (!order.price) continue;
        ctx.strokeStyle = colour(order.side);
        ctx.globalAlpha = 0.75;
        ctx.beginPath();
        const y = py(order.price);
        const start = px(order.from_ts);
        ctx.moveTo(start, y);
        ctx.lineTo(Math.max(start + 3, order.to_ts ? px(order.to_ts) : left + width), y);
        ctx.stroke();
      }
      ctx.globalAlpha = 1;
      for (const fill of series.fills) {
        const size = 5 * devicePixelRatio;
        const x = px(fill.ts);
        const y = py(fill.price);
        const up = fill.side === "buy" ? -1 : 1;
        ctx.fillStyle = colour(fill.side);
        ctx.strokeStyle = colour("panel");
        ctx.lineWidth = 1;
        ctx.beginPath();
        ctx.moveTo(x, y + up * size);
        ctx.lineTo(x - size, y - up * size);
        ctx.lineTo(x + size, y - up * size);
        ctx.closePath();
        ctx.fill();
        ctx.stroke();
      }
      ctx.restore();
    },
    [series],
  );
  // The alert's own time.
  const under = useCallback(
    (plot: uPlot) => {
      const { top, height, left, width } = plot.bbox;
      const inside = (ts: string) => Math.max(left, Math.min(left + width, plot.valToPos(seconds(ts), "x", true)));
      plot.ctx.fillStyle = colour("shade");
      plot.ctx.fillRect(inside(from), top, Math.max(2, inside(to) - inside(from)), height);
    },
    [from, to],
  );

  return (
    <>
      <Chart x={x} lines={lines} range={range} draw={draw} under={under} height={230} label={t("alert.chart")} />
      <p className="legend">
        <span><i className="line buy" /> {t("alert.chart.buy")}</span>
        <span><i className="line sell" /> {t("alert.chart.sell")}</span>
        <span><span className="buy" aria-hidden="true">▲</span><span className="sell" aria-hidden="true">▼</span> {t("alert.chart.fill")}</span>
        {series.orders_left_out > 0 && <span>{t("left_out", { n: count(series.orders_left_out, language) })}</span>}
      </p>
    </>
  );
}
