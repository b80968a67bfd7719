/** One cell's text before and after a step. Undefined is "as it came from the server". */
export interface CellChange {
  id: string;
  before: string | undefined;
  after: string | undefined;
}

/** Steps that can be taken back and done again; one step may be a whole pasted block. */
export class History {
  private done: CellChange[][] = [];
  private undone: CellChange[][] = [];
  private readonly limit: number;

  /** @param limit steps that are remembered */
  constructor(limit = 100) {
    this.limit = limit;
  }

  get canUndo(): boolean {
    return this.done.length > 0;
  }
  get canRedo(): boolean {
    return this.undone.length > 0;
  }

  /** Remembers a step. Cells that did not change are left out; a step without change is none. */
  push(changes: readonly CellChange[]): void {
    const real = changes.filter((each) => each.before !== each.after);
    if (real.length === 0) return;
    this.done = [...this.done, real].slice(-this.limit);
    this.undone = [];
  }

  /** @returns what each cell becomes, or null when there is nothing to take back */
  undo(): { id: string; text: string | undefined }[] | null {
    const step = this.done.pop();
    if (!step) return null;
    this.undone.push(step);
    return step.map(({ id, before }) => ({ id, text: before }));
  }

  redo(): { id: string; text: string | undefined }[] | null {
    const step = this.undone.pop();
    if (!step) return null;
    this.done.push(step);
    return step.map(({ id, after }) => ({ id, text: after }));
  }

  /** Cells that were sent are no longer drafts: their steps must not bring old text back. */
  forget(ids: ReadonlySet<string>): void {
    const without = (steps: CellChange[][]) =>
      steps.map((step) => step.filter((each) => !ids.has(each.id))).filter((step) => step.length > 0);
    this.done = without(this.done);
    this.undone = without(this.undone);
  }
}
