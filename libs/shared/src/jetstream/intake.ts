/** Who says whether another job may be taken now: what is taken and can't be started is missing elsewhere. */
export interface Intake {
  /** @param running jobs this replica has taken and not settled. */
  accepts(running: number): boolean;
  /** @param listener to be called when the answer may have become yes. */
  onRoom(listener: () => void): void;
  /** No more jobs are taken: those that have not begun are to be given back. */
  stop?(): void;
}
