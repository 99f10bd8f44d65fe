import SowTestSupport

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The binaries that are measured: sow, and this program for the floor.
struct Programs {
  let sow: String
  let own: String

  init(sow: String?) throws {
    own = try Self.absolute(Self.ownPath)
    let beside = own.split(separator: "/").dropLast().map { "/\($0)" }.joined() + "/sow"
    self.sow = try Self.absolute(sow ?? beside)
  }

  /// Runs to the end with the streams in `folder`.
  func run(_ arguments: [String], in folder: String) throws -> ChildProcess.Ending {
    try ChildProcess(
      arguments, in: folder, environment: ["PATH": "/usr/bin:/bin", "HOME": folder],
      output: "\(folder)/stdout", errors: "\(folder)/stderr"
    ).wait()
  }

  private static var ownPath: String {
    #if os(Linux)
      "/proc/self/exe"
    #else
      CommandLine.arguments[0]
    #endif
  }

  private static func absolute(_ path: String) throws -> String {
    guard let found = realpath(path, nil) else { throw Complaint("no program at \(path)") }
    defer { free(found) }
    return String(cString: found)
  }
}
