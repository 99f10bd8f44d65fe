extension JSONWriter {
  /// One document: that of the only item, else one that lists the documents of all.
  ///
  /// `member` writes the members of one item's document.
  func documents<Item>(_ items: [Item], kind: String, _ members: (Item) -> Void) {
    document {
      if items.count == 1, let item = items.first {
        members(item)
      } else {
        member("kind", kind + "s")
        member("format_version", 1)
        lines(kind + "s") { for item in items { object { members(item) } } }
      }
    }
  }
}
