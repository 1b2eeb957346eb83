/** Names for files from outside: the same file has the same name as long as it is open. */
export class FileNames {
  readonly #names = new WeakMap<Blob, string>();

  of(file: Blob): string {
    const name = this.#names.get(file) ?? crypto.randomUUID();
    this.#names.set(file, name);
    return name;
  }
}
