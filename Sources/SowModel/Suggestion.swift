/// The candidate that `word` was probably meant to be: the nearest by edit distance, at most a
/// third of the word's length away (Damerau-Levenshtein, optimal string alignment).
package func nearest<Candidates: Sequence<String>>(
  to word: String, among candidates: Candidates
) -> String? {
  let letters = Array(word.lowercased().unicodeScalars.prefix(64))
  var best: (name: String, distance: Int)?
  for candidate in candidates {
    // A text has at least as many bytes as scalars, so this one is too short.
    let most = candidate.utf8.count
    guard most + max(1, letters.count / 3) >= letters.count else { continue }
    let other = Array(candidate.lowercased().unicodeScalars.prefix(64))
    let limit = max(1, max(letters.count, other.count) / 3)
    guard abs(letters.count - other.count) <= limit else { continue }
    let distance = editDistance(letters, other)
    guard distance <= limit, distance < best?.distance ?? .max else { continue }
    best = (candidate, distance)
  }
  return best?.name
}

private func editDistance(_ first: [Unicode.Scalar], _ second: [Unicode.Scalar]) -> Int {
  var beforePrevious: [Int] = []
  var previous = Array(0...second.count)
  for row in first.indices {
    var current = [row + 1]
    for column in second.indices {
      let cost = first[row] == second[column] ? 0 : 1
      var distance = min(
        previous[column + 1] + 1, current[column] + 1, previous[column] + cost)
      if row > 0, column > 0, first[row] == second[column - 1], first[row - 1] == second[column] {
        distance = min(distance, beforePrevious[column - 1] + 1)
      }
      current.append(distance)
    }
    beforePrevious = previous
    previous = current
  }
  return previous[second.count]
}
