//! The OpenAPI document is what the programming interface reads: every example satisfies its own schema, and
//! every word that a schema offers is taken by the command, wherever in it the word stands.

use serde_json::{Map, Value, json};
use store::CommandKind;

use super::commands;

/// Of several alternatives, those that are not null.
fn alternatives(schema: &Value) -> Option<Vec<Value>> {
    let all = ["oneOf", "anyOf", "allOf"].iter().find_map(|key| schema.get(*key)?.as_array())?;
    Some(all.iter().filter(|one| one["type"] != "null").cloned().collect())
}

fn resolved(book: &Value, schema: &Value) -> Value {
    let name = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next());
    name.map_or_else(|| schema.clone(), |name| resolved(book, &book[name]))
}

fn is_type(value: &Value, name: &str) -> bool {
    match name {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "null" => value.is_null(),
        other => panic!("no type `{other}`"),
    }
}

/// What of a value its schema does not allow (the part of JSON Schema that the document uses).
fn wrong(book: &Value, schema: &Value, value: &Value, at: &str, out: &mut Vec<String>) {
    let schema = &resolved(book, schema);
    let mut say = |what: String| out.push(format!("{at}: {what}"));
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
        _ => vec![],
    };
    if !types.is_empty() && !types.iter().any(|name| is_type(value, name)) {
        return say(format!("{value} is no {}", types.join(" or ")));
    }
    if schema["enum"].as_array().is_some_and(|all| !all.contains(value)) {
        say(format!("{value} is not among {}", schema["enum"]));
    }
    let length = value.as_str().map(|text| text.chars().count() as u64);
    for (key, found, least) in [
        ("minLength", length, true),
        ("maxLength", length, false),
        ("minItems", value.as_array().map(|all| all.len() as u64), true),
        ("maxItems", value.as_array().map(|all| all.len() as u64), false),
        ("minimum", value.as_u64(), true),
        ("maximum", value.as_u64(), false),
    ] {
        if let (Some(limit), Some(found)) = (schema[key].as_f64(), found)
            && (if least { (found as f64) < limit } else { (found as f64) > limit })
        {
            say(format!("{value} breaks {key} {limit}"));
        }
    }
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if value.get(name).is_none() {
            say(format!("{name} is missing"));
        }
    }
    if let Some(map) = value.as_object() {
        for (name, inner) in map {
            match (&schema["properties"][name], &schema["additionalProperties"]) {
                (Value::Null, Value::Bool(false)) => out.push(format!("{at}.{name}: not in the schema")),
                (Value::Null, Value::Null | Value::Bool(true)) => {}
                (Value::Null, more) => wrong(book, more, inner, &format!("{at}.{name}"), out),
                (known, _) => wrong(book, known, inner, &format!("{at}.{name}"), out),
            }
        }
    }
    for (place, inner) in value.as_array().into_iter().flatten().enumerate() {
        wrong(book, &schema["items"], inner, &format!("{at}[{place}]"), out);
    }
    if let Some(all) = ["oneOf", "anyOf"].iter().find_map(|key| schema.get(*key)?.as_array()) {
        let fits = |one: &&Value| {
            let mut found = Vec::new();
            wrong(book, one, value, at, &mut found);
            found.is_empty()
        };
        if !all.iter().any(|one| fits(&one)) {
            out.push(format!("{at}: {value} fits no alternative"));
        }
    }
    for one in schema["allOf"].as_array().into_iter().flatten() {
        wrong(book, one, value, at, out);
    }
}

/// A small value that a schema allows.
fn sample(book: &Value, schema: &Value) -> Value {
    let schema = &resolved(book, schema);
    for given in [&schema["example"], &schema["examples"][0], &schema["enum"][0], &schema["const"]] {
        if !given.is_null() {
            return given.clone();
        }
    }
    if let Some(first) = alternatives(schema).and_then(|all| all.into_iter().next()) {
        return sample(book, &first);
    }
    let kind = match &schema["type"] {
        Value::Array(many) => many.iter().find(|one| *one != "null").cloned().unwrap_or_default(),
        one => one.clone(),
    };
    match (kind.as_str(), schema["format"].as_str()) {
        (Some("object"), _) => {
            let names = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            let fields = names.map(|name| (name.to_owned(), sample(book, &schema["properties"][name])));
            Value::Object(fields.collect::<Map<String, Value>>())
        }
        (Some("array"), _) => json!([sample(book, &schema["items"])]),
        (Some("integer"), _) => json!(schema["minimum"].as_u64().unwrap_or(1)),
        (Some("number"), _) => json!(1.5),
        (Some("boolean"), _) => json!(true),
        (_, Some("date")) => json!("2026-03-14"),
        (_, Some("date-time")) => json!("2026-03-14T09:26:53Z"),
        (_, Some("password")) => json!("correct horse battery"),
        (_, Some("record-id")) => json!("lot-12"),
        (_, Some(format)) if format.ends_with("-id") => json!(format!("{}-12", &format[..format.len() - 3])),
        (_, Some("decimal")) => json!("1.5"),
        _ => json!("A"),
    }
}

/// The value with one choice in it made otherwise, for every choice that its schema offers anywhere.
fn otherwise(book: &Value, schema: &Value, now: Option<&Value>, deep: u32) -> Vec<(String, Value)> {
    let schema = &resolved(book, schema);
    if deep == 0 {
        return Vec::new();
    }
    if let Some(words) = schema["enum"].as_array() {
        return words.iter().map(|word| (format!(" = {word}"), word.clone())).collect();
    }
    if let Some(all) = alternatives(schema) {
        if let [only] = &all[..] {
            return otherwise(book, only, now, deep - 1);
        }
        let each = all.iter().flat_map(|one| {
            let first = sample(book, one);
            let more = otherwise(book, one, Some(&first), deep - 1);
            std::iter::once((format!(" = {first}"), first)).chain(more)
        });
        return each.collect();
    }
    let mut found = Vec::new();
    if let Some(properties) = schema["properties"].as_object() {
        let base = now.filter(|now| now.is_object()).cloned().unwrap_or_else(|| sample(book, schema));
        for (name, inner) in properties {
            for (said, value) in otherwise(book, inner, base.get(name), deep - 1) {
                let mut whole = base.clone();
                whole[name] = value;
                found.push((format!(".{name}{said}"), whole));
            }
        }
    } else if schema.get("items").is_some() {
        let first = now.and_then(|now| now.get(0)).cloned();
        let base = now.filter(|_| first.is_some()).cloned();
        let base = base.unwrap_or_else(|| json!([sample(book, &schema["items"])]));
        for (said, value) in otherwise(book, &schema["items"], base.get(0), deep - 1) {
            let mut whole = base.clone();
            whole[0] = value;
            found.push((format!("[0]{said}"), whole));
        }
    }
    found
}

fn book(kind: &CommandKind) -> (Value, Value) {
    let named = (kind.schemas)().into_iter();
    let named = named.map(|(name, schema)| (name, serde_json::to_value(schema).unwrap()));
    (Value::Object(named.collect()), serde_json::to_value((kind.schema)()).unwrap())
}

#[test]
fn every_example_satisfies_its_own_schema() {
    let mut found = Vec::new();
    for kind in commands() {
        let (book, schema) = book(&kind);
        let example: Value = serde_json::from_str(kind.example).unwrap();
        wrong(&book, &schema, &example, kind.name, &mut found);
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_word_that_a_schema_offers_is_taken_wherever_it_stands() {
    let (mut found, mut tried) = (Vec::new(), 0);
    for kind in commands() {
        let (book, schema) = book(&kind);
        let example: Value = serde_json::from_str(kind.example).unwrap();
        for (said, command) in otherwise(&book, &schema, Some(&example), 12) {
            tried += 1;
            if let Err(error) = (kind.parse)(&command.to_string()) {
                found.push(format!("{}{said}: {}: {}", kind.name, error.field, error.message));
            }
        }
    }
    assert!(tried > 100, "only {tried} choices were found");
    assert!(found.is_empty(), "of {tried}:\n{}", found.join("\n"));
}

/// A schema with everything that it refers to in place.
fn whole(book: &Value, schema: &Value) -> Value {
    match resolved(book, schema) {
        Value::Array(all) => all.iter().map(|one| whole(book, one)).collect(),
        Value::Object(map) => Value::Object(
            map.into_iter().map(|(name, one)| (name, whole(book, &one))).collect::<Map<String, Value>>(),
        ),
        other => other,
    }
}

/// Two areas may call different things by one name; in the document each is what its command takes.
#[test]
fn what_the_document_says_of_a_command_is_what_the_command_says() {
    let document = server::openapi();
    let schemas = &document["components"]["schemas"];
    for kind in commands().into_iter().filter(|kind| !kind.roles.is_empty()) {
        let (book, schema) = book(&kind);
        let operation = &document["paths"][format!("/api/v1/commands/{}", kind.name)]["post"];
        let said = &operation["requestBody"]["content"]["application/json"];
        assert_eq!(whole(schemas, &said["schema"]), whole(&book, &schema), "{}", kind.name);
        let mut found = Vec::new();
        wrong(schemas, &said["schema"], &said["example"], kind.name, &mut found);
        assert!(found.is_empty(), "{}", found.join("\n"));
    }
}
