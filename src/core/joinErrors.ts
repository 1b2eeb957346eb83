/** What can fail while more modalities join: hubs, sounds, the microphone. Part of `ERRORS`. */
export const JOIN_ERRORS = {
  "hub/nothing-linked": {
    message: "Nothing ties these items to the hub.",
    remedy:
      "Items belong together where their captions are equal, letter by letter: check the captions on the Data screen, or align to the text member, which needs no common captions.",
  },
  "hub/unsuited": {
    message: "This run cannot become a hub.",
    remedy:
      "Its space is made of similarities to its own pairs, which no other projector can learn: freeze a run of another method.",
  },
  "hub/other-hub": {
    message: "This sense pack was made for another hub.",
    remedy:
      "A projector only means something in the space it was trained for: open the hub it names, or train again from the pairs.",
  },
  "hub/pack": {
    message: "This file cannot be used as a sense pack.",
    remedy: "Use the .sense.safetensors file as it was saved; if it was changed, save it again.",
  },
  "hub/changed": {
    message: "What the hub was frozen with is no longer the same.",
    remedy:
      "Undo the last change of the project's data, or freeze the run again as a new hub; nothing was written.",
  },
  "hub/joining-elsewhere": {
    message: "These items are joining this hub in another tab.",
    remedy: "Follow it there, or pause it there first.",
  },
  "sound/too-short": {
    message: "The sound is too short to be encoded.",
    remedy: "Use a recording of at least a tenth of a second.",
  },
  "sound/too-long": {
    message: "The sound is too long to be encoded.",
    remedy: "Cut it into clips of at most ten minutes.",
  },
  "sound/unreadable": {
    message: "The sound cannot be decoded.",
    remedy: "Check that it plays on your computer; WAV, MP3, Ogg Opus, FLAC and M4A work best.",
  },
  "sound/no-sound": {
    message: "The file holds no sound.",
    remedy: "A video without a sound track has nothing to encode; use one with sound.",
  },
  "microphone/none": {
    message: "No microphone was found.",
    remedy: "Connect one, or drop a recording instead.",
  },
  "microphone/refused": {
    message: "The browser was not allowed to use the microphone.",
    remedy: "Allow it in the address bar and record again, or drop a recording instead.",
  },
  "microphone/insecure": {
    message: "This page may not use a microphone.",
    remedy:
      "Browsers lend it to pages over https or from localhost only; open one of those, or drop a recording instead.",
  },
  "microphone/failed": {
    message: "The recording did not work.",
    remedy:
      "Close other programs that use the microphone and record again, or drop a recording instead.",
  },
  "microphone/silent": {
    message: "Nothing was heard.",
    remedy: "Check that the right microphone is chosen and not muted, then record again.",
  },
} as const;
