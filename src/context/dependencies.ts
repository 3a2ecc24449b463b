/** Told of what templates depend on beside the files and settings of the project: what decides whether a render is still right. */
export interface DependencyNotes {
  /** An environment variable was asked for; undefined where it is not set. */
  environment(name: string, value: string | undefined): void
  /** Something was asked for that is different every time, or that the project does not know of: the clock, the database. */
  elsewhere(): void
}
