import Foundation
import SowTestSupport

extension TemporaryProject {
  /// The tenant of the sample's own environment.
  static let tenant = "5b9c1c52-8f6e-4a83-9a0c-6f1d2f3f7a10"
  /// That of the other one, `partner`.
  static let partner = "c2d7e7a4-0f1b-4b57-8a39-2f4c9a6b1e55"

  /// The project of the samples with the schemas of VeriSyntra and these folders of the package.
  static func veriSyntra(with folders: [String] = []) throws -> TemporaryProject {
    let project = try TemporaryProject()
    let package = URL(filePath: PackageFolder.path())
    try FileManager.default.createDirectory(
      at: project.folder.appending(path: "schemas"), withIntermediateDirectories: true)
    for path in ["sow.yaml", "schemas/verisyntra"] + folders {
      try FileManager.default.copyItem(
        at: package.appending(path: path), to: project.folder.appending(path: path))
    }
    return project
  }

  func localDatabase() throws -> RowReader {
    try RowReader(path: folder.appending(path: ".sow/local.db").path)
  }
}
