//! The OpenAPI 3.1 document: every command with its schema and example, every list, every page's data.

use serde_json::{Map, Value, json};
use store::CommandKind;

use crate::api::BASE;
use crate::app::App;
use crate::schema;

const ABOUT: &str = "The same commands as on the pages and on the command line. Decimals are text, so no \
                     digit is lost. Give a bearer token; give an Idempotency-Key to be able to send again.";

/// The whole document.
pub fn document(app: &App) -> Value {
    let mut paths = Map::new();
    let mut schemas = Map::new();
    for kind in app.store.registry().commands.values().filter(|kind| !kind.roles.is_empty()) {
        for (name, schema) in (kind.schemas)() {
            schemas.insert(name, serde_json::to_value(schema).unwrap_or_default());
        }
        paths.insert(format!("{BASE}/commands/{}", kind.name), json!({ "post": command(kind) }));
    }
    for list in app.routes.listings() {
        let ok = json!({ "$ref": "#/components/schemas/Listing" });
        let summary = format!("The list `{}`", list.name);
        let mut operation = get(list.path, &summary, ok, list.readers);
        let asked = ["page", "page_size", "sort", "filter"]
            .map(|name| json!({ "name": name, "in": "query", "schema": { "type": "string" } }));
        if let Some(parameters) = operation["parameters"].as_array_mut() {
            parameters.extend(asked);
        }
        paths.insert(format!("{BASE}{}", list.path), json!({ "get": operation }));
    }
    for page in app.routes.pages() {
        let summary = format!("What the page {} shows", page.path);
        paths.insert(
            format!("{BASE}{}", page.path),
            json!({ "get": get(page.path, &summary, json!({}), page.readers) }),
        );
    }
    let record = get("/records/{record}", "What a record is", json!({}), site::STAFF);
    paths.insert(format!("{BASE}/records/{{record}}"), json!({ "get": record }));
    for (path, summary) in [("/commands", "All commands"), ("/lists", "All lists"), ("/me", "Who asks")] {
        paths.insert(format!("{BASE}{path}"), json!({ "get": get(path, summary, json!({}), &[]) }));
    }
    schemas.extend(own());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Orepass",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
            "description": ABOUT,
        },
        "servers": [{ "url": "/" }],
        "security": [{ "token": [] }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
        },
    })
}

fn command(kind: &CommandKind) -> Value {
    let example: Value = serde_json::from_str(kind.example).unwrap_or_default();
    let header = |name: &str, what: &str, required: bool| {
        json!({ "name": name, "in": "header", "required": required, "description": what,
                "schema": { "type": "string" } })
    };
    let mut parameters = vec![
        header("Idempotency-Key", "Sent twice with the same key, it happens once.", false),
        header("X-Orepass-Reason", "Why, percent-encoded UTF-8.", false),
    ];
    if kind.signs.is_some() {
        parameters.push(header("X-Orepass-Password", "The signer's password.", true));
    }
    json!({
        "operationId": kind.name,
        "summary": schema::summary(kind),
        "description": format!("Roles: {}", words(kind.roles)),
        "tags": [kind.name.split('.').next().unwrap_or_default()],
        "parameters": parameters,
        "requestBody": { "required": true, "content": { "application/json": {
            "schema": serde_json::to_value((kind.schema)()).unwrap_or_default(), "example": example } } },
        "responses": {
            "200": answer("Committed", "application/json", json!({ "$ref": "#/components/schemas/Receipt" })),
            "401": problem("No token, or one that is not good"),
            "403": problem("Not for your roles or this token; the refusal is on record"),
            "409": problem("The idempotency key was used for another command"),
            "422": problem("Fields that cannot be read, or a refusal: rule, clause, remedy, who"),
        },
    })
}

fn get(path: &str, summary: &str, ok: Value, readers: &[kernel::Role]) -> Value {
    let named = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let parameters: Vec<Value> = named
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect();
    let readers_of = if readers.is_empty() { String::new() } else { format!("Readers: {}", words(readers)) };
    json!({
        "operationId": format!("get {path}"),
        "summary": summary,
        "description": readers_of,
        "parameters": parameters,
        "responses": {
            "200": answer("Found", "application/json", ok),
            "401": problem("No token, or one that is not good"),
            "403": problem("Not for your roles"),
            "404": problem("There is none"),
        },
    })
}

fn words(roles: &[kernel::Role]) -> String {
    roles.iter().map(|role| role.word()).collect::<Vec<_>>().join(", ")
}

fn answer(description: &str, kind: &str, schema: Value) -> Value {
    json!({ "description": description, "content": { kind: { "schema": schema } } })
}

fn problem(description: &str) -> Value {
    answer(description, "application/problem+json", json!({ "$ref": "#/components/schemas/Problem" }))
}

fn own() -> Map<String, Value> {
    let text = json!({ "type": "string" });
    let count = json!({ "type": "integer", "minimum": 0 });
    let receipt = json!({ "type": "object", "required": ["entries", "subjects"], "properties": {
        "entries": { "type": "array", "items": count, "description": "Its entries in the ledger." },
        "subjects": { "type": "array", "items": text,
                      "description": "Records; the first is the one it made." } } });
    let listing = json!({ "type": "object", "required": ["total", "page", "page_size", "rows"],
        "properties": {
        "total": count, "page": count, "page_size": count,
        "rows": { "type": "array", "items": { "type": "object" } } } });
    let field = json!({ "type": "object", "properties": { "field": text, "message": text } });
    let refusal = json!({ "type": "object", "properties": {
        "code": text, "what": text, "rule": text, "clause": text, "remedy": text, "command": text, "on": text,
        "roles": { "type": "array", "items": text }, "people": { "type": "array", "items": text } } });
    let problem = json!({ "type": "object", "required": ["type", "title", "status"], "properties": {
        "type": text, "title": text, "status": count, "detail": text, "instance": text,
        "errors": { "type": "array", "items": field }, "refusal": refusal } });
    let all = [("Receipt", receipt), ("Listing", listing), ("Problem", problem)];
    all.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}
