//! The metal balances of the demo institute, made as people make them: the page of each month names what
//! was done wrong on purpose, and an assay that is retracted reaches the lot that went upon its balance.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use kernel::{Actor, BalanceId, LotId, PersonId, ResultId, Role, Via, Who};
use serde_json::{Value, json};
use server::call::{Body, Call, Method};
use server::{App, Settings};
use store::{Receipt, Request, Stop, Store, params};

const PASSWORD: &str = "ore to certificate";

struct Season {
    store: Arc<Store>,
    app: App,
    cookies: BTreeMap<String, String>,
}

impl Season {
    fn open(folder: &Path) -> Self {
        let (store, _) = super::demo::opened(folder);
        let app = App::new(store.clone(), Settings::default());
        Season { store, app, cookies: BTreeMap::new() }
    }

    fn number(&self, sql: &'static str, of: &str) -> u64 {
        let found = self.store.read(|db| db.maybe(sql, params![of], |row| row.number(0)));
        found.unwrap().unwrap_or_else(|| panic!("{of}: {sql}"))
    }

    fn balance(&self, code: &str) -> BalanceId {
        BalanceId(self.number("SELECT number FROM metal_balance WHERE code = ?1", code))
    }

    fn lot(&self, code: &str) -> LotId {
        LotId(self.number("SELECT number FROM v_lot WHERE code = ?1", code))
    }

    fn give(&self, login: &str, role: Role, name: &str, fields: &Value) -> Result<Receipt, Stop> {
        let person = PersonId(self.number("SELECT person FROM account WHERE login = ?1", login));
        let (who, roles) = (Who::Person(person), vec![role]);
        let actor = Actor { who, roles, via: Via::Page, reauthenticated: true, only: None };
        let command = (self.store.registry().commands[name].parse)(&fields.to_string());
        let command = command.unwrap_or_else(|why| panic!("{name} {fields}: {why:?}"));
        self.store.request(Request { actor, command, reason: None, key: None })
    }

    /// Which checks of the gate a lot fails; or that it is released already.
    fn failing(&self, lot: LotId) -> String {
        let customer = self.number("SELECT number FROM v_party WHERE code = ?1", "CUS-KC");
        let order = json!({"lot": lot, "customer": format!("party-{customer}")});
        match self.give("quality", Role::QualityManager, "lot.release", &order) {
            Err(Stop::Refused(refusal)) => refusal.args.get("failing").unwrap_or(&refusal.code).clone(),
            other => panic!("{lot} was to be refused: {other:?}"),
        }
    }

    fn send(&mut self, method: Method, path: &str, body: Body) -> String {
        let cookies: Vec<String> = self.cookies.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let headers = [
            ("cookie", cookies.join("; ")),
            ("accept-language", "en".to_owned()),
            ("host", "lab".to_owned()),
            ("origin", "http://lab".to_owned()),
        ];
        let headers = headers.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        let (own, asked) = path.split_once('?').unwrap_or((path, ""));
        let (path, here, query) = (own.to_owned(), path.to_owned(), server::call::pairs(asked));
        let (reply, _) = server::respond(&self.app, &Call { method, path, query, here, headers, body });
        for (_, cookie) in reply.headers.iter().filter(|(name, _)| *name == "set-cookie") {
            let (key, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.insert(key.to_owned(), value.to_owned());
        }
        String::from_utf8(reply.body.clone()).unwrap()
    }

    fn sign_in(&mut self, login: &str) {
        let page = self.send(Method::Get, "/sign-in", Body::None);
        let token = page.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let fields = [("csrf", token), ("user_name", login), ("password", PASSWORD), ("return_to", "/")];
        let fields = fields.map(|(key, value)| (key.to_owned(), value.to_owned())).to_vec();
        self.send(Method::Post, "/sign-in", Body::Form(fields));
    }

    /// What November's page answers to a question, as words.
    fn answer(&mut self, about: &str) -> String {
        let address = format!("/balance/balances/{}?about={about}", self.balance("MN-2026-11"));
        words(&self.send(Method::Get, &address, Body::None))
    }

    /// What the page of a balance says breaks it, as words.
    fn findings(&mut self, code: &str) -> String {
        let page = self.send(Method::Get, &format!("/balance/balances/{}", self.balance(code)), Body::None);
        let after = page.split("What breaks it").nth(1).unwrap_or_else(|| panic!("no findings: {page}"));
        let own = after.split("One at a time").next().unwrap_or_default();
        let own = own.split("</section>").next().unwrap_or_default();
        words(own)
    }
}

/// The text of a piece of a page.
fn words(page: &str) -> String {
    page.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect()
}

#[test]
fn the_months_name_what_was_wrong_and_a_retracted_assay_holds_the_lot_that_went_upon_its_balance() {
    let folder = super::demo::made("season");
    let mut season = Season::open(&folder);
    names(&mut season);
    spreads(&season);
    let (liquor, hold) = pages(&mut season);
    store::verify(&season.store, true).unwrap_or_else(|wrong| panic!("{wrong}"));
    drop(season);
    command_line(&folder, liquor, hold);
}

/// The spill; the weigher that reads high; both with two assays under each other's name; nothing in November.
fn names(season: &mut Season) {
    season.sign_in("metallurgist");
    for (month, wrong) in [
        ("MN-2026-08", &["One fault explains it", "Purification loses or gains mass"][..]),
        ("MN-2026-09", &["One fault explains it", "Leach residue: mass is biased"]),
        (
            "MN-2026-10",
            &[
                "3 faults together explain it",
                "Leach liquor Mn and Purified liquor Mn stand in each other's place",
                "Leach residue: mass is biased",
                "Purification loses or gains mass",
            ],
        ),
        ("MN-2026-11", &["Nothing is suspect"]),
    ] {
        let said = season.findings(month);
        for words in wrong {
            assert!(said.contains(words), "{month} lacks “{words}”: {said}");
        }
    }
    let said = season.answer("product:Mn");
    for words in ["On what Manganese sulphate Mn hangs", "which would help most", "Manganese sulphate Mn"] {
        assert!(said.contains(words), "lacks “{words}”: {said}");
    }
    let said = season.answer("meters");
    for words in ["Errors that would be found", "3 sd: noticed", "10 sd: named", "Ore mass"] {
        assert!(said.contains(words), "lacks “{words}”: {said}");
    }
}

/// The manganese of November's purified liquor is retracted.
fn spreads(season: &Season) {
    let (lot, balance) = (season.lot("MS-1113"), season.balance("MN-2026-11"));
    let split = json!({"lot": lot, "outputs": [{"code": "MS-1113-P", "mass_kg_wet": "25"}]});
    season.give("metallurgist", Role::Metallurgist, "lot.split", &split).unwrap();
    let piece = season.lot("MS-1113-P");
    let before = season.failing(piece);
    assert_eq!(before, "lot-already-released", "as the lot it was split off");
    let sql = "SELECT number FROM v_laboratory_result WHERE sample_code = ?1 AND analyte = 'Mn'";
    let result = ResultId(season.number(sql, "MP-1113-1"));
    let why = json!({"result": result, "why": "the flask was another one"});
    season.give("labhead", Role::LaboratoryHead, "result.retract", &why).unwrap();
    let sql = "SELECT stale FROM v_engineering_balance WHERE code = ?1";
    assert_eq!(season.number(sql, "MN-2026-11"), 1);
    let held = |lot: LotId| {
        let sql = "SELECT because FROM v_hold WHERE lot = ?1 AND lifted_at IS NULL";
        season.store.read(|db| db.query(sql, params![lot.number()], |row| row.text(0))).unwrap()
    };
    let because = vec![balance.to_string()];
    assert_eq!(
        (held(lot), held(piece)),
        (because.clone(), because),
        "by the system, with what was split off"
    );
    assert!(held(season.lot("MS-0827")).is_empty(), "its own balance is another one");
    let after = season.failing(piece);
    assert!(after.contains("balance") && after.contains("holds"), "{after}");
}

/// Who must be told of the liquor whose filter cloth was torn, after its product went to a customer: on the
/// pages of the hold, of the impact and of the trace.
fn pages(season: &mut Season) -> (LotId, u64) {
    let liquor = season.lot("ML-1027");
    let sql = "SELECT number FROM hold WHERE lot = ?1 AND reason LIKE 'Filter cloth%'";
    let hold =
        season.store.read(|db| db.one("hold", sql, params![liquor.number()], |row| row.number(0))).unwrap();
    let addresses =
        [format!("/quality/holds/hold-{hold}"), format!("/impact/{liquor}"), format!("/trace/{liquor}")];
    for address in addresses {
        let said = words(&season.send(Method::Get, &address, Body::None));
        for wanted in ["Who must be told", "Binhai Example Cathode", "MS-1027/S1", "Left in stock"] {
            assert!(said.contains(wanted), "{address} lacks “{wanted}”");
        }
    }
    (liquor, hold)
}

/// The same on the command line.
fn command_line(folder: &Path, liquor: LotId, hold: u64) {
    let questions =
        [("impact", liquor.to_string()), ("trace", liquor.to_string()), ("show", format!("hold-{hold}"))];
    for (question, of) in questions {
        let told =
            Command::new(env!("CARGO_BIN_EXE_orepass")).args([question, &of, "--data"]).arg(folder).output();
        let told = told.unwrap();
        let said = String::from_utf8_lossy(&told.stdout).into_owned();
        for wanted in ["who must be told", "CUS-BH", "MS-1027/S1", "2500", "C-2026-", "left in stock"] {
            assert!(
                said.contains(wanted),
                "{question} {of} lacks “{wanted}”: {said}{}",
                String::from_utf8_lossy(&told.stderr)
            );
        }
    }
}
