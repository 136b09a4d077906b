//! The site as a browser and a program meet it, without a socket: sign-in, forms, lists, the four questions,
//! the programming interface, and what is refused at the door.

#![allow(clippy::unwrap_used)]

#[path = "it/hostile.rs"]
mod hostile;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use server::call::{Body, Call, Method, Reply};
use server::{App, Settings};
use testkit::World;

const PASSWORD: &str = "correct horse battery";

/// A founded institute with its administrator, and a browser.
struct Site {
    app: App,
    world: World,
    cookies: BTreeMap<String, String>,
    lang: &'static str,
}

impl Site {
    fn new() -> Self {
        let world = World::new(server::areas(), authority::authorise);
        let foundation = json!({
            "institute": { "names": { "en": "Institute", "zh": "研究院" }, "address": { "en": "1", "zh": "1" },
                           "time_zone": "Asia/Shanghai" },
            "code": "AD", "names": { "en": "Wang Wei", "zh": "王伟" },
            "login": "wang.wei", "password": PASSWORD,
        });
        authority::found(&world.store, serde_json::from_value(foundation).unwrap()).unwrap();
        let app = App::new(world.store.clone(), Settings::default());
        Site { app, world, cookies: BTreeMap::new(), lang: "en" }
    }

    fn send(&mut self, method: Method, address: &str, body: Body, headers: &[(&str, &str)]) -> Reply {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let own = [
            ("cookie", cookies.join("; ")),
            ("accept-language", self.lang.to_owned()),
            ("host", "lab".to_owned()),
        ];
        let given = headers.iter().map(|(name, value)| (*name, (*value).to_owned()));
        let headers = own.into_iter().chain(given).map(|(name, value)| (name.to_owned(), value)).collect();
        let query = server::call::pairs(query);
        let call = Call { method, path: path.to_owned(), query, here: address.to_owned(), headers, body };
        let (reply, _) = server::respond(&self.app, &call);
        for (_, cookie) in reply.headers.iter().filter(|(name, _)| *name == "set-cookie") {
            assert!(cookie.contains("HttpOnly; SameSite=Lax"), "{cookie}");
            let (name, rest) = cookie.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        reply
    }

    fn get(&mut self, address: &str) -> Reply {
        self.send(Method::Get, address, Body::None, &[])
    }

    /// Sends a form as it stands on the page at `address`, with its token.
    fn post(&mut self, page: &str, address: &str, fields: &[(&str, &str)]) -> Reply {
        let token = token(&text(&self.get(page)));
        let mut all = vec![("csrf".to_owned(), token)];
        all.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self.send(Method::Post, address, Body::Form(all), &[("origin", "http://lab")])
    }

    fn sign_in(&mut self) {
        let fields = [("user_name", "wang.wei"), ("password", PASSWORD), ("return_to", "/people")];
        let reply = self.post("/sign-in", "/sign-in", &fields);
        assert_eq!((reply.status, location(&reply)), (303, "/people"), "{}", text(&reply));
    }

    fn token(&mut self, commands: &str) -> String {
        let fields = [("name", "test"), ("commands", commands), ("expires_at", "2026-03-09T00:00:00Z")];
        let page = text(&self.post("/do/token.issue", "/do/token.issue", &fields));
        let secret = page.split("<p><code>").nth(1).and_then(|rest| rest.split('<').next());
        secret.unwrap_or_else(|| panic!("no secret on {page}")).to_owned()
    }
}

fn text(reply: &Reply) -> String {
    String::from_utf8_lossy(&reply.body).into_owned()
}

fn data(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body).unwrap_or_else(|_| panic!("no JSON: {}", text(reply)))
}

fn header<'a>(reply: &'a Reply, name: &str) -> &'a str {
    reply.headers.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value.as_str())
}

fn location(reply: &Reply) -> &str {
    header(reply, "location")
}

fn token(page: &str) -> String {
    let rest = page.split("name=\"csrf\" value=\"").nth(1).expect("the page has a form");
    rest.split('"').next().unwrap_or_default().to_owned()
}

#[test]
fn a_stranger_is_sent_to_sign_in_and_comes_back_where_they_wanted_to_be() {
    let mut site = Site::new();
    let reply = site.get("/people?page=2");
    assert_eq!((reply.status, location(&reply)), (303, "/sign-in?return_to=%2Fpeople%3Fpage%3D2"));
    let wrong = site.post("/sign-in", "/sign-in", &[("user_name", "wang.wei"), ("password", "no")]);
    assert_eq!(wrong.status, 422);
    assert!(text(&wrong).contains("Login or password is wrong."));
    site.sign_in();
    assert!(text(&site.get("/people")).contains("Wang Wei"));
    let out = site.post("/people", "/sign-out", &[]);
    assert_eq!(location(&out), "/sign-in");
    assert_eq!(site.get("/people").status, 303);
}

#[test]
fn a_form_without_its_token_or_from_elsewhere_changes_nothing() {
    let mut site = Site::new();
    site.sign_in();
    let page = text(&site.get("/do/person.register"));
    let fields = |token: &str| {
        let all = [("csrf", token), ("code", "LN"), ("names.en", "Li Na"), ("names.zh", "李娜")];
        Body::Form(all.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec())
    };
    let before = site.world.store.read(store::log::count).unwrap();
    let none = site.send(Method::Post, "/do/person.register", fields(""), &[]);
    let foreign = [("origin", "https://evil.example")];
    let elsewhere = site.send(Method::Post, "/do/person.register", fields(&token(&page)), &foreign);
    assert_eq!((none.status, elsewhere.status), (400, 400));
    assert_eq!(site.world.store.read(store::log::count).unwrap(), before);
    let own =
        site.send(Method::Post, "/do/person.register", fields(&token(&page)), &[("origin", "http://lab")]);
    assert_eq!(own.status, 303, "{}", text(&own));
}

#[test]
fn a_command_by_form_ends_at_what_it_made_with_its_receipt_shown_once() {
    let mut site = Site::new();
    site.sign_in();
    let fields = [("code", "LN"), ("names.en", "Li Na"), ("names.zh", "李娜"), ("idempotency_key", "k-1")];
    let first = site.post("/do/person.register", "/do/person.register", &fields);
    let again = site.post("/do/person.register", "/do/person.register", &fields);
    assert_eq!(location(&first), location(&again), "sent twice, it happens once");
    let to = location(&first).to_owned();
    assert!(to.starts_with("/people/person-"), "{to}");
    let page = text(&site.get(&to));
    assert!(page.contains("Li Na") && page.contains("Recorded as ledger entry"), "{page}");
    assert!(!text(&site.get(&to)).contains("Recorded as ledger entry"));
}

#[test]
fn wrong_fields_are_said_at_the_field_and_what_was_entered_stays() {
    let mut site = Site::new();
    site.sign_in();
    let reply = site.post("/do/person.register", "/do/person.register", &[("names.en", "Li Na")]);
    let page = text(&reply);
    assert_eq!(reply.status, 422);
    assert!(page.contains("id=\"person.register-code-error\"") || page.contains("-code-error"), "{page}");
    assert!(page.contains("is required") && page.contains("value=\"Li Na\""), "{page}");
}

#[test]
fn a_refusal_says_the_rule_the_remedy_and_who() {
    let mut site = Site::new();
    site.sign_in();
    let fields = [("code", "AD"), ("names.en", "Other"), ("names.zh", "其他")];
    for lang in ["en", "zh"] {
        site.lang = lang;
        let reply = site.post("/do/person.register", "/do/person.register", &fields);
        let page = text(&reply);
        assert_eq!(reply.status, 422);
        assert!(page.contains("class=\"refusal\"") && page.contains("value=\"Other\""), "{page}");
        assert!(!page.contains('⟦'), "{page}");
    }
}

#[test]
fn every_page_of_the_server_renders_in_both_languages_with_all_its_words() {
    let mut site = Site::new();
    site.sign_in();
    let pages = [
        "/",
        "/search?q=Wang+Wei+none",
        "/explain/person-2",
        "/trace/person-2",
        "/impact/person-2",
        "/history/person-2",
        "/ledger",
        "/ledger/1",
        "/gallery",
        "/gallery/server-impact",
        "/help",
        "/do/person.register",
        "/do/lot.split",
    ];
    for lang in ["en", "zh"] {
        site.lang = lang;
        for page in pages {
            let reply = site.get(page);
            let body = text(&reply);
            assert_eq!(reply.status, 200, "{page}: {body}");
            assert!(!body.contains('⟦'), "{page} in {lang}: {body}");
            assert!(!body.contains(" style=") && !body.contains(" onclick="), "{page}");
        }
    }
}

#[test]
fn every_list_answers_as_page_csv_workbook_and_json() {
    let mut site = Site::new();
    site.sign_in();
    let lists: Vec<&str> =
        server::sites().iter().flat_map(|site| (site.listings)()).map(|list| list.path).collect();
    assert!(lists.contains(&"/people"));
    for path in lists {
        for (format, kind) in [("csv", "text/csv"), ("xlsx", "application/vnd"), ("json", "application/json")]
        {
            let reply = site.get(&format!("{path}?format={format}"));
            assert_eq!(reply.status, 200, "{path} {format}: {}", text(&reply));
            assert!(header(&reply, "content-type").starts_with(kind), "{path} {format}");
        }
        let page = site.get(path);
        assert!(page.status == 200 && !text(&page).contains('⟦'), "{path}: {}", text(&page));
    }
    assert_eq!(site.get("/people?format=docx").status, 400);
}

#[test]
fn a_search_for_what_is_exactly_one_opens_it() {
    let mut site = Site::new();
    site.sign_in();
    assert_eq!(location(&site.get("/search?q=person-2")), "/people/person-2");
    assert_eq!(site.get("/search?q=person-99").status, 200);
    assert_eq!(location(&site.get("/people/person-2/explain")), "/explain/person-2");
}

#[test]
fn a_customer_finds_and_is_proposed_nothing_they_may_not_open() {
    let mut site = Site::new();
    site.sign_in();
    let mut give = |command: &str, fields: &[(&str, &str)]| {
        let reply = site.post(&format!("/do/{command}"), &format!("/do/{command}"), fields);
        assert_eq!(reply.status, 303, "{command}: {}", text(&reply));
    };
    give("person.register", &[("code", "SW"), ("names.en", "Sun Wei"), ("names.zh", "孙伟")]);
    give("role.grant", &[("person", "person-4"), ("role", "customer")]);
    give("account.open", &[("person", "person-4"), ("login", "sun.wei"), ("password", PASSWORD)]);
    assert!(text(&site.get("/search?q=Wang")).contains("Wang Wei"));
    assert!(text(&site.get("/do/role.grant")).contains("Wang Wei"));
    site.cookies.clear();
    let fields = [("user_name", "sun.wei"), ("password", PASSWORD), ("return_to", "/account")];
    assert_eq!(site.post("/sign-in", "/sign-in", &fields).status, 303);
    for (address, status) in [
        ("/search?q=Wang", 200),
        ("/search?q=person-2", 200),
        ("/api/v1/search?q=Wang", 200),
        ("/do/role.grant", 200),
        ("/do/role.grant?person=person-2", 200),
        ("/people/person-2", 403),
    ] {
        let reply = site.get(address);
        assert_eq!(reply.status, status, "{address}");
        let page = text(&reply);
        let list = page.split("<form").nth(if address.starts_with("/do") { 2 } else { 0 }).unwrap_or(&page);
        assert!(!list.contains("Wang Wei") && !list.contains("王伟"), "{address}: {page}");
    }
}

#[test]
fn what_is_not_there_or_not_allowed_says_so_in_the_readers_language() {
    let mut site = Site::new();
    site.sign_in();
    for (lang, words) in [("en", "There is no such page"), ("zh", "没有此页面或记录")] {
        site.lang = lang;
        for address in [
            "/nope",
            "/explain/lot-999",
            "/ledger/999",
            "/gallery/nope",
            "/do/nope",
            "/raw/nope",
            "/ledger/tile/../../keys",
        ] {
            let reply = site.get(address);
            assert_eq!(reply.status, 404, "{address}");
            assert!(text(&reply).contains(words), "{address}: {}", text(&reply));
        }
    }
}

#[test]
fn programs_give_the_same_commands_by_token() {
    let mut site = Site::new();
    site.sign_in();
    let secret = site.token("person.register");
    let bearer = format!("Bearer {secret}");
    let give = |site: &mut Site, name: &str, body: Value, headers: &[(&str, &str)]| {
        let body = Body::Text(body.to_string());
        site.send(Method::Post, &format!("/api/v1/commands/{name}"), body, headers)
    };
    site.cookies.clear();
    let person = json!({ "code": "LN", "names": { "en": "Li Na", "zh": "李娜" } });
    let unknown = give(&mut site, "person.register", person.clone(), &[]);
    assert_eq!((unknown.status, header(&unknown, "content-type")), (401, "application/problem+json"));
    let known = [("authorization", bearer.as_str()), ("idempotency-key", "k-1")];
    let first = give(&mut site, "person.register", person.clone(), &known);
    assert_eq!(first.status, 200, "{}", text(&first));
    assert_eq!(data(&give(&mut site, "person.register", person.clone(), &known)), data(&first));
    let other = json!({ "code": "X", "names": { "en": "X", "zh": "X" } });
    assert_eq!(give(&mut site, "person.register", other, &known).status, 409);
    let bare = [("authorization", bearer.as_str())];
    let twice = give(&mut site, "person.register", person, &bare);
    assert_eq!((twice.status, data(&twice)["title"].clone()), (422, json!("refused")));
    assert!(data(&twice)["refusal"]["rule"].as_str().is_some_and(|rule| !rule.is_empty()));
    let wrong = give(&mut site, "person.register", json!({}), &bare);
    assert_eq!((wrong.status, data(&wrong)["errors"][0]["field"].clone()), (422, json!("code")));
    let limited = give(&mut site, "person.erase", json!({ "person": "person-2" }), &bare);
    assert_eq!((limited.status, data(&limited)["refusal"]["code"].clone()), (403, json!("permission-token")));
}

#[test]
fn programs_read_lists_in_pages_and_ask_the_four_questions() {
    let mut site = Site::new();
    site.sign_in();
    let bearer = format!("Bearer {}", site.token(""));
    site.cookies.clear();
    let headers = [("authorization", bearer.as_str())];
    let mut read = |address: &str| site.send(Method::Get, address, Body::None, &headers);
    let list = read("/api/v1/people?page=1&page_size=1&filter=Wang");
    assert_eq!((data(&list)["total"].clone(), header(&list, "x-total-count")), (json!(1), "1"));
    assert!(header(&list, "link").contains("rel=\"last\""));
    for question in ["explain", "trace", "impact"] {
        let answer = data(&read(&format!("/api/v1/{question}/person-2")));
        assert_eq!(answer["record"], json!("person-2"), "{question}");
    }
    let history = data(&read("/api/v1/history/person-2"));
    assert!(
        history.as_array().is_some_and(|all| !all.is_empty())
            && !history.to_string().contains("password_hash")
    );
    assert_eq!(data(&read("/api/v1/records/person-2"))["kind"], json!("person"));
    assert_eq!(read("/api/v1/records/lot-99").status, 404);
    assert_eq!(data(&read("/api/v1/me"))["code"], json!("AD"));
    assert_eq!(data(&read("/api/v1/openapi.json"))["openapi"], json!("3.1.0"));
}

#[test]
fn anybody_may_have_the_signed_head_and_only_the_staff_the_entries() {
    let mut site = Site::new();
    let head = text(&site.get("/ledger/checkpoint"));
    assert!(head.starts_with("orepass.test/ledger\n"), "{head}");
    let size: u64 = head.lines().nth(1).unwrap().parse().unwrap();
    assert_eq!(site.get(&format!("/ledger/tile/0/000.p/{size}")).status, 200);
    assert_eq!(site.get(&format!("/ledger/tile/entries/000.p/{size}")).status, 303);
    assert!(text(&site.get("/ledger/key")).contains("orepass.test/ledger+"));
    site.sign_in();
    let entry = text(&site.get("/ledger/0/proof"));
    assert!(entry.starts_with("c2sp.org/tlog-proof@v1"), "{entry}");
    assert_eq!(site.get(&format!("/ledger/tile/entries/000.p/{size}")).status, 200);
}

#[test]
fn verification_runs_beside_the_requests_and_reports_on_the_page() {
    let mut site = Site::new();
    site.sign_in();
    assert_eq!(location(&site.post("/ledger", "/ledger/verify", &[])), "/ledger");
    for _ in 0..200 {
        let page = text(&site.get("/ledger"));
        if page.contains("all is in order") {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("no report: {}", text(&site.get("/ledger")));
}

#[test]
fn names_follow_the_language_of_the_reader() {
    let mut site = Site::new();
    site.sign_in();
    let reply = site.post("/people", "/preferences", &[("lang", "zh"), ("return_to", "/people")]);
    assert_eq!(location(&reply), "/people");
    let page = text(&site.get("/people"));
    assert!(page.contains("<html lang=\"zh-CN\"") && page.contains("王伟"), "{page}");
}
