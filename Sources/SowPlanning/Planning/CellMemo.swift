internal import SowModel

/// The cells of a batch that were computed of one column: data repeats itself there, and equal
/// texts give equal cells.
struct CellMemo {
  private var cells: [[ExactText: Cell]]

  /// As many as are looked for: a column without repetition costs little.
  private static let limit = 1_000

  init(programs: Int) { cells = Array(repeating: [:], count: programs) }

  mutating func removeAll() {
    for program in cells.indices { cells[program].removeAll(keepingCapacity: true) }
  }

  /// What `compute` gives, or gave before for the same text of a CSV file; nil after a diagnostic.
  mutating func cell(of program: Int, _ source: DataCell?, compute: () -> Cell?) -> Cell? {
    guard case .scalar(let scalar)? = source, scalar.style == .cell else { return compute() }
    let text = ExactText(scalar.text)
    if let known = cells[program][text] { return known }
    let cell = compute()
    if cells[program].count < Self.limit { cells[program][text] = cell }
    return cell
  }
}
