//! Scenarios of authority, on both databases.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;

use authority::account::rules::AccountRefusal;
use authority::authorisation::rules::{ActRefusal, Denied, GrantRefusal};
use authority::institute::FoundingRefusal;
use authority::person::rules::PersonRefusal;
use authority::role::rules::RoleRefusal;
use authority::secret::{Cost, GivenPassword, NewPassword, NewSecret};
use authority::text::{Login, Prose};
use authority::token::rules::{CommandNames, TokenRefusal};
use authority::{Foundation, SignInError, account, authorisation, person, role, session, token};
use kernel::{
    Act, Activity, Actor, AuthorisationId, Code, Instant, Names, PersonId, Ref, Refusal, Refuse, Role,
    SettingId, TokenId, Via, Who,
};
use serde::{Deserialize, Serialize};
use store::{
    Applied, Area, Command, CommandKind, Context, Db, Fact, FactKind, Facts, Receipt, Stop, Store, StoreError,
};
use testkit::{World, each_database};
use ui::kit::query::TableQuery;
use ui::{Catalogue, Lang};

const PASSWORD: &str = "correct horse battery";

/// A bench at which somebody signs a result of a method: the smallest act there is.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
struct SignResult {
    scope: Option<Ref>,
    measured_at: Instant,
}

impl Command for SignResult {
    const NAME: &'static str = "bench.sign";
    const ROLES: &'static [Role] = &[Role::Analyst];
    const EXAMPLE: &'static str = r#"{"scope":"setting-1","measured_at":"2026-03-02T00:00:00Z"}"#;

    fn acts(&self, _: &mut Db) -> Result<Vec<Act>, StoreError> {
        Ok(vec![Act { activity: Activity::Test, scope: self.scope }])
    }

    fn handle(&self, _: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        Ok(Facts::one(ResultSigned { authorisation: cx.authorisations[0] }))
    }
}

#[derive(Serialize, Deserialize)]
struct ResultSigned {
    authorisation: AuthorisationId,
}

impl Fact for ResultSigned {
    const KIND: &'static str = "bench.signed";
    fn subjects(&self) -> Vec<Ref> {
        vec![self.authorisation.into()]
    }
    fn apply(&self, _: &mut Db, _: &Applied) -> Result<(), StoreError> {
        Ok(())
    }
    fn samples() -> Vec<Self> {
        vec![]
    }
}

const BENCH: Area = Area {
    name: "bench",
    migrations: &[],
    commands: || vec![CommandKind::of::<SignResult>()],
    facts: || vec![FactKind::of::<ResultSigned>()],
    statements: Vec::new,
    guard: None,
    react: None,
    jobs: &[],
    describe: |_, _| Ok(None),
};

fn areas() -> Vec<Area> {
    vec![authority::AREA, BENCH]
}

fn both(check: impl Fn(World)) {
    each_database(areas, authority::authorise, check);
}

fn names(en: &str, zh: &str) -> Names {
    Names { en: en.into(), zh: zh.into() }
}

fn password(clear: &str) -> NewPassword {
    NewPassword::new(clear, Cost::Cheap).unwrap()
}

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn as_person(person: PersonId, roles: &[Role]) -> Actor {
    let (who, roles) = (Who::Person(person), roles.to_vec());
    Actor { who, roles, via: Via::Page, reauthenticated: false, only: None }
}

fn foundation() -> Foundation {
    let example = <Foundation as Command>::EXAMPLE;
    Foundation { password: password(PASSWORD), ..serde_json::from_str(example).unwrap() }
}

fn set_institute() -> authority::institute::set::SetInstitute {
    serde_json::from_str(authority::institute::set::SetInstitute::EXAMPLE).unwrap()
}

fn found(world: &World) -> Actor {
    let admin = authority::found(&world.store, foundation()).unwrap();
    as_person(admin, &[Role::Administrator])
}

fn register(store: &Store, by: &Actor, code: &str, en: &str, zh: &str) -> PersonId {
    let code = Code::parse(code).unwrap();
    store.run(by, person::register::RegisterPerson { code, names: names(en, zh) }).unwrap().id().unwrap()
}

fn open(store: &Store, by: &Actor, person: PersonId, login: &str) {
    let login = Login::parse(login).unwrap();
    let open = account::open::OpenAccount { person, login, password: password(PASSWORD), lang: None };
    store.run(by, open).unwrap();
}

fn grant(store: &Store, by: &Actor, person: PersonId, from: &str, until: &str) -> Result<Receipt, Stop> {
    let scope = setting(store);
    let basis = Prose::parse("three supervised runs").unwrap();
    let (valid_from, valid_until) = (at(from), at(until));
    let activity = Activity::Test;
    let grant =
        authorisation::grant::GrantAuthorisation { person, activity, scope, valid_from, valid_until, basis };
    store.run(by, grant)
}

fn setting(store: &Store) -> Ref {
    store.read(authority::institute::rows::find).unwrap().unwrap().0.into()
}

fn refused(done: Result<Receipt, Stop>) -> Refusal {
    match done {
        Err(Stop::Refused(refusal)) => *refusal,
        other => panic!("not refused: {other:?}"),
    }
}

fn verified(world: &World) -> store::LedgerReport {
    store::verify(&world.store, true).unwrap()
}

fn refusals(store: &Store) -> u64 {
    store.read(|db| db.one("refusals", "SELECT COUNT(*) FROM refusal", &[], |row| row.number(0))).unwrap()
}

#[test]
fn w1_a_result_measured_before_midnight_cannot_be_signed_after_the_authorisation_lapsed() {
    both(|world| {
        let (store, admin) = (&world.store, found(&world));
        let officer = as_person(register(store, &admin, "TO", "Zhang Min", "张敏"), &[Role::TalentOfficer]);
        let li = register(store, &admin, "LN", "Li Na", "李娜");
        let receipt = grant(store, &officer, li, "2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z").unwrap();
        let held: AuthorisationId = receipt.id().unwrap();
        let analyst = as_person(li, &[Role::Analyst]);
        let scope = Some(setting(store));
        let measured_at = at("2026-03-02T23:50:00Z");

        world.clock.set(at("2026-03-02T23:59:59.999999Z"));
        let signed = store.run(&analyst, SignResult { scope, measured_at }).unwrap();
        assert_eq!(signed.id(), Some(held));

        world.clock.set(at("2026-03-03T00:05:00Z"));
        let before = refusals(store);
        let refusal = refused(store.run(&analyst, SignResult { scope, measured_at }));
        assert_eq!(refusal.code, "authorisation-lapsed");
        assert_eq!(refusal.args["lapsed_at"], "2026-03-03T00:00:00.000000Z");
        assert_eq!(refusal.args["at"], "2026-03-03T00:05:00.000000Z");
        assert_eq!(refusal.args["person"], li.to_string());
        assert_eq!(refusal.remedy.as_deref(), Some("authorisation.grant"));
        assert_eq!(refusals(store), before + 1, "the refusal is on record");
        let history = store.read(|db| store::log::history(db, li.into())).unwrap();
        assert_eq!(history.last().unwrap().record.kind, "command.refused");

        let system = Actor { who: Who::System(Some(li)), ..Actor::system() };
        assert_eq!(
            refused(store.run(&system, SignResult { scope, measured_at })).code,
            "authorisation-lapsed"
        );
        let nobody = refused(store.run(&Actor::system(), SignResult { scope, measured_at }));
        assert_eq!(nobody.code, "authorisation-no-person");
        let bare = refused(store.run(&analyst, SignResult { scope: None, measured_at }));
        assert_eq!(bare.code, "authorisation-no-scope");

        grant(store, &officer, li, "2026-03-03T00:05:00Z", "2027-03-03T00:00:00Z").unwrap();
        store.run(&analyst, SignResult { scope, measured_at }).unwrap();
        verified(&world);
    });
}

#[test]
fn a_withdrawal_stops_the_act_from_its_instant_and_nobody_grants_to_themselves() {
    both(|world| {
        let (store, admin) = (&world.store, found(&world));
        let li = register(store, &admin, "LN", "Li Na", "李娜");
        let officer = world.actor(&[Role::TalentOfficer]);
        let own = as_person(li, &[Role::TalentOfficer]);
        let (from, until) = ("2026-03-01T00:00:00Z", "2027-03-01T00:00:00Z");
        assert_eq!(refused(grant(store, &own, li, from, until)).code, "authorisation-own");
        assert_eq!(refused(grant(store, &officer, PersonId(77), from, until)).code, "person-unknown");
        assert_eq!(refused(grant(store, &officer, li, until, from)).code, "authorisation-empty");
        let mut program = officer.clone();
        program.only = Some(vec!["authorisation.grant".into()]);
        assert_eq!(refused(grant(store, &program, li, from, until)).code, "authorisation-by-token");

        let id: AuthorisationId = grant(store, &officer, li, from, until).unwrap().id().unwrap();
        let reason = Prose::parse("proficiency test not passed").unwrap();
        let withdraw = |from: &str| authorisation::withdraw::WithdrawAuthorisation {
            authorisation: id,
            from: Some(at(from)),
            reason: reason.clone(),
        };
        store.run(&officer, withdraw("2026-06-01T00:00:00Z")).unwrap();
        let again = refused(store.run(&officer, withdraw("2026-07-01T00:00:00Z")));
        assert_eq!(again.code, "authorisation-withdrawn-already");
        let (analyst, scope) = (as_person(li, &[Role::Analyst]), Some(setting(store)));
        let sign = || SignResult { scope, measured_at: at("2026-05-01T00:00:00Z") };
        world.clock.set(at("2026-05-31T23:59:59Z"));
        store.run(&analyst, sign()).unwrap();
        world.clock.set(at("2026-06-01T00:00:00Z"));
        assert_eq!(refused(store.run(&analyst, sign())).code, "authorisation-withdrawn");

        let view = "SELECT withdrawn_at FROM v_authorisation WHERE number = ?1";
        let seen =
            store.read(|db| db.one("view", view, store::params![id.number()], |row| row.text(0))).unwrap();
        assert_eq!(seen, "2026-06-01T00:00:00.000000Z");
        verified(&world);
    });
}

#[test]
fn a_scope_must_be_a_record_under_that_very_id() {
    let world = World::new(areas(), authority::authorise);
    let (store, admin) = (&world.store, found(&world));
    let li = register(store, &admin, "LN", "Li Na", "李娜");
    let number = setting(store).number;
    for (scope, code) in [
        (Ref { kind: kernel::Kind::Method, number }, "authorisation-scope-unknown"),
        (Ref { kind: kernel::Kind::Setting, number: 9_999 }, "authorisation-scope-unknown"),
        (Ref { kind: kernel::Kind::MethodVersion, number }, "authorisation-scope-version"),
    ] {
        let json = serde_json::json!({"person": li, "activity": "test", "scope": scope, "basis": "b",
            "valid_from": "2026-01-01T00:00:00Z", "valid_until": "2027-01-01T00:00:00Z"});
        let grant: authority::GrantAuthorisation = serde_json::from_value(json).unwrap();
        assert_eq!(refused(store.run(&world.actor(&[Role::TalentOfficer]), grant)).code, code);
    }
}

#[test]
fn five_wrong_passwords_lock_every_face_and_a_lock_ends_by_itself_or_by_an_administrator() {
    both(|world| {
        let (store, admin) = (&world.store, found(&world));
        let wrong = |text| authority::sign_in(store, "wang.wei", text, Via::Page).err().unwrap();
        let end = at("2026-03-02T00:15:00Z");
        for _ in 0..4 {
            assert!(matches!(wrong("not it at all"), SignInError::Wrong));
        }
        assert!(matches!(wrong("not it at all"), SignInError::Locked { until } if until == end));
        assert!(matches!(wrong(PASSWORD), SignInError::Locked { .. }), "the right one does not help");
        let person = admin.person().unwrap();
        assert!(authority::reauthenticate(store, person, PASSWORD, Via::Api).is_err());
        assert_eq!(store.read(|db| account::rows::locked(db, store.now())).unwrap(), 1);

        world.clock.set(at("2026-03-02T00:15:00Z"));
        let signed = authority::sign_in(store, " Wang.Wei ", PASSWORD, Via::Page).unwrap();
        assert_eq!(signed.person, person);

        for _ in 0..5 {
            wrong("not it at all");
        }
        let unlock = || account::unlock::UnlockAccount { person };
        store.run(&world.actor(&[Role::Administrator]), unlock()).unwrap();
        assert!(authority::reauthenticate(store, person, PASSWORD, Via::Page).is_ok());
        let again = refused(store.run(&world.actor(&[Role::Administrator]), unlock()));
        assert_eq!(again.code, "account-not-locked");
        let counted = "SELECT COUNT(*) FROM attempt";
        let attempts = store.read(|db| db.one("attempts", counted, &[], |row| row.number(0))).unwrap();
        assert_eq!(attempts, 12);
        verified(&world);
    });
}

#[test]
fn a_session_knows_its_person_until_it_ends() {
    both(|world| {
        let (store, admin) = (&world.store, found(&world));
        let person = admin.person().unwrap();
        let sign_in = |secret: &str| authority::sign_in(store, "wang.wei", secret, Via::Page).unwrap();
        let who =
            |secret: &str| store.read(|db| authority::actor_of_session(db, secret, store.now())).unwrap();
        let first = sign_in(PASSWORD);
        let known = who(&first.cookie_secret).unwrap();
        assert_eq!((known.person, known.names.zh.as_str()), (person, "王伟"));
        assert_eq!(known.actor.roles, [Role::Administrator]);
        assert!(!known.actor.reauthenticated && known.session == Some(first.session));
        assert!(who("orepass_nonsense").is_none());

        authority::sign_out(store, first.session).unwrap();
        authority::sign_out(store, first.session).unwrap();
        assert!(who(&first.cookie_secret).is_none());

        let second = sign_in(PASSWORD);
        world.clock.advance_seconds(session::SESSION_SECONDS - 1);
        assert!(who(&second.cookie_secret).is_some());
        world.clock.advance_seconds(1);
        assert!(who(&second.cookie_secret).is_none(), "twelve hours are over");

        let third = sign_in(PASSWORD);
        let change = |current: Option<&str>| account::change_password::ChangePassword {
            person,
            current: current.map(GivenPassword::new),
            password: password("another long sentence"),
        };
        for given in [None, Some("not it at all")] {
            assert_eq!(refused(store.run(&admin, change(given))).code, "account-password-wrong");
        }
        let stranger = as_person(PersonId(77), &[Role::Analyst]);
        assert_eq!(refused(store.run(&stranger, change(Some(PASSWORD)))).code, "account-not-yours");
        store.run(&admin, change(Some(PASSWORD))).unwrap();
        assert!(who(&third.cookie_secret).is_none(), "a new password ends all sessions");
        assert!(authority::sign_in(store, "wang.wei", PASSWORD, Via::Page).is_err());
        sign_in("another long sentence");
        verified(&world);
    });
}

#[test]
fn no_clear_password_or_secret_ever_reaches_the_disk() {
    let world = World::new(areas(), authority::authorise);
    let (store, admin) = (&world.store, found(&world));
    let signed = authority::sign_in(store, "wang.wei", PASSWORD, Via::Page).unwrap();
    let _ = authority::sign_in(store, "SwordfishTypedAsLogin", "swordfish swordfish", Via::Page);
    let li = register(store, &admin, "LN", "Li Na", "李娜");
    let open = |login: &str| account::open::OpenAccount {
        person: li,
        login: Login::parse(login).unwrap(),
        password: password("swordfish swordfish"),
        lang: None,
    };
    store.run(&admin, open("li.na")).unwrap();
    assert_eq!(refused(store.run(&admin, open("li.na"))).code, "account-exists");
    let change = account::change_password::ChangePassword {
        person: admin.person().unwrap(),
        current: Some(GivenPassword::new("swordfish typed wrong")),
        password: password("swordfish is the new one"),
    };
    refused(store.run(&admin, change));
    store.publish().unwrap();
    let secret = signed.cookie_secret.strip_prefix("orepass_").unwrap();
    let mut files = vec![world.folder().to_owned()];
    let mut seen = 0;
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).to_lowercase();
        seen += text.len();
        for clear in ["swordfish", PASSWORD, secret] {
            assert!(!text.contains(clear), "{} holds a secret", path.display());
        }
    }
    assert!(seen > 10_000, "the database was looked at");
}

#[test]
fn the_institute_is_founded_once() {
    both(|world| {
        let admin = found(&world);
        assert_eq!(
            authority::found(&world.store, foundation()).err().map(|stop| stop.to_string()).unwrap(),
            "refused: institute-founded"
        );
        let zone = world.store.read(authority::zone).unwrap();
        assert_eq!(zone.iana_name(), Some("Asia/Shanghai"));
        world.store.run(&admin, set_institute()).unwrap();
        let (_, institute) = world.store.read(authority::institute::rows::find).unwrap().unwrap();
        assert_eq!(institute.accreditation.unwrap().as_str(), "CNAS L0000 (example)");
        verified(&world);
    });
}

#[test]
fn erasing_takes_the_name_everywhere_and_leaves_the_proofs() {
    both(|world| {
        let (store, admin) = (&world.store, found(&world));
        let li = register(store, &admin, "LN-7", "Li Nameless", "李无名");
        open(store, &admin, li, "li.nameless");
        store.run(&admin, role::grant::GrantRole { person: li, role: Role::Analyst }).unwrap();
        grant(store, &admin_officer(), li, "2026-03-01T00:00:00Z", "2027-03-01T00:00:00Z").unwrap();
        let signed = authority::sign_in(store, "li.nameless", PASSWORD, Via::Page).unwrap();
        let _ = authority::sign_in(store, "li.nameless", "wrong wrong wrong", Via::Page);
        let erase = || person::erase::ErasePerson { person: li };
        let own = as_person(li, &[Role::Administrator]);
        assert_eq!(refused(store.run(&own, erase())).code, "person-own-erasure");
        let last = person::erase::ErasePerson { person: admin.person().unwrap() };
        let other = world.actor(&[Role::Administrator]);
        assert_eq!(refused(store.run(&other, last)).code, "last-administrator");
        // Refused commands hold the name, too: by what was given, and only those that do.
        let again = |code: &str, en: &str, zh: &str| {
            let code = Code::parse(code).unwrap();
            let given = person::register::RegisterPerson { code, names: names(en, zh) };
            refused(store.run(&admin, given));
        };
        again("LN-7", "Li NAMELESS", "李");
        again("LN-7", "L. N.", "李");
        let before = store.read(store::log::refused).unwrap().len();

        store.run(&admin, erase()).unwrap();
        let refusals = store.read(store::log::refused).unwrap();
        assert_eq!(refusals.len(), before - 2, "the name of one, the code of the other");
        let left = serde_json::to_string(&refusals).unwrap().to_lowercase();
        assert!(!left.contains("nameless") && !left.contains("ln-7"), "{left}");
        let history = store.read(|db| store::log::history(db, li.into())).unwrap();
        let kept: String = history.iter().filter_map(|entry| entry.payload.clone()).collect();
        assert!(history.len() > 5 && !kept.contains("ameless") && !kept.contains("无名"));
        assert_eq!(store.read(|db| store::search(db, "Nameless", 9)).unwrap(), []);
        assert!(
            store
                .read(|db| authority::actor_of_session(db, &signed.cookie_secret, store.now()))
                .unwrap()
                .is_none()
        );
        assert!(authority::sign_in(store, "li.nameless", PASSWORD, Via::Page).is_err());
        let described = store.describe(li.into()).unwrap().unwrap();
        assert_eq!(described.label, li.to_string());
        assert_eq!(refused(store.run(&admin, erase())).code, "person-erased");
        let report = verified(&world);
        assert_eq!(report.erased, 4, "registered, account opened, two refusals");
        register(store, &admin, "LN-7", "Li Ning", "李宁");
    });
}

fn admin_officer() -> Actor {
    as_person(PersonId(900_001), &[Role::TalentOfficer])
}

#[test]
fn somebody_always_remains_who_can_keep_the_accounts() {
    both(|world| {
        let (store, admin) = (&world.store, found(&world));
        let first = admin.person().unwrap();
        let (li, other) =
            (register(store, &admin, "LN", "Li Na", "李娜"), world.actor(&[Role::Administrator]));
        let withdraw = || role::withdraw::WithdrawRole { person: first, role: Role::Administrator };
        let give = |person, role| role::grant::GrantRole { person, role };
        assert_eq!(refused(store.run(&other, withdraw())).code, "last-administrator");
        let close = account::close::CloseAccount { person: first };
        assert_eq!(refused(store.run(&other, close)).code, "last-administrator");
        assert_eq!(refused(store.run(&admin, give(first, Role::Analyst))).code, "role-own");
        store.run(&admin, give(li, Role::Administrator)).unwrap();
        assert_eq!(refused(store.run(&admin, give(li, Role::Administrator))).code, "role-held");
        assert_eq!(refused(store.run(&other, withdraw())).code, "last-administrator", "no account yet");
        open(store, &admin, li, "li.na");
        store.run(&other, withdraw()).unwrap();
        assert_eq!(refused(store.run(&other, withdraw())).code, "role-not-held");
        let holders = store.read(|db| authority::holders(db, Role::Administrator)).unwrap();
        assert_eq!(holders.len(), 1);

        let twice = account::open::OpenAccount {
            person: register(store, &admin, "ZM", "Zhang Min", "张敏"),
            login: Login::parse("LI.NA").unwrap(),
            password: password(PASSWORD),
            lang: None,
        };
        assert_eq!(refused(store.run(&admin, twice)).code, "account-login-taken");
        let code = Code::parse("LN").unwrap();
        let same = person::register::RegisterPerson { code, names: names("X", "X") };
        assert_eq!(refused(store.run(&admin, same)).code, "person-code-taken");
        verified(&world);
    });
}

#[test]
fn a_token_gives_its_commands_only_and_ends() {
    both(|world| {
        let (store, admin) = (&world.store, found(&world));
        let secret = NewSecret::make().unwrap();
        let issue = |until: &str, secret: &NewSecret| token::issue::IssueToken {
            name: Code::parse("export").unwrap(),
            commands: CommandNames(vec!["person.register".into(), "token.issue".into()]),
            expires_at: at(until),
            secret_sha256: secret.sha256.clone(),
        };
        assert_eq!(refused(store.run(&admin, issue("2026-03-01T00:00:00Z", &secret))).code, "token-past");
        assert_eq!(refused(store.run(&admin, issue("2028-03-01T00:00:00Z", &secret))).code, "token-too-long");
        let token: TokenId = store.run(&admin, issue("2026-04-01T00:00:00Z", &secret)).unwrap().id().unwrap();
        let who = |clear: &str| store.read(|db| authority::actor_of_token(db, clear, store.now())).unwrap();
        let program = who(&secret.clear).unwrap();
        assert!(who(secret.sha256.as_str()).is_none(), "the hash is no token");
        register(store, &program.actor, "LN", "Li Na", "李娜");
        let done = store.run(&program.actor, set_institute());
        assert_eq!(refused(done).code, "permission-token");
        let more = NewSecret::make().unwrap();
        let done = store.run(&program.actor, issue("2026-04-01T00:00:00Z", &more));
        assert_eq!(refused(done).code, "token-by-token");

        let revoke = || token::revoke::RevokeToken { token };
        let stranger = as_person(PersonId(77), &[Role::Analyst]);
        assert_eq!(refused(store.run(&stranger, revoke())).code, "token-not-yours");
        world.clock.set(at("2026-03-31T23:59:59Z"));
        assert!(who(&secret.clear).is_some());
        world.clock.set(at("2026-04-01T00:00:00Z"));
        assert!(who(&secret.clear).is_none());
        world.clock.set(at("2026-04-01T00:00:01Z"));
        store.run(&admin, revoke()).unwrap();
        assert_eq!(refused(store.run(&admin, revoke())).code, "token-revoked");
        verified(&world);
    });
}

fn catalogue() -> std::sync::Arc<Catalogue> {
    Catalogue::new(&[site::TEXT, authority::SITE.text]).unwrap()
}

/// Every refusal of this crate, and the store's own three.
fn every_refusal() -> Vec<Refusal> {
    let (p, t, a, now) = (PersonId(1), TokenId(2), AuthorisationId(3), Instant::from_micros(0));
    let scope: Ref = SettingId(4).into();
    let denied = || Denied { person: p, activity: Activity::Test, scope, at: now };
    let (code, login) = (Code::parse("LN").unwrap(), Login::parse("li.na").unwrap());
    let all: Vec<Box<dyn Refuse>> = vec![
        Box::new(PersonRefusal::Unknown(p)),
        Box::new(PersonRefusal::Erased(p)),
        Box::new(PersonRefusal::CodeTaken(code, p)),
        Box::new(PersonRefusal::OwnErasure(p)),
        Box::new(PersonRefusal::LastAdministrator(p)),
        Box::new(AccountRefusal::None(p)),
        Box::new(AccountRefusal::Closed(p)),
        Box::new(AccountRefusal::Exists(p)),
        Box::new(AccountRefusal::LoginTaken(login, p)),
        Box::new(AccountRefusal::Locked(p, now)),
        Box::new(AccountRefusal::NotLocked(p)),
        Box::new(AccountRefusal::PasswordWrong(p)),
        Box::new(AccountRefusal::NotYours(p)),
        Box::new(AccountRefusal::ByToken(p)),
        Box::new(RoleRefusal::ByToken(p, Role::Analyst)),
        Box::new(RoleRefusal::Own(p, Role::Analyst)),
        Box::new(RoleRefusal::Held(p, Role::Analyst)),
        Box::new(RoleRefusal::NotHeld(p, Role::Analyst)),
        Box::new(ActRefusal::NoScope(Activity::Test, Some(p), now)),
        Box::new(ActRefusal::NoPerson(Activity::Test, scope, now)),
        Box::new(ActRefusal::Missing(denied())),
        Box::new(ActRefusal::Withdrawn(denied(), a, now)),
        Box::new(ActRefusal::Lapsed(denied(), a, now)),
        Box::new(ActRefusal::NotYet(denied(), a, now)),
        Box::new(GrantRefusal::ByToken(p)),
        Box::new(GrantRefusal::Own(p)),
        Box::new(GrantRefusal::ScopeVersion(p, scope)),
        Box::new(GrantRefusal::ScopeUnknown(p, scope)),
        Box::new(GrantRefusal::Empty(p, now, now)),
        Box::new(GrantRefusal::Unknown(a)),
        Box::new(GrantRefusal::WithdrawnAlready(a, now)),
        Box::new(GrantRefusal::OverAlready(a, now)),
        Box::new(TokenRefusal::ByToken),
        Box::new(TokenRefusal::NoPerson),
        Box::new(TokenRefusal::Unknown(t)),
        Box::new(TokenRefusal::NotYours(t)),
        Box::new(TokenRefusal::Past(now)),
        Box::new(TokenRefusal::TooLong(now)),
        Box::new(TokenRefusal::RevokedAlready(t)),
        Box::new(FoundingRefusal::Founded),
    ];
    let own = all.iter().map(|refuse| refuse.refusal());
    let stores = ["permission-role", "permission-token", "signature-password"];
    let stores =
        stores.map(|code| Refusal::new(code, "HOUSE").with("command", "x.y").with("roles", "analyst"));
    own.chain(stores).collect()
}

#[test]
fn every_refusal_speaks_both_languages_with_the_arguments_it_has() {
    let catalogue = catalogue();
    assert_eq!(catalogue.problems(), Vec::<String>::new());
    let refusals = every_refusal();
    for lang in Lang::ALL {
        let words = catalogue.words(lang, jiff::tz::TimeZone::UTC);
        for refusal in &refusals {
            let args: Vec<(&str, ui::Arg<'_>)> =
                refusal.args.iter().map(|(name, value)| (name.as_str(), value.as_str().into())).collect();
            for part in ["", ".rule", ".remedy"] {
                let text = words.tv(&format!("refusal-{}{part}", refusal.code), &args);
                assert!(!text.contains('⟦') && !text.contains("{$"), "{}{part}: {text}", refusal.code);
            }
        }
    }
    let codes: std::collections::BTreeSet<&str> = refusals.iter().map(|r| r.code.as_str()).collect();
    let said: Vec<&str> = catalogue.keys().filter_map(|key| key.strip_prefix("refusal-")).collect();
    for key in said.iter().filter(|key| !key.contains('.')) {
        assert!(codes.contains(key), "the words of `{key}` belong to no refusal");
    }
    let commands = (authority::AREA.commands)();
    for refusal in &refusals {
        let remedy = refusal.remedy.as_deref();
        assert!(remedy.is_none_or(|name| commands.iter().any(|c| c.name == name)), "{remedy:?}");
    }
}

#[test]
fn every_command_has_an_example_that_parses_and_a_word() {
    let words = catalogue().words(Lang::Zh, jiff::tz::TimeZone::UTC);
    for command in (authority::AREA.commands)() {
        assert!((command.parse)(command.example).is_ok(), "{}", command.name);
        assert!(words.has(&site::word("command", command.name)), "{}", command.name);
    }
    for fact in (authority::AREA.facts)() {
        assert!((fact.samples)().iter().all(|sample| sample.starts_with('{')), "{}", fact.kind);
    }
}

#[test]
fn every_statement_prepares() {
    both(|world| {
        for (name, sql) in (authority::AREA.statements)() {
            let prepared = world.store.read(|db| db.prepare(sql));
            assert!(prepared.is_ok(), "{name}: {prepared:?}");
        }
    });
}

#[test]
fn every_page_and_list_shows_in_both_languages() {
    both(|world| {
        let (store, admin) = (&world.store, found(&world));
        let li = register(store, &admin, "LN", "Li Na", "李娜");
        open(store, &admin, li, "li.na");
        store.run(&admin, role::grant::GrantRole { person: li, role: Role::TalentOfficer }).unwrap();
        let id = grant(store, &admin_officer(), li, "2026-03-01T00:00:00Z", "2026-03-20T00:00:00Z").unwrap();
        let id: AuthorisationId = id.id().unwrap();
        for _ in 0..5 {
            let _ = authority::sign_in(store, "li.na", "wrong wrong wrong", Via::Page);
        }
        authority::sign_in(store, "wang.wei", PASSWORD, Via::Page).unwrap();
        let mut json = serde_json::json!({"name": "t", "expires_at": "2026-04-01T00:00:00Z"});
        authority::prepare("token.issue", &mut json).unwrap().unwrap();
        let issue: authority::IssueToken = serde_json::from_value(json).unwrap();
        store.run(&admin, issue).unwrap();
        let _ = grant(store, &admin, li, "2026-03-01T00:00:00Z", "2026-03-20T00:00:00Z");
        let mut roles = admin.clone();
        roles.roles.push(Role::TalentOfficer);
        for lang in Lang::ALL {
            let words = catalogue().words(lang, jiff::tz::TimeZone::UTC);
            shown(store, &words, &roles, li, id);
            for entry in (authority::SITE.gallery)() {
                for (sample, body) in (entry.render)(&words) {
                    let text = body.into_string();
                    assert!(!text.contains('⟦') && text.len() > 100, "{} {sample}: {text}", entry.name);
                }
            }
        }
    });
}

fn shown(store: &Store, words: &ui::Words, actor: &Actor, li: PersonId, id: AuthorisationId) {
    let path =
        BTreeMap::from([("person".to_owned(), li.to_string()), ("authorisation".to_owned(), id.to_string())]);
    store
        .read(|db| {
            let mut visit = site::Visit {
                store,
                db,
                sites: &[],
                words,
                actor,
                csrf: "c",
                now: store.now(),
                here: "/here".into(),
                path,
                query: BTreeMap::new(),
                key: "k".into(),
            };
            for page in (authority::SITE.pages)() {
                let view = (page.show)(&mut visit).unwrap_or_else(|miss| panic!("{}: {miss}", page.path));
                let text = view.body.into_string();
                assert!(!text.contains('⟦'), "{}: {text}", page.path);
                assert!(view.data.is_object() && !view.data.to_string().contains("argon2"), "{}", page.path);
            }
            for list in (authority::SITE.listings)() {
                for pair in [("q", ""), ("q", "li na"), ("validity", "ending"), ("code", "authorisation-own")]
                {
                    let plain = TableQuery::from_pairs(list.path, [pair]);
                    let table = (list.fetch)(&mut visit, &plain).unwrap();
                    let text = table.render(words).into_string();
                    assert!(!text.contains('⟦'), "{}: {text}", list.path);
                    assert!(pair != ("q", "") || table.total > 0, "{} is empty", list.path);
                    for column in table.columns.iter().filter(|column| column.sortable) {
                        let sort = format!("-{}", column.key);
                        let sorted = TableQuery::from_pairs(list.path, [("sort", sort.as_str())]);
                        (list.fetch)(&mut visit, &sorted).unwrap();
                    }
                }
                for validity in ["valid", "not-yet", "lapsed", "withdrawn"] {
                    let facet =
                        TableQuery::from_pairs(list.path, [("validity", validity), ("activity", "test")]);
                    (list.fetch)(&mut visit, &facet).unwrap();
                }
            }
            let waiting = (authority::SITE.today)(&mut visit).unwrap();
            let keys: Vec<&str> = waiting.iter().map(|waiting| waiting.key).collect();
            assert_eq!(keys, ["authorisations-ending", "accounts-locked"]);
            assert!(keys.iter().all(|key| words.has(&format!("today-{key}"))));
            Ok(())
        })
        .unwrap();
}
