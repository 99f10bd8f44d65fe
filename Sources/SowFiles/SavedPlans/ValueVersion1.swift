internal import SowModel

/// A value of any type, exact: booleans, integers, texts and lists as in JSON, what JSON has no
/// exact form for as an object of one member that names the type. So is null, which as such means
/// that there is no value.
struct ValueVersion1: Codable {
  let value: Value

  init(_ value: Value) { self.value = value }

  private enum CodingKeys: String, CodingKey { case null, decimal, float, bytes, object }

  private struct MemberVersion1: Codable {
    var name: String
    var value: ValueVersion1
  }

  init(from decoder: any Decoder) throws {
    if let tagged = try? decoder.container(keyedBy: CodingKeys.self) {
      value = try Self.tagged(tagged)
      return
    }
    let single = try decoder.singleValueContainer()
    if let flag = try? single.decode(Bool.self) {
      value = .boolean(flag)
    } else if let number = try? single.decode(Int64.self) {
      value = .integer(number)
    } else if let text = try? single.decode(String.self) {
      value = .text(text)
    } else {
      value = .list(try single.decode([ValueVersion1].self).map(\.value))
    }
  }

  private static func tagged(_ values: KeyedDecodingContainer<CodingKeys>) throws -> Value {
    if values.contains(.null) { return .null }
    if let text = try values.decodeIfPresent(String.self, forKey: .decimal) {
      guard let number = ExactDecimal(text) else { throw DamagedPart("decimal") }
      return .decimal(number)
    }
    if let text = try values.decodeIfPresent(String.self, forKey: .float) {
      guard let number = Double(text) else { throw DamagedPart("float") }
      return .float(number)
    }
    if let text = try values.decodeIfPresent(String.self, forKey: .bytes) {
      guard let bytes = Base64.decode(text) else { throw DamagedPart("bytes") }
      return .bytes(bytes)
    }
    let members = try values.decode([MemberVersion1].self, forKey: .object)
    return .object(members.map { Value.Member($0.name, $0.value.value) })
  }

  func encode(to encoder: any Encoder) throws {
    switch value {
    case .null:
      var values = encoder.container(keyedBy: CodingKeys.self)
      try values.encode(true, forKey: .null)
    case .boolean(let flag): try flag.encode(to: encoder)
    case .integer(let number): try number.encode(to: encoder)
    case .text(let text): try text.encode(to: encoder)
    case .list(let items): try items.map { ValueVersion1($0) }.encode(to: encoder)
    case .decimal(let number): try encode(number.text, .decimal, encoder)
    case .float(let number): try encode(String(number), .float, encoder)
    case .bytes(let bytes): try encode(Base64.encode(bytes), .bytes, encoder)
    case .object(let members):
      var values = encoder.container(keyedBy: CodingKeys.self)
      try values.encode(
        members.map { MemberVersion1(name: $0.name, value: ValueVersion1($0.value)) },
        forKey: .object)
    }
  }

  private func encode(_ text: String, _ key: CodingKeys, _ encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(text, forKey: key)
  }
}
