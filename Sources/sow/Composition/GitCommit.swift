/// The commit that is checked out in the repository around `folder`, read from its files: no
/// process is started. Empty outside of a repository and before the first commit.
func gitCommit(around folder: String) -> String {
  var place = folder
  while true {
    if let repository = gitFolder(of: place) { return commit(in: repository) }
    guard place != "/", !place.isEmpty else { return "" }
    place = sow.folder(of: place)
  }
}

/// `.git` itself, or the folder that a `.git` file of a worktree or submodule names.
private func gitFolder(of place: String) -> String? {
  let path = joined(place, ".git")
  if smallFile(joined(path, "HEAD")) != nil { return path }
  guard let text = smallFile(path), let target = value(of: "gitdir:", in: text) else { return nil }
  return joined(place, target)
}

private func commit(in repository: String) -> String {
  guard let head = smallFile(joined(repository, "HEAD")) else { return "" }
  guard let name = value(of: "ref:", in: head) else { return objectName(head) }
  // A worktree shares the references of its repository.
  let shared = smallFile(joined(repository, "commondir"))
    .map { joined(repository, firstLine($0)) }
  for folder in [repository, shared].compactMap(\.self) {
    if let text = smallFile(joined(folder, name)) { return objectName(text) }
    let packed = smallFile(joined(folder, "packed-refs")) ?? ""
    for line in packed.split(separator: "\n") where line.hasSuffix(" " + name) {
      return objectName(String(line))
    }
  }
  return ""
}

private func value(of key: String, in text: String) -> String? {
  let line = firstLine(text)
  return line.hasPrefix(key) ? String(line.dropFirst(key.count).drop { $0 == " " }) : nil
}

private func firstLine(_ text: String) -> String {
  String(text.prefix { $0 != "\n" && $0 != "\r\n" })
}

/// The hexadecimal name at the start of `text`; empty where there is none.
private func objectName(_ text: String) -> String {
  let name = text.prefix { $0.isHexDigit }
  return name.count >= 40 ? String(name) : ""
}
