//! The OpenAPI 3.1 document: every command with its schema and example, every list, every page's data, every
//! file out and in. Made of the areas alone: it needs no store.

use std::collections::BTreeMap;

use kernel::Kind;
use serde_json::{Map, Value, json};
use store::CommandKind;

use crate::api::BASE;
use crate::routes::Routes;
use crate::{assemble, schema};

const ABOUT: &str = "The same commands as on the pages and on the command line. Decimals are text, so no \
                     digit is lost. Give a bearer token; give an Idempotency-Key to be able to send again.";

/// The whole document.
pub fn document() -> Value {
    let routes = Routes::new(&assemble::sites());
    let mut paths = Map::new();
    let mut shelf = Shelf::default();
    let mut commands: Vec<CommandKind> =
        assemble::areas().iter().flat_map(|area| (area.commands)()).collect();
    commands.retain(|kind| !kind.roles.is_empty());
    commands.sort_by_key(|kind| kind.name);
    for kind in &commands {
        let names = shelf.take(kind);
        let operation = renamed(&command(kind), &names);
        paths.insert(format!("{BASE}/commands/{}", kind.name), json!({ "post": operation }));
    }
    read(&routes, &mut paths);
    for upload in routes.uploads() {
        let operation = paths.entry(format!("{BASE}{}", upload.path)).or_insert_with(|| json!({}));
        operation["post"] = taken(upload.path, upload.readers);
    }
    let mut schemas = shelf.schemas;
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

/// The schemas of all commands under names of which each means one thing: areas do not know of each other,
/// and two may call different things by one name.
#[derive(Default)]
struct Shelf {
    schemas: Map<String, Value>,
    /// Under which names which schemas lie, with everything they refer to in place.
    whole: Vec<(String, String, Value)>,
}

impl Shelf {
    /// Puts in what a command refers to; gives the names under which it lies, by those it has there.
    fn take(&mut self, kind: &CommandKind) -> BTreeMap<String, String> {
        let named = (kind.schemas)().into_iter();
        let named = named.map(|(name, schema)| (name, serde_json::to_value(schema).unwrap_or_default()));
        let book: BTreeMap<String, Value> = named.collect();
        let mut names = BTreeMap::new();
        let mut new = Vec::new();
        for (name, schema) in &book {
            let whole = inlined(&book, schema, 24);
            let known = self.whole.iter().find(|(own, _, known)| own == name && *known == whole);
            let lies = match known {
                Some((_, lies, _)) => lies.clone(),
                None => {
                    let others = self.whole.iter().filter(|(own, ..)| own == name).count();
                    let lies = if others == 0 { name.clone() } else { format!("{name}{}", others + 1) };
                    self.whole.push((name.clone(), lies.clone(), whole));
                    new.push((lies.clone(), schema));
                    lies
                }
            };
            names.insert(name.clone(), lies);
        }
        for (lies, schema) in new {
            self.schemas.insert(lies, renamed(schema, &names));
        }
        names
    }
}

/// The name that a reference leads to.
fn reference(value: &Value) -> Option<&str> {
    value.get("$ref")?.as_str()?.rsplit('/').next()
}

/// A schema with everything that it refers to in place.
fn inlined(book: &BTreeMap<String, Value>, schema: &Value, deep: u32) -> Value {
    if let (Some(named), true) = (reference(schema).and_then(|name| book.get(name)), deep > 0) {
        return inlined(book, named, deep - 1);
    }
    mapped(schema, &|inner| inlined(book, inner, deep))
}

/// A schema whose references lead to where things lie.
fn renamed(schema: &Value, names: &BTreeMap<String, String>) -> Value {
    match reference(schema).and_then(|name| names.get(name)) {
        Some(lies) => {
            let mut schema = schema.clone();
            schema["$ref"] = Value::String(format!("#/components/schemas/{lies}"));
            schema
        }
        None => mapped(schema, &|inner| renamed(inner, names)),
    }
}

fn mapped(value: &Value, each: &dyn Fn(&Value) -> Value) -> Value {
    match value {
        Value::Array(all) => all.iter().map(each).collect(),
        Value::Object(map) => {
            Value::Object(map.iter().map(|(name, inner)| (name.clone(), each(inner))).collect())
        }
        other => other.clone(),
    }
}

/// Everything that is only read.
fn read(routes: &Routes, paths: &mut Map<String, Value>) {
    for list in routes.listings() {
        let ok = json!({ "$ref": "#/components/schemas/Listing" });
        let summary = format!("The list `{}`", list.name);
        let mut operation = get(list.path, &summary, ok, list.readers);
        let number = json!({ "type": "integer", "minimum": 1 });
        let text = json!({ "type": "string" });
        let asked = [("page", &number), ("page_size", &number), ("sort", &text), ("filter", &text)]
            .map(|(name, schema)| json!({ "name": name, "in": "query", "schema": schema }));
        if let Some(parameters) = operation["parameters"].as_array_mut() {
            parameters.extend(asked);
        }
        paths.insert(format!("{BASE}{}", list.path), json!({ "get": operation }));
    }
    for page in routes.pages() {
        let summary = format!("What the page {} shows", page.path);
        paths.insert(
            format!("{BASE}{}", page.path),
            json!({ "get": get(page.path, &summary, json!({}), page.readers) }),
        );
    }
    for file in routes.downloads() {
        let summary = format!("The file at {}", file.path);
        let mut operation = get(file.path, &summary, json!({}), file.readers);
        operation["responses"]["200"] = json!({ "description": "The file", "content": { "*/*": {} } });
        paths.insert(format!("{BASE}{}", file.path), json!({ "get": operation }));
    }
    let record = get("/records/{record}", "What a record is", json!({}), site::STAFF);
    paths.insert(format!("{BASE}/records/{{record}}"), json!({ "get": record }));
    for (path, summary) in [("/commands", "All commands"), ("/lists", "All lists"), ("/me", "Who asks")] {
        paths.insert(format!("{BASE}{path}"), json!({ "get": get(path, summary, json!({}), &[]) }));
    }
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
        "responses": responses(
            answer("Committed", "application/json", json!({ "$ref": "#/components/schemas/Receipt" })),
            &[CHANGING, &[
                ("403", "Not for your roles or this token; the refusal is on record"),
                ("409", "The idempotency key was used for another command"),
                ("422", "Fields that cannot be read, or a refusal: rule, clause, remedy, who"),
            ]],
        ),
    })
}

fn get(path: &str, summary: &str, ok: Value, readers: &[kernel::Role]) -> Value {
    let named = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let parameters: Vec<Value> = named
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": part(name) }))
        .collect();
    let readers_of = if readers.is_empty() { String::new() } else { format!("Readers: {}", words(readers)) };
    json!({
        "operationId": format!("get {path}"),
        "summary": summary,
        "description": readers_of,
        "parameters": parameters,
        "responses": responses(answer("Found", "application/json", ok), &[ALWAYS, &[
            ("403", "Not for your roles"),
            ("404", "There is none"),
            ("422", "A rule stands against it"),
        ]]),
    })
}

/// What a part of a path holds: the id of a record, where it is named after a kind.
fn part(name: &str) -> Value {
    match Kind::from_word(&name.replace('_', "-")) {
        Some(kind) => kernel::id_pattern(kind.word(), &format!("{}-12", kind.word())),
        None => json!({ "type": "string" }),
    }
}

/// Files in.
fn taken(path: &str, readers: &[kernel::Role]) -> Value {
    let text = json!({ "type": "string" });
    let fields = json!({ "type": "object", "properties": { "file": { "type": "string", "format": "binary" } },
                         "additionalProperties": text });
    let location = json!({ "type": "object", "required": ["location"], "properties": { "location": text } });
    json!({
        "operationId": format!("post {path}"),
        "summary": format!("Files for {path}; answers where to go on"),
        "description": format!("Roles: {}", words(readers)),
        "requestBody": { "required": true, "content": { "multipart/form-data": { "schema": fields } } },
        "responses": responses(answer("Taken", "application/json", location), &[CHANGING, &[
            ("403", "Not for your roles"),
            ("409", "It was taken before, otherwise"),
            ("422", "A refusal: rule, clause, remedy, who"),
        ]]),
    })
}

type Statuses = &'static [(&'static str, &'static str)];

/// What may come of any request.
const ALWAYS: Statuses = &[
    ("400", "It cannot be read; nothing was done"),
    ("401", "No token, or one that is not good"),
    ("405", "Another method is meant; the header Allow names it"),
];

/// What may come of any request that changes something.
const CHANGING: Statuses = &[
    ("400", "It cannot be read: no JSON, nested too deep; nothing was done"),
    ("401", "No token, or one that is not good"),
    ("404", "There is none"),
    ("405", "Another method is meant; the header Allow names it"),
    ("413", "Larger than is taken"),
    ("415", "Another content type is meant"),
];

fn responses(ok: Value, problems: &[Statuses]) -> Value {
    let mut all = Map::from_iter([("200".to_owned(), ok)]);
    for (status, description) in problems.iter().copied().flatten() {
        all.insert((*status).to_owned(), problem(description));
    }
    Value::Object(all)
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
                      "description": "Records; the first is the one it made." },
        "secret": { "type": "string", "description": "Of a token that was made; shown this once." } } });
    let listing = json!({ "type": "object", "required": ["total", "page", "page_size", "rows"],
        "properties": {
        "total": count, "page": count, "page_size": count,
        "rows": { "type": "array", "items": { "type": "object" } } } });
    let field = json!({ "type": "object", "properties": { "field": text, "message": text } });
    let maybe = json!({ "type": ["string", "null"] });
    let refusal = json!({ "type": "object", "properties": {
        "code": text, "what": text, "rule": text, "clause": text, "remedy": text, "command": maybe,
                "on": maybe,
        "args": { "type": "object", "additionalProperties": text },
        "records": { "type": "array", "items": { "type": "object" } },
        "roles": { "type": "array", "items": text }, "people": { "type": "array", "items": text } } });
    let problem = json!({ "type": "object", "required": ["type", "title", "status"], "properties": {
        "type": text, "title": text, "status": count, "detail": text, "instance": text,
        "errors": { "type": "array", "items": field }, "refusal": refusal } });
    let all = [("Receipt", receipt), ("Listing", listing), ("Problem", problem)];
    all.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}
