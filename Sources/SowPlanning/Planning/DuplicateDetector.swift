/// Finds texts that come twice, in eight bytes each.
struct DuplicateDetector {
  private var seen: Set<UInt64> = []

  /// Whether one with the same 64-bit FNV-1a hash came before: among a million rows two different
  /// texts share one with a probability of 3 in 10⁸.
  mutating func hasSeen(_ text: String) -> Bool { !seen.insert(hash(text)).inserted }

  func holds(_ text: String) -> Bool { seen.contains(hash(text)) }

  private func hash(_ text: String) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return hash
  }
}
