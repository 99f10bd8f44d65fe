internal import ArgumentParser

/// How much of long lists is shown as text.
struct DetailOptions: ParsableArguments {
  @Flag(help: "Show everything: not 20 instances an operation and 100 diagnostics a file.")
  var all = false
}

struct SecretOptions: ParsableArguments {
  @Flag(help: "Show sensitive values instead of their labels.")
  var showSensitive = false
}
