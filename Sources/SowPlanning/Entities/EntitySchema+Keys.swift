package import SowModel

extension [EntitySchema] {
  /// The keys that the schemas declare, by table; with a tenant each has its own unique values.
  package var declaredKeys: [String: DeclaredKeys] {
    Dictionary(
      map { schema in
        let tenant = schema.managed.tenant.map { [$0.value] } ?? []
        let keys = DeclaredKeys(
          primary: schema.primaryKey.map(\.value),
          unique: schema.unique.map { key in
            let names = key.map(\.value)
            return names + tenant.filter { !names.contains($0) }
          })
        return (schema.table?.value ?? schema.name, keys)
      }, uniquingKeysWith: { first, _ in first })
  }
}
