import type { EmbeddingChoice, EncoderSpec } from "../core/domain/encoder";
import type { ProjectStore } from "../core/ports";
import type { OwnModelContract } from "../rpc/ownModelContract";
import type { Changes } from "./changes";
import type { Jobs } from "./jobs";
import type { WorkerCalls } from "./workerSlot";

interface SensorEncodersDependencies {
  readonly projects: ProjectStore;
  /** A worker of its own: making an encoder must not wait for, or end with, a dialog. */
  readonly worker: WorkerCalls<OwnModelContract>;
  readonly jobs: Jobs;
  readonly changes: Changes;
}

/** Where the kernels' random numbers start; another one is another encoder of the same windows. */
const SEED = 1;

/** Makes the encoders of sensor projects: no download, from the project's own training windows. */
export class SensorEncoders {
  readonly #deps: SensorEncodersDependencies;

  constructor(deps: SensorEncodersDependencies) {
    this.#deps = deps;
  }

  /** Id of the job that makes the encoder of a project's windows. */
  static job = (projectId: string): string => `sensor-encoder/${projectId}`;

  /**
   * Makes the encoder of a project's windows and chooses it. The same windows give the same encoder,
   * so what it encoded stays encoded. Undefined when it failed or was stopped.
   */
  create(projectId: string): Promise<EncoderSpec | undefined> {
    const { jobs, worker, projects, changes } = this.#deps;
    return jobs.start(SensorEncoders.job(projectId), async (signal, onProgress) => {
      try {
        const params = { projectId, seed: SEED };
        const spec = await worker.call("createSensorEncoder", params, { signal, onProgress });
        const project = await projects.get(projectId);
        const sensor: EmbeddingChoice = { id: spec.id, pooling: "mean", layer: null };
        const encoders = { ...project.encoders, sensor };
        await projects.put({ ...project, encoders, updatedAt: Date.now() });
        changes.publish("encoders", "projects", `project/${projectId}`);
        return spec;
      } finally {
        worker.close();
      }
    });
  }
}
