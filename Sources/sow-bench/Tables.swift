/// Numbers as the tables show them.
enum Format {
  static func seconds(_ value: Double) -> String { decimal(value, value < 1 ? 3 : 2) }
  static func ratio(_ value: Double) -> String { decimal(value, 1) }
  static func megabytes(_ bytes: Int) -> String { decimal(Double(bytes) / 1_000_000, 0) }

  static func count(_ number: Int) -> String {
    let digits = String(number)
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { result += "," }
      result.append(digit)
    }
    return result
  }

  static func left(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  static func decimal(_ value: Double, _ places: Int) -> String {
    var scale = 1
    for _ in 0..<places { scale *= 10 }
    let scaled = Int((value * Double(scale)).rounded())
    guard places > 0 else { return count(scaled) }
    return "\(count(scaled / scale)).\(Words.padded(scaled % scale, places))"
  }
}

extension Result {
  var table: String {
    var lines = [
      "",
      "\(Format.count(workload.size)) \(workload.title), \(database)"
        + " (\(Format.megabytes(inputBytes)) MB, \(inputBytes / workload.size) bytes each,"
        + " median of \(runs))",
      Format.left("", 16) + Format.right("seconds", 10) + Format.right("peak MB", 10)
        + Format.right("× floor", 10),
    ]
    if let floor {
      lines.append(
        Format.left("  floor", 16) + Format.right(Format.seconds(floor.seconds), 10)
          + Format.right("", 10) + Format.right("1.0", 10) + floor.parts)
    }
    for (step, seconds, peak) in steps {
      lines.append(
        Format.left("  \(step.rawValue)", 16) + Format.right(Format.seconds(seconds), 10)
          + Format.right(Format.megabytes(peak), 10)
          + Format.right(ratio(step).map(Format.ratio) ?? "", 10))
    }
    if let complaint { lines.append("  FAIL \(complaint)") }
    return lines.joined(separator: "\n")
  }
}

extension Floor {
  fileprivate var parts: String {
    let others = [("one scan", scan), ("a request a row", requests)].compactMap { name, seconds in
      seconds.map { "; \(name) \(Format.seconds($0))" }
    }
    return "   events \(Format.seconds(events)) + inserts \(Format.seconds(inserts))"
      + others.joined()
  }
}
