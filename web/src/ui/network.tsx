// The network of linked accounts, drawn by WebGL. The table beside it says the same.
import Graph from "graphology";
import { useEffect, useRef, useState } from "react";
import Sigma from "sigma";
import type { GroupEdge } from "../api/types";
import { useSettings } from "../settings";
import { useText } from "../text";
import { colour } from "./chart";

const hasWebGl = () => {
  try {
    return document.createElement("canvas").getContext("webgl2") !== null;
  } catch {
    return false;
  }
};

// Springs and repulsion from a circle: a few dozen accounts settle in a moment, always the same way.
function layOut(graph: Graph) {
  const nodes = graph.nodes();
  const at = nodes.map((_, i) => {
    const angle = (i / nodes.length) * 2 * Math.PI;
    return { x: Math.cos(angle), y: Math.sin(angle) };
  });
  const place = new Map(nodes.map((node, i) => [node, i]));
  const rounds = nodes.length > 80 ? 60 : 200;
  for (let round = 0; round < rounds; round++) {
    const step = 0.06 * (1 - round / rounds);
    const push = at.map(() => ({ x: 0, y: 0 }));
    for (let i = 0; i < at.length; i++) {
      for (let j = i + 1; j < at.length; j++) {
        const dx = at[i]!.x - at[j]!.x;
        const dy = at[i]!.y - at[j]!.y;
        const far = dx * dx + dy * dy + 0.01;
        push[i]!.x += dx / far; push[i]!.y += dy / far;
        push[j]!.x -= dx / far; push[j]!.y -= dy / far;
      }
    }
    graph.forEachEdge((_e, _a, a, b) => {
      const i = place.get(a)!;
      const j = place.get(b)!;
      const dx = at[i]!.x - at[j]!.x;
      const dy = at[i]!.y - at[j]!.y;
      push[i]!.x -= dx * 2; push[i]!.y -= dy * 2;
      push[j]!.x += dx * 2; push[j]!.y += dy * 2;
    });
    at.forEach((point, i) => {
      const length = Math.hypot(push[i]!.x, push[i]!.y) || 1;
      point.x += (push[i]!.x / length) * step * Math.min(length, 4);
      point.y += (push[i]!.y / length) * step * Math.min(length, 4);
    });
  }
  nodes.forEach((node, i) => graph.mergeNodeAttributes(node, at[i]!));
}

export default function Network({
  accountIds,
  edges,
  flagged,
  chosen,
  choose,
}: {
  accountIds: string[];
  edges: GroupEdge[];
  flagged: Set<string>;
  chosen?: GroupEdge;
  choose: (edge: GroupEdge) => void;
}) {
  const t = useText();
  const ref = useRef<HTMLDivElement>(null);
  const { theme } = useSettings();
  const [works] = useState(hasWebGl);
  useEffect(() => {
    if (!ref.current || !works) return;
    const graph = new Graph();
    const few = accountIds.length <= 40;
    accountIds.forEach((id) =>
      graph.addNode(id, {
        label: id,
        size: few ? 7 : 4,
        x: 0,
        y: 0,
        color: flagged.has(id) ? colour("sell") : colour("accent"),
        forceLabel: few,
      }),
    );
    for (const edge of edges) {
      if (!graph.hasNode(edge.a) || !graph.hasNode(edge.b) || graph.hasEdge(edge.a, edge.b)) continue;
      const picked = chosen && chosen.a === edge.a && chosen.b === edge.b;
      const weak = edge.state === "suspected" || edge.state === "refused";
      graph.addEdge(edge.a, edge.b, {
        size: picked ? 5 : weak ? 1 : edge.weight_bits === undefined ? 3 : Math.max(1, Math.min(4, Number(edge.weight_bits) / 3)),
        color: picked ? colour("accent") : weak ? colour("line") : colour("quiet"),
        told: edge,
      });
    }
    layOut(graph);
    let drawn: Sigma | undefined;
    try {
      drawn = new Sigma(graph, ref.current, {
        enableEdgeEvents: true,
        labelColor: { color: colour("text") },
        labelFont: "system-ui, sans-serif",
        labelSize: 11,
        allowInvalidContainer: true,
        stagePadding: 60,
        defaultDrawNodeHover: () => {},
        // Below its node: beside it an edge would cross it.
        defaultDrawNodeLabel: (context, node) => {
          if (!node.label) return;
          context.font = "11px system-ui, sans-serif";
          context.fillStyle = colour("text");
          context.textAlign = "center";
          context.fillText(node.label, node.x, node.y + node.size + 13);
        },
      });
      drawn.on("clickEdge", ({ edge }) => choose(graph.getEdgeAttribute(edge, "told") as GroupEdge));
    } catch {
      // No context to be had after all: the table stands beside it.
    }
    return () => drawn?.kill();
  }, [accountIds, edges, flagged, chosen, choose, theme, works]);
  if (!works) return <p className="notice">{t("group.no_webgl")}</p>;
  return <div ref={ref} className="network" role="img" aria-label={t("group.network.label")} />;
}
