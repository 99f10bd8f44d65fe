import SowFiles
import SowTestSupport
import SowModel
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

struct StagedFileTests {
  private let folder: TemporaryFolder
  private let new = Array("new".utf8)

  init() throws { folder = try TemporaryFolder() }

  private var path: String { folder.path + "/file.json" }
  private var names: [String] {
    var names: [String] = []
    for name in ["file.json", ".file.json.tmp", "real/file.json", "real/.file.json.tmp"]
    where access(folder.path + "/" + name, F_OK) == 0 { names.append(name) }
    return names
  }

  private func status(_ name: String) -> stat {
    var status = stat()
    lstat(folder.path + "/" + name, &status)
    return status
  }

  @Test func `contents wait beside the file until they take its place`() throws {
    try folder.write("old", to: "file.json")
    let staged = try StagedFile.stage(new, at: path)
    #expect(staged.isChange)
    #expect(folder.read("file.json") == Array("old".utf8))
    try staged.commit()
    #expect(folder.read("file.json") == new)
    #expect(names == ["file.json"])
  }

  @Test func `discarded contents leave nothing`() throws {
    let staged = try StagedFile.stage(new, at: path)
    #expect(names == [".file.json.tmp"])
    staged.discard()
    #expect(names.isEmpty)
  }

  @Test func `the mode of an existing file is kept`() throws {
    try folder.write("old", to: "file.json")
    chmod(path, 0o640)
    try StagedFile.stage(new, at: path).commit()
    #expect(status("file.json").st_mode & 0o7777 == 0o640)
  }

  @Test(arguments: [true, false])
  func `a symbolic link stays and its target changes`(exists: Bool) throws {
    mkdir(folder.path + "/real", 0o755)
    if exists { try folder.write("old", to: "real/file.json") }
    symlink("real/file.json", path)
    try StagedFile.stage(new, at: path).commit()
    #expect(status("file.json").st_mode & S_IFMT == S_IFLNK)
    #expect(folder.read("real/file.json") == new)
  }

  @Test func `an unchanged file is not touched and needs no writable folder`() throws {
    try folder.write("new", to: "file.json")
    let before = status("file.json")
    chmod(folder.path, 0o555)
    defer { chmod(folder.path, 0o755) }
    let staged = try StagedFile.stage(new, at: path)
    try staged.commit()
    #expect(!staged.isChange)
    let after = status("file.json")
    #expect(after.st_ino == before.st_ino)
    #expect(after.st_mtim.tv_nsec == before.st_mtim.tv_nsec)
  }

  @Test func `what a killed run left is used again`() throws {
    try folder.write("half of something lon", to: ".file.json.tmp")
    try StagedFile.stage(new, at: path).commit()
    #expect(names == ["file.json"])
    #expect(folder.read("file.json") == new)
  }

  @Test func `a link in the place of the temporary file is not followed`() throws {
    try folder.write("precious", to: "precious")
    symlink("precious", folder.path + "/.file.json.tmp")
    try StagedFile.stage(new, at: path).commit()
    #expect(folder.read("precious") == Array("precious".utf8))
    #expect(folder.read("file.json") == new)
  }

  @Test func `a folder that is not there is an error that names it`() {
    do {
      _ = try StagedFile.stage(new, at: folder.path + "/none/file.json")
      Issue.record("nothing was thrown")
    } catch {
      #expect(error.path == folder.path + "/none/.file.json.tmp")
      #expect(error.reason.english == "No such file or directory")
    }
  }
}
