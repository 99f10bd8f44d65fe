/// `name` below `folder`; an absolute name stands alone, and `.` adds nothing.
func joined(_ folder: String, _ name: String) -> String {
  if name.hasPrefix("/") || folder.isEmpty || folder == "." { return name }
  return folder.hasSuffix("/") ? folder + name : folder + "/" + name
}

/// All before the last name; `.` for a bare one.
func folder(of path: String) -> String {
  let path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  guard let slash = path.lastIndex(of: "/") else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// `path` from the root of the file system, without `.`, `..` and doubled slashes; by text alone.
func absolute(_ path: String, in current: String) -> String {
  var parts: [Substring] = []
  for part in joined(current, path).split(separator: "/") where part != "." {
    if part == ".." { _ = parts.popLast() } else { parts.append(part) }
  }
  return "/" + parts.joined(separator: "/")
}

/// Whether `path` lies below `folder`; both absolute.
func isBelow(_ path: String, _ folder: String) -> Bool { path.hasPrefix(folder + "/") }
