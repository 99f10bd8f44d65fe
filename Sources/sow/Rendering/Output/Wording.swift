/// `1 row`, `2 rows`.
func counted(_ count: Int, _ noun: String) -> String {
  "\(count) \(noun)" + (count == 1 ? "" : "s")
}

/// `3 created` and so on for the counts that are not zero.
func enumerated(_ counts: [(count: Int, phrase: String)]) -> [String] {
  counts.filter { $0.count > 0 }.map { "\($0.count) \($0.phrase)" }
}
