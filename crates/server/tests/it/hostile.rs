//! What somebody sends who means no good, over a real socket: each is answered with a refusal, and the server
//! goes on.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use kernel::{Actor, PersonId};
use serde_json::{Value, json};
use server::{App, Settings};
use store::Request;
use testkit::World;

const PASSWORD: &str = "correct horse battery";
const FORM: &str = "application/x-www-form-urlencoded";

/// A server on a socket, with an administrator and an auditor, who may change nothing.
struct Live {
    world: World,
    address: SocketAddr,
}

impl Live {
    fn new() -> Self {
        let world = World::new(server::areas(), authority::authorise);
        let foundation = json!({
            "institute": { "names": { "en": "Institute" }, "address": { "en": "1" }, "time_zone": "UTC" },
            "code": "AD", "names": { "en": "Wang Wei" }, "login": "admin", "password": PASSWORD,
        });
        let admin = authority::found(&world.store, serde_json::from_value(foundation).unwrap()).unwrap();
        let admin = world.actor_as(admin, &[kernel::Role::Administrator]);
        let person = json!({ "code": "AU", "names": { "en": "Li Na", "zh": "李娜" } });
        let person: PersonId = give(&world, &admin, "person.register", &person).id().unwrap();
        let account = json!({ "person": person, "login": "auditor", "password": PASSWORD });
        give(&world, &admin, "account.open", &account);
        give(&world, &admin, "role.grant", &json!({ "person": person, "role": "auditor" }));
        let app = Arc::new(App::new(world.store.clone(), Settings::default()));
        let (tell, told) = mpsc::channel();
        std::thread::spawn(move || {
            server::run(app, "127.0.0.1:0".parse().unwrap(), |address| tell.send(address).unwrap())
        });
        Live { address: told.recv().unwrap(), world }
    }

    /// Sends bytes as they are; gives the status and the whole answer, 0 when there is none.
    fn raw(&self, bytes: &[u8]) -> (u16, String) {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let _ = stream.write_all(bytes); // a server may answer and close before it has read all
        let mut answer = Vec::new();
        let mut piece = [0; 65536];
        while let Ok(read) = stream.read(&mut piece) {
            if read == 0 {
                break;
            }
            answer.extend_from_slice(&piece[..read]);
        }
        let text = String::from_utf8_lossy(&answer).into_owned();
        (text.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0), text)
    }

    fn send(&self, line: &str, headers: &[(&str, &str)], body: &[u8]) -> (u16, String) {
        let mut head = format!("{line} HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n");
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if headers.iter().all(|(name, _)| *name != "Content-Length") {
            head.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        let mut bytes = format!("{head}\r\n").into_bytes();
        bytes.extend_from_slice(body);
        self.raw(&bytes)
    }

    /// The cookie of somebody who signed in, and the token of their forms.
    fn sign_in(&self, login: &str) -> (String, String) {
        let (_, page) = self.send("GET /sign-in", &[], b"");
        let (cookie, csrf) = (cookies(&page), csrf(&page));
        let form = format!("csrf={csrf}&user_name={login}&password={}", PASSWORD.replace(' ', "+"));
        let headers = [("Cookie", cookie.as_str()), ("Content-Type", FORM)];
        let (status, answer) = self.send("POST /sign-in", &headers, form.as_bytes());
        assert_eq!(status, 303, "{answer}");
        let cookie = cookies(&answer);
        let (_, page) = self.send("GET /help", &[("Cookie", &cookie)], b"");
        (cookie, self::csrf(&page))
    }

    fn answers(&self, after: &str) {
        assert_eq!(self.send("GET /sign-in", &[], b"").0, 200, "after {after} nobody answers");
    }
}

fn give(world: &World, actor: &Actor, name: &str, json: &Value) -> store::Receipt {
    let kind = world.store.registry().commands[name];
    let command = (kind.parse)(&json.to_string()).map_err(|error| format!("{name}: {error:?}")).unwrap();
    world.store.request(Request { actor: actor.clone(), command, reason: None, key: None }).unwrap()
}

fn cookies(answer: &str) -> String {
    let set = answer.lines().filter_map(|line| line.strip_prefix("set-cookie: "));
    set.filter_map(|line| line.split(';').next()).collect::<Vec<_>>().join("; ")
}

fn csrf(page: &str) -> String {
    let rest = page.split("name=\"csrf\" value=\"").nth(1).unwrap_or_else(|| panic!("no form on {page}"));
    rest.split('"').next().unwrap_or_default().to_owned()
}

/// What is sent, and which answers are right.
struct Hostile {
    what: &'static str,
    line: String,
    kind: Option<&'static str>,
    body: Vec<u8>,
    right: &'static [u16],
}

fn form(what: &'static str, command: &str, pairs: String, right: &'static [u16]) -> Hostile {
    Hostile { what, line: format!("POST /do/{command}"), kind: Some(FORM), body: pairs.into_bytes(), right }
}

fn get(what: &'static str, path: String, right: &'static [u16]) -> Hostile {
    Hostile { what, line: format!("GET {path}"), kind: None, body: vec![], right }
}

/// What a signed-in person sends by form.
fn forms() -> Vec<Hostile> {
    let deep = |part: &str| part.repeat(10_240 / part.len());
    let many: String = (0..25_000).map(|at| format!("&f{at}=1")).collect();
    let command = "person.register";
    let long = |name: &str| format!("code=Z&names.en=Z&{name}={}", "r".repeat(9000));
    let json = format!("items={}", "%5B".repeat(100_000));
    let line = "outputs%5B99999999999999999999%5D.code=A".to_owned();
    vec![
        form("a name of 10 kB of parts", command, format!("{}a=1", deep("a.")), &[422]),
        form("the same by brackets", command, format!("a{}=1", deep("%5B0%5D")), &[422]),
        form("a known name with a tail", command, format!("names{}=1", deep(".en")), &[422]),
        form("a name of dots", command, format!("{}=1", deep(".")), &[422]),
        form("an open bracket", command, "%5B%5B%5B=1&names%5B=2".into(), &[422]),
        form("an unknown name", command, "password_hash=1".into(), &[422]),
        form("a line that is none", "lot.split", line, &[422]),
        form("more fields than there can be", command, many, &[400]),
        form("U+0000 in a value", command, "code=a%00b".into(), &[400]),
        form("U+0000 in a name", command, "co%00de=a".into(), &[400]),
        form("five megabytes", command, format!("code={}", "x".repeat(5 << 20)), &[413]),
        form("a reason without end", command, long("reason"), &[422]),
        form("a key without end", command, long("idempotency_key"), &[422]),
        form("a code without end", command, format!("code={}&names.en=Z", "c".repeat(100_000)), &[422]),
        form("brackets where JSON may stand", "specification.issue_version", json, &[422]),
        form("no such command", "lot.steal", "a=1".into(), &[404]),
        form("half a percent", command, "code=%&names.en=%zz%".into(), &[303, 422]),
    ]
}

fn reads() -> Vec<Hostile> {
    let deep = "a.".repeat(5000);
    vec![
        get("a prefilled name of many parts", format!("/do/person.register?{deep}=1"), &[200]),
        get("a page beyond all pages", "/people?page=99999999999999999999&size=-1".into(), &[200]),
        get("the last page there can be", format!("/people?page={}", u64::MAX), &[200]),
        get("a column that is none", "/people?sort=%27;DROP%20TABLE%20person".into(), &[200, 400]),
        get("a search for quotes", "/search?q=%22%27%25_%5C*(".into(), &[200]),
        get("U+0000 in a search", "/search?q=a%00b".into(), &[400]),
        get("U+0000 in a path", "/explain/lot%00".into(), &[400, 404]),
        get("a path out of the folder", "/ledger/tile/..%2f..%2fkeys%2fledger.seed".into(), &[404]),
        get("an id beyond all ids", format!("/history/lot-{}", u64::MAX), &[404]),
        get("an id beyond a number", "/history/lot-99999999999999999999999".into(), &[404]),
        get("no text", "/search?q=%ff%fe".into(), &[200]),
        get("very many values", format!("/people?{}", "a=1&".repeat(21_000)), &[400, 414, 431]),
        get("a path of 100 kB", format!("/{}", "x/".repeat(50_000)), &[404, 414]),
    ]
}

fn bodies() -> Vec<Hostile> {
    let json = "application/json";
    let multipart = "multipart/form-data; boundary=x";
    let sent = |what, line: &str, kind, body: Vec<u8>, right| Hostile {
        what,
        line: line.to_owned(),
        kind: Some(kind),
        body,
        right,
    };
    let api = |what, body: Vec<u8>, kind, right| {
        sent(what, "POST /api/v1/commands/person.register", kind, body, right)
    };
    let parts = |count: usize| -> Vec<u8> {
        let part = "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n";
        format!("{}--x--\r\n", part.repeat(count)).into_bytes()
    };
    let big = format!("\"{}\"", "x".repeat(5 << 20)).into_bytes();
    let number = format!("{{\"code\":1e{}}}", "9".repeat(1000)).into_bytes();
    let null = br#"{"code":"a\u0000b","names":{"en":"A"}}"#.to_vec();
    let (intake, cut) = ("POST /api/v1/intake", b"--x\r\nContent-Disp".to_vec());
    vec![
        api("JSON nested without end", "[".repeat(1_000_000).into_bytes(), json, &[400]),
        api("objects nested without end", "{\"a\":".repeat(200_000).into_bytes(), json, &[400]),
        api("no JSON", b"{\"code\":".to_vec(), json, &[400]),
        api("no text", vec![0xff, 0xfe, 0x00], json, &[400]),
        api("five megabytes of JSON", big, json, &[413]),
        api("U+0000 in JSON", null, json, &[400]),
        api("a number without end", number, json, &[400, 422]),
        api("a list where an object is meant", b"[]".to_vec(), json, &[422]),
        api("a form", b"code=A".to_vec(), FORM, &[415]),
        api("files", parts(1), multipart, &[415]),
        sent("files where none are taken", "POST /do/person.register", multipart, parts(1), &[415]),
        sent("files without boundary", intake, "multipart/form-data", parts(1), &[400, 403]),
        sent("parts without end", intake, multipart, parts(5000), &[400, 403]),
        sent("a part cut off", intake, multipart, cut, &[400, 403]),
        sent("a method that is none", "BREW /people", json, b"{}".to_vec(), &[405]),
        sent("a method that is not meant", "DELETE /api/v1/me", json, vec![], &[405]),
        sent("reading what is given", "GET /api/v1/commands/person.register", json, vec![], &[405]),
        sent("giving what is read", "POST /api/v1/people", json, b"{}".to_vec(), &[405]),
    ]
}

#[test]
fn whatever_is_sent_is_answered_and_the_server_goes_on() {
    let live = Live::new();
    let (admin, token) = live.sign_in("admin");
    let (auditor, auditors) = live.sign_in("auditor");
    let fields = format!("csrf={token}&name=t&commands=person.register&expires_at=2026-03-09T00:00:00Z");
    let headers = [("Cookie", admin.as_str()), ("Content-Type", FORM)];
    let (_, page) = live.send("POST /do/token.issue", &headers, fields.as_bytes());
    let secret = page.split("<p><code>").nth(1).and_then(|rest| rest.split('<').next());
    let bearer = format!("Bearer {}", secret.unwrap_or_else(|| panic!("no secret on {page}")));
    for hostile in forms() {
        for (cookie, csrf, may) in [(&admin, &token, true), (&auditor, &auditors, false)] {
            let body = [format!("csrf={csrf}&").into_bytes(), hostile.body.clone()].concat();
            // One who may not is told so, whatever they sent: it is not read.
            let right = if may { hostile.right } else { &[400, 404, 413, 422][..] };
            check(&live, &hostile, &[("Cookie", cookie)], &body, right);
        }
        check(&live, &hostile, &[], &hostile.body, &[303, 400, 403, 404, 413]);
    }
    for hostile in reads() {
        check(&live, &hostile, &[("Cookie", &admin)], b"", hostile.right);
        let right: Vec<u16> = hostile.right.iter().copied().chain([303]).collect();
        check(&live, &hostile, &[], b"", &right);
    }
    for hostile in bodies() {
        check(&live, &hostile, &[("Authorization", &bearer)], &hostile.body, hostile.right);
        check(&live, &hostile, &[], &hostile.body, &[400, 401, 403, 405, 413, 415]);
    }
    let report = store::verify(&live.world.store, true).unwrap();
    assert!(report.entries > 0);
}

fn check(live: &Live, hostile: &Hostile, who: &[(&str, &str)], body: &[u8], right: &[u16]) {
    let own = hostile.kind.map(|kind| ("Content-Type", kind));
    let headers: Vec<(&str, &str)> = own.into_iter().chain(who.iter().copied()).collect();
    let (status, answer) = live.send(&hostile.line, &headers, body);
    let what = hostile.what;
    let answer: String = answer.chars().take(600).collect();
    assert!(right.contains(&status), "{what}: {status}, not among {right:?}:\n{answer}");
    live.answers(what);
}

#[test]
fn headers_are_bounded_and_nonsense_in_them_is_refused() {
    let live = Live::new();
    let long = "x".repeat(1 << 20);
    let post = "POST /api/v1/commands/person.register";
    let strange = "orepass_session=%00;;=;orepass_lang=../..";
    /// What, the request's first line, its headers, the answers that are right.
    type Case<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], &'a [u16]);
    let table: [Case<'_>; 6] = [
        ("a cookie without end", "GET /people", &[("Cookie", &long)], &[0, 431]),
        ("a session that is none", "GET /people", &[("Cookie", strange)], &[303]),
        ("a token that is none", post, &[("Authorization", "Bearer \u{fffd}\t")], &[401]),
        ("a token of nothing", post, &[("Authorization", "Bearer")], &[401]),
        ("a length that is none", post, &[("Content-Length", "minus one")], &[400]),
        ("a language that is none", "GET /sign-in", &[("Accept-Language", ";;q=,zh;q=x")], &[200]),
    ];
    for (what, line, headers, right) in table {
        let (status, answer) = live.send(line, headers, b"");
        let answer: String = answer.chars().take(300).collect();
        assert!(right.contains(&status), "{what}: {status}, {answer}");
        live.answers(what);
    }
    let many: Vec<(String, String)> = (0..500).map(|at| (format!("X-{at}"), "1".to_owned())).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert!([0, 400, 431].contains(&live.send("GET /people", &many, b"").0));
    live.answers("five hundred headers");
}

#[test]
fn whoever_may_not_give_a_command_is_refused_on_record_and_nothing_of_it_is_read() {
    let live = Live::new();
    let (cookie, csrf) = live.sign_in("auditor");
    let count = || {
        let sql = "SELECT COUNT(*) FROM refusal WHERE command = 'person.register'";
        live.world.store.read(|db| db.one("refusals", sql, &[], |row| row.int(0))).unwrap()
    };
    for body in ["nonsense.a.b=1", "code=AB&names.en=Li", ""] {
        let before = count();
        let headers = [("Cookie", cookie.as_str()), ("Content-Type", FORM)];
        let (status, page) =
            live.send("POST /do/person.register", &headers, format!("csrf={csrf}&{body}").as_bytes());
        assert_eq!((status, count()), (422, before + 1), "{body}");
        assert!(page.contains("class=\"refusal\"") && !page.contains("is no field"), "{body}: {page}");
    }
}
