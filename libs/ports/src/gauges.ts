/** One figure of now, such as how many rows wait. */
export interface Reading {
  readonly gauge: string;
  readonly value: number;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Figures that are read together, when somebody asks for them. */
export interface GaugeSource {
  /** What was read when it fails, for the log. */
  readonly name: string;
  /** Every gauge that `read` may tell, with its unit and meaning. */
  readonly gauges: Readonly<Record<string, { help: string; labels?: readonly string[] }>>;
  read(): Promise<readonly Reading[]>;
  /** How long a reading is as good as a new one. */
  readonly keptMs?: number;
}

/** Where a service says which figures can be watched. Several sources may tell the same gauge under other labels. */
export interface Gauges {
  watch(source: GaugeSource): void;
}
