import { JOIN_ERRORS } from "./joinErrors";

/**
 * Every failure a user can meet: what happened, and what to do about it.
 * The whole table is reviewed as prose; throw sites add only the particulars (`detail`).
 */
export const ERRORS = {
  cancelled: { message: "Stopped.", remedy: "Start again; finished work is kept." },

  "import/unrecognised": {
    message: "No pairs were recognised in these files.",
    remedy:
      "Drop a zip or folder that holds pictures or sounds and their captions: a table with a column of file names, COCO or Flickr files, a text file beside each, or a folder per class.",
  },
  "import/archive": {
    message: "The archive cannot be read.",
    remedy: "Check that the file opens on your computer, then zip it again and retry.",
  },
  "import/metadata": {
    message: "The metadata file cannot be used.",
    remedy: "Check the file and row named here against the expected layout, then import again.",
  },
  "import/mapping": {
    message: "The column mapping is incomplete.",
    remedy: "Choose one column with file names and at least one with captions.",
  },
  "import/sample": {
    message: "The sample cannot be loaded.",
    remedy: "Check that the whole site is served (folder samples/), then reload the page.",
  },
  "import/embeddings": {
    message: "The embeddings cannot be used.",
    remedy:
      "Save them as float arrays of shape [N, D] with one row per pair, in the same order on both sides.",
  },
  "import/nothing-usable": {
    message: "No row could be used.",
    remedy: "The import report names the cause of every row; fix the files and import again.",
  },

  "data/shape": {
    message: "Arrays of different sizes were combined.",
    remedy: "This is a fault of the playground; report it with the details below.",
  },
  "data/non-finite": {
    message: "The numbers contain NaN or infinity.",
    remedy: "Encode again, or lower the learning rate.",
  },
  "data/no-match": {
    message: "A query has no relevant item.",
    remedy: "Check that both sides of every pair were imported.",
  },
  "data/degenerate": {
    message: "The embeddings do not vary enough to be aligned.",
    remedy: "Check that the items differ from each other, or choose another encoder or pooling.",
  },
  "data/too-few": {
    message: "There are too few pairs for this step.",
    remedy: "Import more pairs, or give the training split a larger share.",
  },

  "data/one-group": {
    message: "All training pairs belong together, so there is nothing to tell apart.",
    remedy:
      "Pairs that share a picture or a caption count as one: import pairs of different items, or check the column of captions.",
  },
  "data/equal-captions": {
    message: "All captions are equal, so no picture can be told from another by its words.",
    remedy: "Check which column holds the captions, or write them on the Data screen.",
  },

  "data/edit": {
    message: "This change cannot be made.",
    remedy: "Correct what is named here and try again; nothing was changed.",
  },

  "encoder/missing": {
    message: "The encoder's files cannot be loaded.",
    remedy: "Check that the whole site is served (folder models/), then reload the page.",
  },
  "encoder/digest": {
    message: "An encoder file is damaged: its SHA-256 does not match the catalogue.",
    remedy: "Reload the page; if it happens again, serve the site anew from a clean build.",
  },
  "encoder/vectors-only": {
    message: "These embeddings came without a network, so nothing new can be encoded with it.",
    remedy:
      "Name the encoder they were made with on the Encode screen, or import them for every item.",
  },
  "encoder/not-made-with": {
    message: "These embeddings were not made with this encoder.",
    remedy:
      "Choose the encoder, pooling and layer they were made with; another preprocessing makes others too.",
  },
  "encoder/nothing-to-compare": {
    message: "No caption or picture is stored to compare these embeddings with.",
    remedy: "Import them again together with the captions or pictures they were made from.",
  },
  "encoder/not-downloaded": {
    message: "This encoder has not been downloaded.",
    remedy:
      "Download it on the Encode screen; its size and licence are shown before anything is fetched.",
  },
  "encoder/download": {
    message: "The encoder cannot be downloaded.",
    remedy:
      "Check the connection and the address of the model hub in the settings, then go on: what has arrived is kept.",
  },
  "encoder/not-on-hub": {
    message: "The model hub does not have a file of this encoder.",
    remedy:
      "Check the address of the model hub in the settings; a mirror must hold the repository and revision named here.",
  },
  "encoder/gated": {
    message: "The model hub does not give this encoder's files to everyone.",
    remedy:
      "Choose another encoder, or fetch the files with your own account and use them as your own ONNX file.",
  },
  "encoder/hub-digest": {
    message: "A downloaded file is not the one that was promised: its SHA-256 differs.",
    remedy:
      "Nothing of it was kept. Download again; if it happens again, the mirror is not a true copy.",
  },
  "encoder/hub-address": {
    message: "This cannot be the address of a model hub.",
    remedy: "Enter an address that starts with https://, or a path of this site such as /hub.",
  },
  "encoder/unsupported": {
    message: "This model file cannot be used as an encoder.",
    remedy: "Use an ONNX file of at most 400 MB whose inputs are pixels or token ids.",
  },
  "encoder/no-windows": {
    message: "There are no training windows to make an encoder from.",
    remedy:
      "Import sensor windows on the Data screen and keep some of them in the training split, then try again.",
  },
  "encoder/self-check": {
    message: "This device computes the encoder wrongly, so its embeddings were refused.",
    remedy: "Choose the CPU (WebAssembly) device and encode again.",
  },
  "encoder/failed": {
    message: "The encoder could not process a batch.",
    remedy: "Run again; finished batches are kept.",
  },
  "encoder/crashes": {
    message: "The encoder keeps stopping the background worker.",
    remedy:
      "Choose the CPU (WebAssembly) device or another encoder, then encode again; what is encoded is kept.",
  },

  "encoder/input": {
    message: "An item cannot be decoded.",
    remedy:
      "Open the file on your computer; if it shows or plays, save it again, a picture as PNG or JPEG, and bring it again.",
  },

  "embeddings/missing": {
    message: "Some items have no embedding yet.",
    remedy: "Finish the Encode step, then try again.",
  },
  "embeddings/non-finite": {
    message: "An embedding contains NaN or infinity.",
    remedy:
      "Exclude the item named here on the Data screen, or encode again with another device or encoder.",
  },
  "embeddings/constant": {
    message: "All embeddings of one side are equal, so they say nothing about their items.",
    remedy: "Choose another encoder, pooling or layer, or check the imported vectors.",
  },
  "embeddings/width": {
    message: "The embeddings have another width than what was trained or given.",
    remedy:
      "The encoder, pooling or layer has changed since: choose the one used then, or train again.",
  },
  "embeddings/changed": {
    message: "The embeddings of this project have changed since this training began.",
    remedy: "Start a new run with the same recipe; what this one has learned stays stored.",
  },

  "align/diverged": {
    message: "Training diverged.",
    remedy: "Start again with the lower learning rate named below; the last good weights are kept.",
  },
  "align/unsupported": {
    message: "This method is not available in this version.",
    remedy: "Choose one of the methods listed on the Align screen.",
  },

  "query/empty": {
    message: "There is nothing left to search for.",
    remedy:
      "Type words, choose a picture, or change the weights so that the terms do not cancel out.",
  },
  "query/sources": {
    message: "This cannot be asked with these modalities.",
    remedy: "Choose one to four modalities to ask with, and another one to be found.",
  },
  "query/link": {
    message: "The query in this link cannot be used.",
    remedy: "Ask for the link again, or type the query yourself; the recipe is not affected.",
  },
  "query/save": {
    message: "The query was not saved.",
    remedy: "Do what is named here and save it again.",
  },

  "export/nothing": {
    message: "Nothing is left to take away.",
    remedy: "Choose more splits, or fewer tags.",
  },
  "export/no-model": {
    message: "There is no aligned model to take away.",
    remedy: "Align the pairs, or wait until the run has written its first projectors.",
  },
  "export/no-embeddings": {
    message: "There are no embeddings to take away.",
    remedy: "Encode this side on the Encode screen first.",
  },
  "export/site": {
    message: "The files of the search page cannot be loaded.",
    remedy: "Check that the whole site is served (folder search-page/), then export again.",
  },
  "page/part": {
    message: "A file of this page is missing or damaged.",
    remedy: "Copy the whole folder again, with app and data inside it, then reload the page.",
  },
  "export/changed-encoder": {
    message: "The text encoder is no longer the one this run was trained with.",
    remedy: "Restore that encoder, or train a run with the one that is here, and export that.",
  },

  ...JOIN_ERRORS,

  "recipe/invalid": {
    message: "The recipe is not valid.",
    remedy: "Correct the key named here; docs/recipes.md lists every key with its default.",
  },

  "storage/quota": {
    message: "The browser has no room left.",
    remedy: "Delete a project you no longer need, or free disk space, then run again.",
  },
  "storage/unavailable": {
    message: "The browser refuses to store data for this page.",
    remedy: "Leave private browsing or allow site data, then reload.",
  },
  "storage/outdated": {
    message: "A newer version of the playground is open in another tab.",
    remedy: "Reload this page.",
  },
  "storage/missing": {
    message: "This project no longer exists in this browser.",
    remedy: "Go back to the list of projects.",
  },
  "project/locked": {
    message: "This project is being edited in another tab.",
    remedy: "Continue there, or choose “Take over” here.",
  },

  "project-file/unrecognised": {
    message: "This is not a project file.",
    remedy:
      "Choose the zip that “Whole project” on Take away saves; pictures and captions are imported on the Data screen.",
  },
  "project-file/newer": {
    message: "The project file was saved by a newer version of the playground.",
    remedy: "Reload the page to get the newest version, then open the file again.",
  },
  "project-file/damaged": {
    message: "The project file is damaged.",
    remedy:
      "Use another copy, or save it again where the project is; nothing of it was added to this browser.",
  },

  "webgpu/unavailable": {
    message: "No usable WebGPU adapter.",
    remedy: "Continue on the CPU (WebAssembly), or update the browser and graphics driver.",
  },
  "webgpu/lost": {
    message: "The graphics processor was lost.",
    remedy: "Run again to continue from the last checkpoint; the CPU is used if it happens twice.",
  },
  "worker/crashed": {
    message: "A background worker stopped unexpectedly.",
    remedy: "Run again; finished work is kept.",
  },
  "worker/stalled": {
    message: "A background worker stopped answering and was restarted.",
    remedy: "Run again; finished work is kept.",
  },
  internal: {
    message: "Something went wrong in the playground.",
    remedy: "Report this with the details below.",
  },
} as const satisfies Record<string, { message: string; remedy: string }>;
