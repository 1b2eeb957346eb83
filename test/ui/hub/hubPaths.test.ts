import { describe, expect, it } from "vitest";
import type { HubMember } from "../../../src/core/domain/hub";
import { captionsOf, linkedCount } from "../../../src/ui/features/hub/anchorCounts";
import { layoutGraph, shortName } from "../../../src/ui/features/hub/graphLayout";
import { graphSvg } from "../../../src/ui/features/hub/graphSvg";
import {
  hubEdges,
  kindSentence,
  measureSentence,
  storedScores,
  strandedMembers,
} from "../../../src/ui/features/hub/hubPaths";
import { hubWithSounds, joinedMember, sampleJoining, samplePath } from "../../support/sampleHubs";
import { samplePair } from "../../support/samples";

const { hub, members } = hubWithSounds("p1");
/** Windows aligned to the sounds only: three hops from the images. */
const windows = joinedMember(
  { hubId: hub.id, projectId: "p3", modality: "sensor" },
  {
    ...{ id: "windows", name: "Windows" },
    joined: sampleJoining("windows", {
      at: 1_700_000_200_000,
      anchors: [{ memberId: "sounds", digest: "d", pairs: 4 }],
      paths: [samplePath("windows", "sounds")],
    }),
  },
);
const edgeOf = (all: readonly HubMember[], id: string) => {
  const edge = hubEdges(all).find((each) => each.id === id);
  if (!edge) throw new Error(`no edge ${id}`);
  return edge;
};

describe("edges of a hub", () => {
  it("has every two members once, with the number of trained edges between them", () => {
    const hops = hubEdges([...members, windows]).map(({ id, hops }) => [id, hops]);
    expect(hops).toEqual([
      ["image/text", 1],
      ["image/sounds", 2],
      ["image/windows", 3],
      ["text/sounds", 1],
      ["text/windows", 2],
      ["sounds/windows", 1],
    ]);
  });

  it("loses its edges where what a member joined through was removed, and says who is stranded", () => {
    const left = [...members.filter(({ id }) => id !== "sounds"), windows];
    expect(hubEdges(left).map(({ id }) => id)).toEqual(["image/text"]);
    expect(strandedMembers(left).map(({ name }) => name)).toEqual(["Windows"]);
    expect(strandedMembers([])).toEqual([]);
    expect(hubEdges(members.slice(0, 1))).toEqual([]);
  });

  it("says through whom two meet that were never trained together", () => {
    expect(kindSentence(edgeOf(members, "image/sounds"), members)).toBe(
      "Emergent: no pair of these two was trained on. They meet through Captions, 2 hops apart.",
    );
    expect(kindSentence(edgeOf(members, "image/text"), members)).toContain("that was frozen");
    expect(kindSentence(edgeOf(members, "text/sounds"), members)).toContain("were trained on");
  });

  it("takes of two stored scores the one measured last", () => {
    const later = joinedMember(
      { hubId: hub.id, projectId: "p2" },
      {
        id: "later",
        joined: sampleJoining("later", {
          at: 1_800_000_000_000,
          paths: [samplePath("sounds", "text", { measure: "cycle" })],
        }),
      },
    );
    const scores = storedScores([later, ...members]);
    expect(scores.get("sounds/text")?.measure).toBe("cycle");
    expect(scores.get("sounds/image")?.hops).toBe(2);
  });

  it("names a cycle estimate as one", () => {
    expect(measureSentence(samplePath("a", "b"))).toBeNull();
    expect(measureSentence(samplePath("a", "b", { measure: "cycle" }))).toMatch(/^Cycle estimate/);
  });
});

describe("the drawing", () => {
  const size = { width: 640, height: 280 };

  it("keeps every mark inside, whatever the number of members and however narrow", () => {
    for (const width of [300, 640, 1200]) {
      for (let n = 1; n <= 9; n++) {
        const many = Array.from({ length: n }, (_, i) => ({ ...windows, id: `m${i}` }));
        const { nodes } = layoutGraph(many, [], { width, height: 280 });
        expect(nodes).toHaveLength(n);
        for (const { x, y, label } of nodes) {
          expect(x).toBeGreaterThanOrEqual(0);
          expect(x).toBeLessThanOrEqual(width);
          expect(Math.min(y, label.y)).toBeGreaterThan(10);
          expect(Math.max(y, label.y)).toBeLessThan(280);
        }
      }
    }
  });

  it("keeps the words of lines that cross in the middle apart", () => {
    const four = [...members, windows];
    const labels = layoutGraph(four, hubEdges(four), size).lines.map(({ label }) => label);
    const apart = labels.every((a, i) =>
      labels.slice(i + 1).every((b) => Math.hypot(a.x - b.x, a.y - b.y) > 16),
    );
    expect(apart).toBe(true);
  });

  it("is saved with the figures of every path, strange names escaped", () => {
    const named = members.map((m) => (m.id === "sounds" ? { ...m, name: "<b>&" } : m));
    const layout = layoutGraph(named, hubEdges(named), size);
    const { svg } = graphSvg(layout, { title: "Hub", ...size, scores: storedScores(named) });
    expect(svg).not.toContain("<b>");
    expect(svg).toContain("emergent, 2 hops");
    expect(svg).toContain("recall@10 45.0 %");
    expect(svg).toContain("stroke-dasharray");
  });

  it("cuts long names by letters, not inside one", () => {
    expect(shortName("Sounds")).toBe("Sounds");
    expect(shortName("🦊".repeat(40))).toBe(`${"🦊".repeat(21)}…`);
  });
});

describe("items that find a partner", () => {
  const texts = ["a", "b", "c"].map((digest) => ({ digest }));
  const sound = (audio: number, text: number, excluded?: string) => {
    const { image: _, ...pair } = samplePair(0, text);
    return { ...pair, audio, ...(excluded !== undefined && { excluded }) };
  };

  it("are those with a caption the other side has too; excluded pairs do not count", () => {
    const sounds = captionsOf([sound(0, 0), sound(1, 1), sound(2, 2, "noise")], texts, "audio");
    const images = captionsOf([samplePair(5, 0), samplePair(6, 2)], texts, "image");
    expect(sounds.size).toBe(2);
    expect(linkedCount(sounds, images)).toBe(1);
    expect(linkedCount(sounds, sounds)).toBe(2);
    expect(linkedCount(sounds, new Map())).toBe(0);
  });

  it("are none where pairs lack the modality or name a caption that is not there", () => {
    expect(captionsOf([samplePair(0, 0)], texts, "audio").size).toBe(0);
    expect(captionsOf([sound(0, 9)], texts, "audio").size).toBe(0);
  });
});
