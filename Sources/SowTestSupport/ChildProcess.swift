#if canImport(Glibc)
  package import Glibc
#else
  package import Darwin
#endif

/// A program that runs in a folder, reads nothing if not a terminal, and writes its two streams to
/// files.
///
/// Files rather than pipes: a child never waits for its reader, and the parent opens no descriptor
/// that another child could inherit, so that any number may run at once.
package struct ChildProcess {
  package let id: pid_t
  private let started: ContinuousClock.Instant

  /// How a program ended, and what that cost.
  package struct Ending {
    /// The exit code, or 128 and the signal that ended it, as shells say it.
    package let code: Int32
    package let seconds: Double
    /// The largest resident set, in bytes. On Linux at least that of the parent when it started.
    package let peakMemory: Int
  }

  /// Starts `arguments`, whose first is the path of the program, with `environment` and nothing
  /// else of ours.
  ///
  /// - Throws: ``SpawnFailure`` when the system cannot start one more. A program or folder that is not
  ///   there ends with the shell's code: 127 or 2.
  package init(
    _ arguments: [String], in folder: String, environment: [String: String],
    input: String = "/dev/null", output: String, errors: String
  ) throws {
    #if canImport(Glibc)
      var actions = posix_spawn_file_actions_t()
    #else
      var actions: posix_spawn_file_actions_t?
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    let create = O_WRONLY | O_CREAT | O_TRUNC | O_NOCTTY
    posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY | O_NOCTTY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, create, 0o644)
    posix_spawn_file_actions_addopen(&actions, 2, errors, create, 0o644)

    // The shell changes the folder: glibc's call for that is not among what Swift sees of it.
    let shell = ["/bin/sh", "-c", #"cd "$0" && exec "$@""#, folder]
    let words = (shell + arguments).map { strdup($0) }
    let variables = environment.sorted { $0.key < $1.key }.map { strdup("\($0.key)=\($0.value)") }
    defer { for text in words + variables { free(text) } }

    started = .now
    var id: pid_t = 0
    let code = posix_spawn(&id, shell[0], &actions, nil, words + [nil], variables + [nil])
    guard code == 0 else { throw SpawnFailure(program: shell[0], code: code) }
    self.id = id
  }

  /// Waits for the end; once only.
  package func wait() -> Ending {
    var status: Int32 = 0
    var usage = rusage()
    while wait4(id, &status, 0, &usage) < 0 {
      precondition(errno == EINTR, "a child is waited for once")
    }
    let elapsed = (ContinuousClock.now - started).components
    let signal = status & 0x7f
    return Ending(
      code: signal == 0 ? (status >> 8) & 0xff : 128 + signal,
      seconds: Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18,
      peakMemory: usage.peakMemory)
  }

  /// The largest resident set of this process so far, in bytes: below it nothing can be said of a
  /// child's.
  package static func ownPeakMemory() -> Int {
    var usage = rusage()
    #if canImport(Glibc)
      let code = getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    #else
      let code = getrusage(RUSAGE_SELF, &usage)
    #endif
    precondition(code == 0, "a process may ask about itself")
    return usage.peakMemory
  }

  /// Waits until the child has stopped itself; false where it ended instead, which `wait` may not
  /// be asked for any more.
  package func waitForStop() -> Bool {
    var status: Int32 = 0
    while waitpid(id, &status, WUNTRACED) < 0 {
      precondition(errno == EINTR, "a child is waited for until it ended")
    }
    return status & 0xff == 0x7f
  }

  /// Sends a signal, for instance `SIGKILL`.
  package func signal(_ number: Int32) {
    kill(id, number)
  }
}

/// The system could not start a program.
package struct SpawnFailure: Error, CustomStringConvertible {
  package let program: String
  package let code: Int32

  package var description: String {
    "cannot start \(program): \(strerror(code).map { String(cString: $0) } ?? "error \(code)")"
  }
}

extension rusage {
  /// In bytes, which is not what every system counts in.
  fileprivate var peakMemory: Int {
    #if canImport(Glibc)
      Int(ru_maxrss) * 1024
    #else
      Int(ru_maxrss)
    #endif
  }
}
