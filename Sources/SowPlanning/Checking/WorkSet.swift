package import SowModel

/// Rows that are written together: one level, entity, action and column set.
package struct WorkSet: Sendable {
  package let level: Int32
  package let action: Action
  package let entity: Int
  package let columnSet: Int
  package let members: Members
  /// Which part of its members' work it is.
  package let phase: Phase
  /// Sets with the same number follow each other and are committed together without one
  /// transaction for all: those of an operation, and of operations that wait for each other.
  package let unit: Int

  package enum Phase: Sendable {
    case whole
    /// Rows that are not there are written, with null where a cell is delayed.
    case start
    /// Delayed cells are written, and rows that were there are decided.
    case completion
  }

  package enum Members: Sendable {
    case instances([Int32])
    case stream(operation: Int)
  }
}

/// An operation over a file, compiled row by row while it passes.
package struct Stream: Sendable {
  package let source: any RowSource
  package let range: SourceRange
  /// Position of the column set.
  package let columnSet: Int
  /// How each field of the column set is filled.
  package let programs: [Program]
  package let key: Key
  /// The names of the file's columns, in the order of its cells.
  package let columns: [String]
  /// What stands for the values of sensitive fields, by position in the column set.
  package let labels: [String?]
  /// Whether other operations refer to its rows.
  package internal(set) var isReferenced: Bool

  package enum Program: Sendable {
    case constant(Cell)
    /// The cell of the row as it is.
    case column(Int)
    /// What is computed of the row: of one column alone, where there is a number.
    case input(Input, column: Int?)
  }

  package enum Key: Sendable {
    /// Columns of the file, as written; those in `secret` feed sensitive fields.
    case columns([Int], secret: Set<Int>)
    /// Fields by position in the column set, as written or as the key that they refer to.
    case fields([Int])
    /// A digest of the row, counted where it repeats.
    case content
  }
}
