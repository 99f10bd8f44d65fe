/// A statement of `schemas/queries`, with what its YAML file says of it.
package struct NamedQuery: Sendable {
  package var name: String
  /// The start of the file that describes it, else of its statement.
  package var range: SourceRange
  /// The JSON Schema of its parameters.
  package var parameters: Node
  /// The JSON Schema of a row that it gives; nil where nothing is said of its columns.
  package var columns: Node?
  /// Name of a column or parameter to the label that stands for the value.
  package var sensitive: [String: Located<String>] = [:]
  /// What is said of a parameter that breaks the schema, in place of sow's own words.
  package var messages: [String: Located<Phrase>] = [:]
  /// How many elements `for_each` may have.
  package var elementLimit: Located<ClosedRange<Int>>?
  /// Nil where everyone may ask.
  package var permissions: Permissions?
  /// By dialect; that of none is for every database without one of its own.
  package var statements: [Dialect?: QueryStatement] = [:]

  package init(name: String, range: SourceRange, parameters: Node) {
    self.name = name
    self.range = range
    self.parameters = parameters
  }

  package func statement(for dialect: Dialect) -> QueryStatement? {
    statements[dialect] ?? statements[nil]
  }
}

/// A language of databases, as names of files have it.
package enum Dialect: String, CaseIterable, Hashable, Sendable { case sqlite, postgres }

/// What a database says of a statement.
package struct StatementShape: Hashable, Sendable {
  /// The names of what it gives, in order.
  package var columns: [String]
  /// The tables that it reads, those behind views too; nil where the database does not say.
  package var tables: Set<String>?

  package init(columns: [String], tables: Set<String>?) {
    self.columns = columns
    self.tables = tables
  }
}

/// Why a database does not run a statement: the text is safe to show.
package struct QueryRefusal: Error, Hashable, Sendable {
  /// In our words or the database's, without a value of a row.
  package var reason: Phrase
  /// Where in the statement's text, in bytes.
  package var offset: Int?
  /// Whether it names a table or column that is not there, but may be made.
  package var lacksName: Bool

  package init(_ english: String, vi vietnamese: String, offset: Int? = nil) {
    self.init(Phrase(english, vi: vietnamese), offset: offset)
  }

  package init(_ reason: Phrase, offset: Int? = nil, lacksName: Bool = false) {
    self.reason = reason
    self.offset = offset
    self.lacksName = lacksName
  }
}

/// A statement with the values of its parameters.
package struct QueryCall: Sendable {
  package var statement: QueryStatement
  /// One for each of the statement's `parameters`; a list or an object goes as JSON text.
  package var values: [Value]
  /// What columns are read as, by name; others come as they are.
  package var types: [String: FieldType]

  package init(_ statement: QueryStatement, values: [Value], types: [String: FieldType]) {
    precondition(values.count == statement.parameters.count, "a parameter has one value")
    self.statement = statement
    self.values = values
    self.types = types
  }
}

/// What a statement gave.
package struct QueryRows: Hashable, Sendable {
  package var columns: [String]
  package var rows: [[Value]]

  package init(columns: [String], rows: [[Value]]) {
    self.columns = columns
    self.rows = rows
  }
}
