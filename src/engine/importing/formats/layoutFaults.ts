import { count, type Fault } from "../faults";

/** A COCO annotation whose picture the file does not list. */
export const noSuchImage = (id: string): Fault => ({
  topic: "annotation without image",
  reason: id === "" ? "the annotation names no image" : `no image has the id ${id}`,
  remedy: "Add the image to “images”, or delete the annotation.",
});

/** Beyond 2^53 numbers in JSON run into each other. */
export const unsafeId = (id: string): Fault => ({
  topic: "id too large",
  reason: `the id ${id} is too large to be told from its neighbours`,
  remedy: "Write ids of more than 15 digits as texts, in quotation marks.",
});

export const NOT_A_RECORD: Fault = {
  topic: "not a record",
  reason: "not an object with named fields",
  remedy: "Write each record as {“file_name”: …, “text”: …}.",
};

/** A line of a Flickr token file. */
export const NOT_A_TOKEN: Fault = {
  topic: "no file name and caption",
  reason: "not of the form NAME.jpg#0, tab, caption",
  remedy: "Correct the line, or delete it.",
};

/** A row of img2dataset whose download failed. */
export const notDownloaded = (status: string, message: string): Fault => ({
  topic: "not downloaded by img2dataset",
  reason: `img2dataset did not download it: ${message || status}`,
  remedy: "Run img2dataset again for these, or leave them out.",
});

export const captionFileTooLarge = (sizeBytes: number): Fault => ({
  topic: "caption file too large",
  reason: `the caption file has ${count(sizeBytes, "byte")}, more than a caption can`,
  remedy: "Check that it is a caption, and shorten it to 1 MB at most.",
});

/** A file beside a picture that should hold its caption and cannot be read. */
export const unreadableCompanion = (message: string): Fault => ({
  topic: "caption file unreadable",
  reason: message,
  remedy: "Correct the caption file beside the picture, then import again.",
});
