import { encoderById } from "../core/catalogue/encoders";
import type { EncoderSpec } from "../core/domain/encoder";
import { AppError } from "../core/errors";
import type { EncoderStore } from "../core/ports";
import type { PlaygroundDb } from "./db";

/** Encoders the visitor added, over the catalogue. */
export class IdbEncoderStore implements EncoderStore {
  readonly #db: PlaygroundDb;

  constructor(db: PlaygroundDb) {
    this.#db = db;
  }

  list(): Promise<EncoderSpec[]> {
    return this.#db.getAll("encoders");
  }

  async get(id: string): Promise<EncoderSpec> {
    return (await this.#db.get("encoders", id)) ?? encoderById(id);
  }

  async put(spec: EncoderSpec): Promise<void> {
    try {
      await this.#db.put("encoders", spec, spec.id);
    } catch (thrown) {
      throw AppError.from(thrown);
    }
  }

  async delete(id: string): Promise<void> {
    await this.#db.delete("encoders", id);
  }
}
