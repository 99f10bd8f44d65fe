/// Where the package's sources are, found from this very file.
package enum PackageFolder {
  /// The absolute path of the folder with `Package.swift`, without a slash at its end.
  package static func path(of file: String = #filePath) -> String {
    var parts = file.split(separator: "/", omittingEmptySubsequences: false)
    parts.removeLast(3)
    return parts.joined(separator: "/")
  }
}
