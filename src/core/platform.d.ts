// Core passes file handles through without touching them; the DOM's own declarations merge in
// everywhere else. Nothing of the DOM is visible here.
interface Blob {}
interface File extends Blob {
  readonly name: string;
}
