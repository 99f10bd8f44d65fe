/// What `make` gives for the items, in order; of many, the second half is made on a second thread.
///
/// `make` is called for each half once and must not share what it changes; where the system has no
/// thread to give, both are made on this one.
package func inHalves<Item, Result>(
  _ items: [Item], from count: Int, _ make: @escaping (ArraySlice<Item>) -> [Result]
) -> [Result] {
  guard items.count >= count else { return make(items[...]) }
  let (first, second) = (items[..<(items.count / 2)], items[(items.count / 2)...])
  let rest = Ahead { make(second) }
  return make(first) + rest.value()
}
