import { useEffect, useState, type ReactNode } from "react";
import type { AlignedModality } from "../../../core/domain/modality";
import type { Item } from "../../../core/domain/dataset";
import { BlobImage } from "../../components/BlobImage";
import { CopyButton } from "../../components/CopyButton";
import { formatCount } from "../../components/formatting";
import { useProject } from "../../components/projectContext";
import styles from "../../components/Sheet.module.css";
import { ResultSheet } from "../../components/search/ResultSheet";
import type { Query } from "./useQuery";
import { nameOf, useShown, type Hit, type Result } from "../../components/search/shownItems";
import type { Answer, ProjectItems } from "./useSearch";

interface ResultInspectorProps {
  readonly hit: Hit;
  readonly answer: Answer;
  readonly items: ProjectItems;
  readonly query: Query;
  readonly onClose: () => void;
  /** What explains the result, once it is known. */
  readonly children?: (result: Result) => ReactNode;
}

const PICTURE = 276;
const SHOWN_PARTNERS = 12;

/** One result in full: its picture or words, what goes with it in the data, and how to go on. */
export function ResultInspector({ hit, answer, items, query, ...props }: ResultInspectorProps) {
  const { project } = useProject();
  const { target, gallery, scores } = answer;
  const shown = useShown(target, hit, items);
  const name = shown ? nameOf(shown) : "";
  const picked = shown && { modality: target, index: shown.index, item: shown.item, name };
  const isImage = target === "image";
  return (
    <ResultSheet
      {...{ hit, gallery, scores }}
      onClose={props.onClose}
      media={
        <>
          {shown && isImage && (
            <BlobImage
              projectId={project.id}
              digest={shown.item.digest}
              alt={name}
              size={PICTURE}
            />
          )}
          {shown && !isImage && (
            <p className={styles.words} dir="auto">
              {name}
            </p>
          )}
        </>
      }
      actions={
        picked && (
          <>
            <button type="button" className="button" onClick={() => query.moreLike(picked)}>
              More like this
            </button>
            <button type="button" className="button" onClick={() => query.goesWith(picked)}>
              What goes with it
            </button>
            <button type="button" className="button quiet" onClick={() => query.addItem(picked, 1)}>
              Add to the query
            </button>
            <button
              type="button"
              className="button quiet"
              onClick={() => query.addItem(picked, -1)}
            >
              Take away from it
            </button>
            <CopyButton
              name={isImage ? "Copy captions" : "Copy"}
              text={() => (isImage ? (shown?.captions.join("\n") ?? "") : name)}
            />
          </>
        )
      }
      facts={
        <>
          {Object.entries(shown?.item.labels ?? {}).map(([column, value]) => (
            <div key={column}>
              <dt>{column}</dt>
              <dd dir="auto">{value}</dd>
            </div>
          ))}
          <Tags result={shown} target={target} items={items} />
          <div>
            <dt>From</dt>
            <dd className="mono">{shown?.item.source}</dd>
          </div>
        </>
      }
    >
      {shown && props.children?.(shown)}
      {shown && <Partners result={shown} target={target} items={items} />}
    </ResultSheet>
  );
}

interface PartOfResult {
  readonly result: Result;
  readonly target: AlignedModality;
  readonly items: ProjectItems;
}

/** All captions of an image, or the images of a caption. */
function Partners({ result, target, items }: PartOfResult) {
  const { project } = useProject();
  const images = useImagesOf(result, target, items);
  if (target === "image") {
    if (result.captions.length === 0) return <p className="quiet">No caption in the data.</p>;
    return (
      <ul className={styles.captions} aria-label="Captions">
        {result.captions.map((caption) => (
          <li key={caption} dir="auto">
            {caption}
          </li>
        ))}
      </ul>
    );
  }
  return (
    <ul className={styles.images} aria-label="Pictures with this caption">
      {images.slice(0, SHOWN_PARTNERS).map(({ digest, source }) => (
        <li key={digest}>
          <BlobImage projectId={project.id} digest={digest} alt={source} size={80} />
        </li>
      ))}
      {images.length > SHOWN_PARTNERS && (
        <li className="quiet">and {formatCount(images.length - SHOWN_PARTNERS)} more</li>
      )}
    </ul>
  );
}

function useImagesOf(result: Result, target: AlignedModality, items: ProjectItems) {
  const [images, setImages] = useState<readonly Item[]>([]);
  const { index } = result;
  useEffect(() => {
    let current = true;
    const read = async () => {
      if (target === "image") return [];
      const indices = (await items.pairs).imagesOf(index);
      const found = await Promise.all(indices.map((image) => items.cache.get("image", image)));
      return found.filter((item) => item !== undefined);
    };
    read().then(
      (found) => current && setImages(found),
      () => current && setImages([]), // the search itself says why data cannot be read
    );
    return () => {
      current = false;
    };
  }, [index, target, items]);
  return images;
}

function Tags({
  result,
  target,
  items,
}: Omit<PartOfResult, "result"> & { result: Result | undefined }) {
  const [tags, setTags] = useState<readonly string[]>([]);
  const index = result?.index;
  useEffect(() => {
    let current = true;
    items.pairs.then(
      ({ tagsOf }) => current && setTags(index === undefined ? [] : tagsOf(target, index)),
      () => current && setTags([]),
    );
    return () => {
      current = false;
    };
  }, [index, target, items]);
  if (tags.length === 0) return null;
  return (
    <div>
      <dt>Tags</dt>
      <dd dir="auto">{tags.join(", ")}</dd>
    </div>
  );
}
