import CYAML

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// libyaml's events over a file, with a Swift string for each scalar.
enum FloorEvents {
  static func seconds(for path: String) throws -> Double {
    guard let file = fopen(path, "r") else { throw Complaint("cannot read \(path)") }
    defer { fclose(file) }
    var parser = yaml_parser_t()
    guard yaml_parser_initialize(&parser) == 1 else { throw Complaint("libyaml has no memory") }
    defer { yaml_parser_delete(&parser) }
    yaml_parser_set_input_file(&parser, file)

    var length = 0
    var isOver = false
    let time = try ContinuousClock().measure {
      while !isOver {
        var event = yaml_event_t()
        guard yaml_parser_parse(&parser, &event) == 1 else { throw Complaint("bad YAML: \(path)") }
        if event.type == YAML_SCALAR_EVENT {
          let scalar = event.data.scalar
          let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
          length += String(decoding: bytes, as: UTF8.self).utf8.count
        }
        isOver = event.type == YAML_STREAM_END_EVENT
        yaml_event_delete(&event)
      }
    }
    guard length > 0 else { throw Complaint("no scalar in \(path)") }
    return time.seconds
  }
}
