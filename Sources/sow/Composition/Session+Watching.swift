internal import SowModel

extension Session {
  /// Follows the work from now on, as `--progress` says.
  ///
  /// To be called before any thread starts: with a bar the process listens to signals.
  func follow(_ options: ProgressOptions) {
    switch options.progress {
    case .none: break
    case .jsonl:
      let errors = terminal.errors
      watch = { event in
        JSONWriter(to: errors).progress(event)
        errors.flush()
      }
    case .auto:
      guard context.errorsAreTerminal, !noise.quiet, context.environment["TERM"] != "dumb",
        let descriptor = context.errors
      else { return }
      let bar = ProgressBar(descriptor: descriptor)
      let outlets = [terminal.result, terminal.errors]
      for outlet in outlets { outlet.willWrite = { bar.erase() } }
      watch = { [terminal] event in
        // Half a line of the result is not written over.
        guard outlets.allSatisfy(\.isAtLineStart) else { return }
        bar.show(ProgressLine(event: event, language: terminal.language))
      }
      self.bar = bar
      _ = interruption
    }
  }
}
