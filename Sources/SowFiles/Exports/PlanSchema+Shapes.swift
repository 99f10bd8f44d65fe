import SowModel

/// What holds for every plan, whatever its entities are.
extension PlanSchema {
  private static var variableTypes: String {
    YAMLText.json(.list(FieldType.words.map { .text($0.0) }))
  }

  static let planShapes = """
    {
      "plan": {
        "anyOf": [
          { "$ref": "#/$defs/name" },
          {
            "type": "object",
            "required": ["name"],
            "additionalProperties": false,
            "properties": { "name": { "$ref": "#/$defs/name" }, "moved_from": { "$ref": "#/$defs/names" } }
          }
        ]
      },
      "schemas": { "type": "string" },
      "options": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "atomic": { "type": "boolean" },
          "on_error": { "enum": ["stop", "continue"] },
          "continueOnError": { "type": "boolean" }
        }
      },
      "limits": {
        "type": "object",
        "additionalProperties": false,
        "properties": { "operations": { "type": "integer", "minimum": 1 } }
      },
      "variables": {
        "type": "object",
        "propertyNames": { "$ref": "#/$defs/name" },
        "additionalProperties": {
          "type": "object",
          "additionalProperties": false,
          "properties": {
            "type": {
              "enum": \(variableTypes)
            },
            "default": true,
            "sensitive": { "type": "boolean" },
            "description": { "type": "string" }
          }
        }
      },
      "operations": {
        "type": ["object", "array"],
        "propertyNames": { "$ref": "#/$defs/name" },
        "additionalProperties": { "$ref": "#/$defs/operation" },
        "items": { "$ref": "#/$defs/operation" }
      }
    }
    """

  /// `link` is any text with a link in it; `scalar` is a value before its type is known.
  static let sharedShapes = """
    {
      "name": { "type": ["string", "integer"], "pattern": "^[A-Za-z0-9_][A-Za-z0-9_-]{0,99}$" },
      "link": { "type": "string", "pattern": "\\\\$\\\\{?(ref|var|env|each):" },
      "lookup": {
        "type": "object",
        "required": ["$lookup"],
        "additionalProperties": false,
        "properties": {
          "$lookup": {
            "type": "object",
            "required": ["entity", "where", "field"],
            "additionalProperties": false,
            "properties": { "entity": { "type": "string" }, "where": { "type": "object" }, "field": { "type": "string" } }
          }
        }
      },
      "computed": { "anyOf": [{ "$ref": "#/$defs/link" }, { "$ref": "#/$defs/lookup" }] },
      "scalar": { "type": ["string", "number", "boolean", "null"] },
      "written": { "type": ["number", "boolean"] },
      "digits": { "type": "string", "pattern": "^[-+]?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]+)?$" },
      "names": { "type": ["string", "array"], "items": { "type": ["string", "number", "boolean"] } },
      "file": { "type": "string", "pattern": "[.]([cC][sS][vV]|[jJ][sS][oO][nN][lL]?|[yY][aA]?[mM][lL])$" },
      "test": {
        "anyOf": [
          { "$ref": "#/$defs/scalar" },
          { "$ref": "#/$defs/lookup" },
          {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": false,
            "properties": {
              "gt": true, "ge": true, "lt": true, "le": true, "ne": true, "eq": true,
              "in": { "type": ["array", "string"] }, "not_in": { "type": ["array", "string"] },
              "between": { "type": ["array", "string"], "minItems": 2, "maxItems": 2 },
              "like": true, "ilike": true, "is_null": { "type": ["boolean", "string"] }
            }
          }
        ]
      }
    }
    """

  static let operationShapes = """
    {
      "id": { "$ref": "#/$defs/name" },
      "query": { "type": "string" },
      "params": { "type": "object" },
      "values": { "type": "object", "minProperties": 1 },
      "store_params": { "type": "object", "minProperties": 1 },
      "where": { "type": "object", "minProperties": 1, "additionalProperties": { "$ref": "#/$defs/test" } },
      "query_params": { "type": "object", "minProperties": 1, "additionalProperties": { "$ref": "#/$defs/test" } },
      "metadata_params": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "__limit": { "type": ["integer", "string"] },
          "__sort": { "$ref": "#/$defs/names" },
          "__properties": { "$ref": "#/$defs/names" }
        }
      },
      "ids": { "type": ["array", "string", "number"] },
      "rows": {
        "type": ["array", "object"],
        "items": { "type": "object" },
        "required": ["file"],
        "additionalProperties": false,
        "properties": { "file": { "$ref": "#/$defs/file" } }
      },
      "for_each": {
        "type": ["object", "array", "string"],
        "properties": { "file": { "type": ["string", "object"] }, "key": true, "items": true },
        "items": { "$ref": "#/$defs/scalar" }
      },
      "key": { "$ref": "#/$defs/names" },
      "select": { "$ref": "#/$defs/names" },
      "sort": { "$ref": "#/$defs/names" },
      "limit": { "type": ["integer", "string"], "minimum": 0 },
      "expect": {
        "anyOf": [
          { "enum": ["one", "some", "at_most_one", "any", "none"] },
          { "type": "integer", "minimum": 0 }
        ]
      },
      "depends_on": { "$ref": "#/$defs/names" },
      "on_match": { "enum": ["update", "keep"] },
      "lifecycle": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "ignore": { "$ref": "#/$defs/names" },
          "protect": { "type": "boolean" },
          "on_remove": { "enum": ["delete", "forget", "error"] },
          "replace": { "type": "boolean" }
        }
      },
      "when": {
        "anyOf": [
          { "$ref": "#/$defs/computed" },
          { "type": "boolean" },
          {
            "type": "object",
            "required": ["value"],
            "minProperties": 2,
            "additionalProperties": false,
            "properties": {
              "value": true, "gt": true, "ge": true, "lt": true, "le": true, "ne": true, "eq": true,
              "in": { "type": ["array", "string"] }, "not_in": { "type": ["array", "string"] },
              "between": { "type": ["array", "string"], "minItems": 2, "maxItems": 2 },
              "like": true, "ilike": true, "is_null": { "type": ["boolean", "string"] }
            }
          }
        ]
      },
      "moved_from": { "$ref": "#/$defs/names" },
      "claims": { "type": "object", "properties": { "roles": { "$ref": "#/$defs/names" } } },
      "description": { "type": "string" }
    }
    """
}
