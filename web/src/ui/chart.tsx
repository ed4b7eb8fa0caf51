// Lines over time or over a parameter, in the theme's colours.
import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { decimal } from "../format";
import { useSettings } from "../settings";
import { useText } from "../text";

export const colour = (name: string) =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

export interface Line {
  label: string;
  colour: string; // a CSS variable's name
  values: (number | null)[];
  dash?: boolean;
  points?: boolean;
  scale?: string;
  bars?: boolean;
}

// 0.00025 → 5
function digitsOf(step: number): number {
  const text = String(Number(step.toPrecision(3)));
  return text.includes("e") ? 9 : (text.split(".")[1]?.length ?? 0);
}

// Hours always; the day where one begins.
function moment(at: number, step: number): string {
  const text = new Date(at * 1000).toISOString();
  if (step >= 60 && text.slice(11, 19) === "00:00:00") return text.slice(0, 10);
  return text.slice(11, step >= 60 ? 16 : step >= 1 ? 19 : 23);
}

interface Props {
  x: number[];
  lines: Line[];
  time?: boolean;
  height?: number;
  label: string;
  range?: [number, number];
  draw?: (plot: uPlot) => void;
  under?: (plot: uPlot) => void; // beneath the lines
}

export default function Chart({ x, lines, time, height = 220, label, range, draw, under }: Props) {
  const ref = useRef<HTMLDivElement>(null);
  const { theme, language } = useSettings();
  const t = useText();
  useEffect(() => {
    const at = ref.current;
    if (!at) return;
    const axis = {
      stroke: colour("quiet"),
      grid: { stroke: colour("line"), width: 1 },
      ticks: { stroke: colour("line"), width: 1 },
      font: "11px system-ui, sans-serif",
    };
    const xName = time === false ? t("value") : t("time.utc");
    const scales = [...new Set(lines.map((line) => line.scale ?? "y"))];
    const plot = new uPlot(
      {
        width: at.clientWidth || 400,
        height,
        tzDate: (ts) => uPlot.tzDate(new Date(ts * 1000), "Etc/UTC"),
        cursor: { y: false, points: { size: 5 } },
        legend: { live: true },
        scales: {
          x: { time: time ?? true },
          y: range ? { range } : {},
          ...Object.fromEntries(scales.slice(1).map((scale) => [scale, {}])),
        },
        axes: [
          time === false ? { ...axis, space: 72 } : {
            ...axis,
            // Marks below a second are longer.
            space: (_plot, _axis, from, to, width) => ((to - from) * 84 < width ? 84 : 66),
            values: (_, splits, _i, _s, step) => splits.map((at) => moment(at, step)),
            label: xName, labelFont: axis.font, labelSize: 18, size: 30,
          },
          ...scales.map((scale, i) => ({
            ...axis,
            // As many digits as tell two marks apart.
            values: (_: uPlot, splits: number[], _i: number, _s: number, step: number) =>
              splits.map((at) => decimal(at.toFixed(digitsOf(step)), language)),
            ...(scales.length > 1 && { label: lines.find((line) => (line.scale ?? "y") === scale)?.label, labelFont: axis.font, labelSize: 18 }),
            scale, side: i === 0 ? 3 : 1, size: 62, grid: i === 0 ? axis.grid : { show: false } })),
        ],
        series: [
          { label: xName, value: time === false ? undefined : (_, s) => (s == null ? "" : new Date(s * 1000).toISOString().slice(11, 23)) },
          ...lines.map((line) => ({
            label: line.label,
            value: (_: uPlot, at: number | null) => (at === null ? "–" : decimal(String(at), language)),
            scale: line.scale ?? "y",
            stroke: colour(line.colour),
            width: line.bars ? 0 : 1.5,
            dash: line.dash ? [4, 4] : undefined,
            spanGaps: true,
            points: { show: line.points ?? false, size: 5 },
            ...(line.bars && { paths: uPlot.paths.bars!({ size: [0.7, 20] }), fill: colour(line.colour) }),
          })),
        ],
        hooks: { draw: draw ? [draw] : [], drawClear: under ? [under] : [] },
      },
      [x, ...lines.map((line) => line.values)] as uPlot.AlignedData,
      at,
    );
    const sized = new ResizeObserver(() => plot.setSize({ width: at.clientWidth, height }));
    sized.observe(at);
    return () => {
      sized.disconnect();
      plot.destroy();
    };
  }, [x, lines, time, height, range, draw, under, theme, language, t]);
  return <div ref={ref} className="chart" role="img" aria-label={label} />;
}
