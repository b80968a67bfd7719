import type { ReactNode } from "react";
import type { PastePlan } from "./clipboard";
import type { Position } from "./position";

export interface GridColumn {
  id: string;
  /** What may name the column in the first line of a pasted block. */
  names: readonly string[];
  header: ReactNode;
  /** Pixels. */
  width: number;
  align?: "end";
}
export interface GridRow {
  id: string;
  /** What names the row in a pasted block: an accession number. */
  name: string;
}
/** One cell as it is to be drawn. */
export interface CellView {
  /** Identity of what is typed there; null where there is nothing to type into. */
  id: string | null;
  /** What stands there, and what editing starts from. */
  text: string;
  content?: ReactNode;
  editable: boolean;
  invalid?: boolean;
  className?: string;
  /** Offered while typing. */
  choices?: readonly string[];
}
export interface CellEdit {
  id: string;
  text: string;
}

export interface GridProps {
  label: string;
  /** Id of the text that explains the keys. */
  describedBy?: string;
  rows: readonly GridRow[];
  columns: readonly GridColumn[];
  /** Head of the column of row names, and its width in pixels. */
  corner: ReactNode;
  rowHeadWidth: number;
  rowHead: (row: number) => ReactNode;
  cell: (at: Position) => CellView;
  active: Position;
  onActive: (at: Position) => void;
  /** Cells that were typed into, pasted over or filled: one step for undo. */
  onEdit: (edits: CellEdit[]) => void;
  onPasted?: (plan: PastePlan, refused: number) => void;
  onUndo: () => void;
  onRedo: () => void;
  onSave: () => void;
  /** Escape with nothing to cancel: the way out for whoever works without a mouse. */
  onLeave: () => void;
  headHeight?: number;
  /** Each new number brings the active cell into view and gives it the focus. */
  seek?: number;
  className?: string;
}
