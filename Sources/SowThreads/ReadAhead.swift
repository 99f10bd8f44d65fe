#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Makes items on a second thread before they are asked for, so that making and using overlap.
///
/// Items come in the order in which they were made. What makes them belongs to the second thread
/// until the last item was taken or nobody holds this any more.
package final class ReadAhead<Item> {
  private let line: WaitingLine<Item>

  /// Starts the thread; at most `depth` items wait, and `make` gives nil at the end and is not
  /// called again. Nil where the system has no thread to give.
  package init?(depth: Int = 3, make: @escaping () -> Item?) {
    let line = WaitingLine(depth: depth, make: make)
    guard startThread({ line.work() }) else { return nil }
    self.line = line
  }

  /// Returns when the thread has let go of all that makes the items.
  deinit { line.cancel() }

  /// The next item; waits for it, and is nil at the end.
  package func next() -> Item? { line.next() }
}

/// Items between the thread that makes them and the one that takes them.
private final class WaitingLine<Item>: @unchecked Sendable {
  private let make: () -> Item?
  private let depth: Int
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let changed: UnsafeMutablePointer<pthread_cond_t>
  /// Guarded by `mutex`.
  private var waiting: [Item] = []
  private var isOver = false
  private var isCancelled = false

  init(depth: Int, make: @escaping () -> Item?) {
    self.make = make
    self.depth = depth
    mutex = .allocate(capacity: 1)
    changed = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(changed, nil)
  }

  deinit {
    pthread_cond_destroy(changed)
    pthread_mutex_destroy(mutex)
    changed.deallocate()
    mutex.deallocate()
  }

  func next() -> Item? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while waiting.isEmpty, !isOver { pthread_cond_wait(changed, mutex) }
    guard !waiting.isEmpty else { return nil }
    defer { pthread_cond_signal(changed) }
    return waiting.removeFirst()
  }

  func cancel() {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    isCancelled = true
    pthread_cond_signal(changed)
    while !isOver { pthread_cond_wait(changed, mutex) }
  }

  func work() {
    while let item = make() {
      pthread_mutex_lock(mutex)
      while waiting.count >= depth, !isCancelled { pthread_cond_wait(changed, mutex) }
      let goesOn = !isCancelled
      if goesOn { waiting.append(item) }
      pthread_cond_signal(changed)
      pthread_mutex_unlock(mutex)
      guard goesOn else { break }
    }
    pthread_mutex_lock(mutex)
    isOver = true
    pthread_cond_signal(changed)
    pthread_mutex_unlock(mutex)
  }
}

/// Runs `body` on a new thread; false where the system has none to give.
private func startThread(_ body: @escaping () -> Void) -> Bool {
  let work = Unmanaged.passRetained(ThreadWork(body)).toOpaque()
  #if canImport(Glibc)
    var thread = pthread_t()
    let code = pthread_create(&thread, nil, { ThreadWork.run($0) }, work)
  #else
    var thread: pthread_t?
    let code = pthread_create(&thread, nil, { ThreadWork.run($0) }, work)
  #endif
  guard code == 0 else {
    Unmanaged<ThreadWork>.fromOpaque(work).release()
    return false
  }
  #if canImport(Glibc)
    pthread_detach(thread)
  #else
    if let thread { pthread_detach(thread) }
  #endif
  return true
}

private final class ThreadWork {
  private let body: () -> Void

  init(_ body: @escaping () -> Void) { self.body = body }

  static func run(_ work: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let work { Unmanaged<ThreadWork>.fromOpaque(work).takeRetainedValue().body() }
    return nil
  }
}
