extension String {
  /// The count of Unicode scalars: bytes that do not continue one.
  var scalarCount: Int {
    utf8.withContiguousStorageIfAvailable { bytes in
      bytes.reduce(into: 0) { count, byte in if byte & 0xC0 != 0x80 { count += 1 } }
    } ?? unicodeScalars.count
  }
}
