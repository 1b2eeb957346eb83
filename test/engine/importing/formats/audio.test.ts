import { describe, expect, it } from "vitest";
import { files, importFiles } from "../../../support/importing";
import { plan } from "../../../support/planning";
import { wav } from "../../../support/sounds";

describe("ESC-50", () => {
  const header = "filename,fold,target,category,esc10,src_file,take";
  const contents = {
    "meta/esc50.csv": `${header}\n1-1-A-0.wav,1,0,dog,True,1,A\n4-2-A-1.wav,4,1,crackling_fire,False,2,A\n5-3-A-1.wav,5,1,crackling_fire,False,3,A\n`,
    "audio/1-1-A-0.wav": "x",
    "audio/4-2-A-1.wav": "x",
    "audio/5-3-A-1.wav": "x",
  };

  it("makes captions of categories and splits of folds", async () => {
    const found = await plan(contents);
    expect(found).toMatchObject({ format: "esc50", media: "audio", issues: [], unpaired: [] });
    expect(found.pairs).toEqual([
      "audio/1-1-A-0.wav: the sound of a dog [train]",
      "audio/4-2-A-1.wav: the sound of a crackling fire [validation]",
      "audio/5-3-A-1.wav: the sound of a crackling fire [test]",
    ]);
    expect(found.planned.map(({ group }) => group)).toEqual(["1", "2", "3"]);
    expect(found.planned[1]?.labels).toEqual({ category: "crackling_fire" });
  });

  it("takes the user's template", async () => {
    const found = await plan(contents, { classTemplate: "{class}, recorded outdoors" });
    expect(found.pairs[0]).toBe("audio/1-1-A-0.wav: dog, recorded outdoors [train]");
  });
});

describe("Clotho", () => {
  const header = "file_name,caption_1,caption_2,caption_3,caption_4,caption_5";

  it("reads five captions per recording, odd names and the split of each file", async () => {
    const found = await plan({
      "clotho_captions_development.csv": `${header}\n"Rain, wind & #3 (1) .wav",a,b,c,d,e\nx.wav,1,2,3,4,5\n`,
      "clotho_captions_evaluation.csv": `${header}\nx.wav,v,w,x,y,\n`,
      "clotho/development/Rain, wind & #3 (1) .wav": "x",
      "clotho/development/x.wav": "x",
      "clotho/evaluation/x.wav": "y",
    });
    expect(found).toMatchObject({ format: "clotho", media: "audio", unpaired: [] });
    expect(found.pairs).toEqual([
      "clotho/development/Rain, wind & #3 (1) .wav: a / b / c / d / e [train]",
      "clotho/development/x.wav: 1 / 2 / 3 / 4 / 5 [train]",
      "clotho/evaluation/x.wav: v / w / x / y [test]",
    ]);
    expect(found.issues).toEqual([
      "flagged clotho_captions_evaluation.csv:2: one of its captions is empty; the others are used",
    ]);
  });
});

describe("AudioCaps", () => {
  const header = "audiocap_id,youtube_id,start_time,caption";

  it("finds clips by either id, with and without start, and ids that begin with - or _", async () => {
    const rows = [
      "1,-0xzrMun0Rs,30,one",
      "2,_9mgOkzm-xg,0,two",
      "3,rqfQRErjfk8,170,three",
      "4,tEE3MpBt1sg,50,four",
      "5,sShpyu2l4YQ,0,five",
      "6,QHuMH8BlSSc,30,six",
    ];
    const found = await plan({
      "test.csv": [header, ...rows].join("\n"),
      "clips/-0xzrMun0Rs.wav": "x",
      "clips/_9mgOkzm-xg_0.wav": "x",
      "clips/3.wav": "x",
      "clips/YtEE3MpBt1sg_50.000.wav": "x",
      "clips/sShpyu2l4YQ_0_10.flac": "x",
      "clips/QHuMH8BlSSc_30000_40000.mp3": "x",
    });
    expect(found).toMatchObject({ format: "audiocaps", media: "audio", issues: [], unpaired: [] });
    expect(found.pairs).toEqual([
      "clips/-0xzrMun0Rs.wav: one",
      "clips/3.wav: three",
      "clips/QHuMH8BlSSc_30000_40000.mp3: six",
      "clips/YtEE3MpBt1sg_50.000.wav: four",
      "clips/_9mgOkzm-xg_0.wav: two",
      "clips/sShpyu2l4YQ_0_10.flac: five",
    ]);
  });

  it("counts missing clips, takes no other cut of the same video, keeps a video in one group", async () => {
    const rows = ["1,-0xzrMun0Rs,30,one", "2,-0xzrMun0Rs,30,uno", "3,_9mgOkzm-xg,0,two"];
    const found = await plan({
      "train.csv": [header, ...rows].join("\n"),
      "clips/-0xzrMun0Rs_30.wav": "x",
      "clips/_9mgOkzm-xg_70.wav": "another cut",
    });
    expect(found).toMatchObject({ rows: 3, used: 2, unpaired: ["clips/_9mgOkzm-xg_70.wav"] });
    expect(found.warnings).toEqual([
      "1 clip of 2 not among the files; their rows will be skipped.",
    ]);
    expect(new Set(found.planned.map(({ group }) => group)).size).toBe(1);
    expect(found.issues).toEqual(["skipped train.csv:4: file not found: _9mgOkzm-xg"]);
  });
});

describe("sounds in class folders", () => {
  it("import as sounds, and what is none costs its own row", async () => {
    const { report, project, pairs } = await importFiles(
      files({ "dog/1.wav": wav(1), "rain/1.wav": wav(2), "rain/2.wav": "no sound at all" }),
    );
    expect(report).toMatchObject({ rows: 3, used: 2, items: { image: 0, audio: 2, text: 2 } });
    expect(project.data).toMatchObject({ media: "audio", format: "class-folders" });
    expect(pairs.every(({ audio, text }) => audio !== undefined && text !== undefined)).toBe(true);
    const skipped = report.issues.filter(({ kind }) => kind === "skipped");
    expect(skipped.map(({ where }) => where)).toEqual(["rain/2.wav"]);
  });
});
