/// Numbers the nodes of the graph: instances first, then one a stream, then one for the end of each
/// operation that has not exactly one instance, so that waiting for it costs one edge.
struct GraphNodes {
  let operations: [CheckedOperation]
  let count: Int
  private var streams: [Int: Int] = [:]
  private var ends: [Int: Int] = [:]
  private var operationAt: [Int: Int] = [:]

  init(operations: [CheckedOperation], instances: Int) {
    self.operations = operations
    var next = instances
    for (index, operation) in operations.enumerated() where operation.stream != nil {
      streams[index] = next
      operationAt[next] = index
      next += 1
    }
    for (index, operation) in operations.enumerated()
    where operation.stream == nil && operation.instances.count != 1 {
      ends[index] = next
      // The end of one with instances stands beside one of them in each path.
      if operation.instances.isEmpty { operationAt[next] = index }
      next += 1
    }
    count = next
  }

  /// The operation that a node stands for as a whole.
  func operation(at node: Int) -> Int? { operationAt[node] }

  func hasEnd(_ operation: Int) -> Bool { ends[operation] != nil }

  func first(of operation: Int) -> Int {
    if let stream = streams[operation] { return stream }
    return operations[operation].instances.first ?? end(of: operation)
  }

  /// The node that is done when the whole operation is.
  func end(of operation: Int) -> Int { ends[operation] ?? first(of: operation) }

  /// Every node that must wait for what the operation waits for.
  func all(of operation: Int) -> [Int] {
    if let stream = streams[operation] { return [stream] }
    let instances = operations[operation].instances
    return instances.isEmpty ? [end(of: operation)] : Array(instances)
  }
}
