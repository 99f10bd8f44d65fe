internal import FoundationEssentials

#if canImport(Darwin)
  internal import Darwin
#endif

/// The `sow` that was built with these tests: it lies in the same folder.
package enum SowBinary {
  package static func folder() throws -> String {
    var folder = try image().deletingLastPathComponent()
    // On macOS the tests are a bundle of folders, some levels below the products.
    for _ in 0..<5 {
      let path = folder.appending(path: "sow").path
      if FileManager.default.isExecutableFile(atPath: path) { return folder.path }
      folder.deleteLastPathComponent()
    }
    throw NotBuilt()
  }

  private static func image() throws -> URL {
    #if os(Linux)
      return URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    #else
      var info = Dl_info()
      guard dladdr(#dsohandle, &info) != 0, let name = info.dli_fname else { throw NotBuilt() }
      return URL(filePath: String(cString: name)).resolvingSymlinksInPath()
    #endif
  }
}

/// There is no `sow` beside the tests.
struct NotBuilt: Error, CustomStringConvertible {
  var description: String { "no sow beside the tests: swift build makes it" }
}
