// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
  // Tests run with the checks of access to class properties, what is installed without them.
  .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let arguments = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "sow",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "sow", targets: ["sow"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
  ],
  targets: [
    .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),

    .target(name: "SowModel", swiftSettings: strict),
    .target(name: "SowThreads", swiftSettings: strict),
    .target(name: "SowSchema", dependencies: ["SowModel", "CPCRE2"], swiftSettings: strict),
    .target(
      name: "SowFiles", dependencies: ["SowModel", "SowThreads", "CYAML", crypto],
      swiftSettings: strict),
    .target(
      name: "SowPlanning", dependencies: ["SowModel", "SowThreads", "SowSchema"],
      swiftSettings: strict),
    .target(name: "SowDatabase", dependencies: ["SowModel", crypto], swiftSettings: strict),
    .target(
      name: "SowSQLite", dependencies: ["SowModel", "SowDatabase", "CSQLite"],
      swiftSettings: strict),
    .target(
      name: "SowPostgres", dependencies: ["SowModel", "SowDatabase", "CPostgres"],
      swiftSettings: strict),
    .target(
      name: "SowApplying",
      dependencies: ["SowModel", "SowSchema", "SowPlanning", "SowDatabase", "SowFiles", crypto],
      swiftSettings: strict),
    .executableTarget(
      name: "sow",
      dependencies: [
        "SowModel", "SowSchema", "SowFiles", "SowPlanning", "SowDatabase", "SowSQLite",
        "SowPostgres", "SowApplying", arguments,
      ],
      swiftSettings: strict),

    .executableTarget(
      name: "sow-bench",
      dependencies: ["CYAML", "CSQLite", "CPostgres", "SowTestSupport", arguments],
      swiftSettings: strict),

    .target(name: "SowTestSupport", dependencies: ["SowModel"], swiftSettings: strict),
    .testTarget(
      name: "SowModelTests", dependencies: ["SowModel", "SowTestSupport"], swiftSettings: strict),
    .testTarget(
      name: "SowThreadsTests", dependencies: ["SowThreads"], swiftSettings: strict),
    .testTarget(
      name: "SowSchemaTests", dependencies: ["SowModel", "SowSchema", "SowTestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "SowFilesTests",
      dependencies: ["SowModel", "SowSchema", "SowFiles", "SowTestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "SowDatabaseTests",
      dependencies: ["SowModel", "SowDatabase", "SowSQLite", "SowPostgres", "SowTestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "SowPostgresTests",
      dependencies: ["SowModel", "SowDatabase", "SowPostgres", "SowTestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "SowSQLiteTests", dependencies: ["SowModel", "SowDatabase", "SowSQLite", "CSQLite"],
      swiftSettings: strict),
    .testTarget(
      name: "SowPlanningTests",
      dependencies: [
        "SowModel", "SowFiles", "SowPlanning", "SowDatabase", "SowSQLite", "SowTestSupport",
        "CSQLite",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "SowApplyingTests",
      dependencies: [
        "SowModel", "SowFiles", "SowPlanning", "SowDatabase", "SowSQLite", "SowApplying",
        "SowTestSupport", "CSQLite",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "SowCommandTests",
      dependencies: ["sow", "SowFiles", "SowModel", "SowTestSupport", arguments],
      swiftSettings: strict),
    .testTarget(name: "HouseTests", dependencies: ["SowTestSupport"], swiftSettings: strict),
    .testTarget(
      name: "ScenarioTests", dependencies: ["SowTestSupport", "CSQLite"], exclude: ["Scenarios"],
      swiftSettings: strict),
    .testTarget(
      name: "CrashTests", dependencies: ["SowApplying", "SowTestSupport"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
