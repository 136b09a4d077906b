//! A small laboratory: four people, a method, two instruments, a reference material, and samples that are
//! nothing but a code. Samples belong to another area; here they are as little as the laboratory's view of
//! them needs.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{
    Act, Actor, AuthorisationId, CalibrationId, Code, ImportId, Instant, InstrumentId, MethodId,
    MethodVersionId, PersonId, ReadingId, Ref, ReferenceLotId, Refusal, Refuse, ResultId, Role, SampleId,
};
use laboratory::result::EnterResult;
use serde::{Deserialize, Serialize};
use store::{
    Applied, Area, Command, CommandKind, Context, Db, Fact, FactKind, Facts, Migration, Stop, StoreError,
    params,
};
use testkit::World;

pub const ANALYST: PersonId = PersonId(900_001);
pub const REVIEWER: PersonId = PersonId(900_002);
pub const HEAD: PersonId = PersonId(900_003);

/// A method for Mn in solution with all three controls.
pub const MN_METHOD: &str = r#"[{"analyte": "Mn", "unit": "mg/L", "basis": "not_stated", "lod": "0.001",
    "loq": "0.003", "range_low": "-0.01", "range_high": "100", "uncertainty_percent": "4",
    "blank_limit": "0.01", "reference_required": "yes", "reference_percent": "5", "names": "Mn II, 锰"}]"#;

/// A method for whatever stands in the real files; its units do not matter there.
pub const WIDE_METHOD: &str = r#"[{"analyte": "Mn", "unit": "mg/L", "basis": "not_stated"},
    {"analyte": "SiO2", "unit": "%", "basis": "not_stated"}, {"analyte": "C", "unit": "%", "basis":
        "not_stated"},
    {"analyte": "S", "unit": "%", "basis": "not_stated"}, {"analyte": "Cu", "unit": "mg/L", "basis":
        "not_stated"}]"#;

/// Make a sample.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MakeSample {
    pub code: Code,
    /// When it was taken; long ago unless given.
    pub taken_at: Option<Instant>,
    /// Whether it came from outside, in which case nobody may know when it was taken.
    pub from_outside: bool,
}

impl Command for MakeSample {
    const NAME: &'static str = "sample.make";
    const ROLES: &'static [Role] = &[Role::Receiver];
    const EXAMPLE: &'static str = r#"{"code": "S-1", "from_outside": false}"#;
    fn handle(&self, _: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let unsaid = if self.from_outside { cx.at } else { at("2000-01-01T00:00:00Z") };
        Ok(Facts::one(SampleMade {
            sample: SampleId::next(cx.numbers),
            code: self.code.to_string(),
            taken_at: self.taken_at.unwrap_or(unsaid),
            from_outside: self.from_outside,
        }))
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct SampleMade {
    sample: SampleId,
    code: String,
    taken_at: Instant,
    from_outside: bool,
}

impl Fact for SampleMade {
    const KIND: &'static str = "sample.made";
    fn subjects(&self) -> Vec<Ref> {
        vec![self.sample.into()]
    }
    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        let sql = "INSERT INTO sample (number, code, taken_at, made_at, from_outside)
                   VALUES (?1, ?2, ?3, ?4, ?5)";
        let values = params![self.sample.number(), &self.code, self.taken_at, applied.at, self.from_outside];
        db.execute(sql, values).map(|_| ())
    }
    fn samples() -> Vec<Self> {
        let taken_at = at("2026-01-01T00:00:00Z");
        vec![SampleMade { sample: SampleId(1), code: "S-1".into(), taken_at, from_outside: false }]
    }
}

const SAMPLES: Area = Area {
    name: "samples",
    migrations: &[Migration {
        name: "0001_samples",
        sql:
            "CREATE TABLE sample (number INTEGER PRIMARY KEY NOT NULL, code TEXT NOT NULL UNIQUE, lot INTEGER,
              moisture_percent TEXT, from_outside INTEGER NOT NULL, taken_at TEXT NOT NULL,
              made_at TEXT NOT NULL);
              CREATE VIEW v_sample AS SELECT number, code, lot, moisture_percent, from_outside, taken_at,
              made_at
              FROM sample;",
    }],
    commands: || vec![CommandKind::of::<MakeSample>()],
    facts: || vec![FactKind::of::<SampleMade>()],
    statements: Vec::new,
    guard: None,
    react: None,
    jobs: &[],
    describe: |_, _| Ok(None),
};

/// Nobody but the three is authorised, and they from 2016 until the end of 2026.
fn authorise(_: &mut Db, actor: &Actor, acts: &[Act], at: Instant) -> Result<Vec<AuthorisationId>, Stop> {
    #[derive(Debug)]
    struct Lapsed(&'static str);
    impl Refuse for Lapsed {
        fn refusal(&self) -> Refusal {
            Refusal::new(self.0, "RECORDS W1")
        }
    }
    if acts.is_empty() {
        return Ok(vec![]);
    }
    if !actor.person().is_some_and(|person| [ANALYST, REVIEWER, HEAD].contains(&person)) {
        return Err(Lapsed("authorisation-missing").into());
    }
    if at < self::at("2016-01-01T00:00:00Z") {
        return Err(Lapsed("authorisation-not-yet").into());
    }
    if at >= self::at("2027-01-01T00:00:00Z") {
        return Err(Lapsed("authorisation-lapsed").into());
    }
    Ok(acts.iter().map(|_| AuthorisationId(800_001)).collect())
}

pub fn on_each_database(check: impl Fn(World)) {
    testkit::each_database(|| vec![authority::AREA, SAMPLES, laboratory::AREA], authorise, check);
}

pub fn code(text: &str) -> Code {
    Code::parse(text).expect("a code")
}

pub fn reason(text: &str) -> laboratory::Reason {
    serde_json::from_value(text.into()).expect("a reason")
}

pub fn at(text: &str) -> Instant {
    text.parse().expect("an instant")
}

/// The command that issues a version, as JSON.
pub fn issue(method: MethodId, edition: &str, from: &str) -> String {
    issue_with(method, edition, from, MN_METHOD)
}

fn issue_with(method: MethodId, edition: &str, from: &str, analytes: &str) -> String {
    format!(
        r#"{{"method": "{method}", "edition": "{edition}", "in_force_from": "{from}", "releaser_differs":
        "yes",
            "analytes": {analytes}}}"#
    )
}

pub fn refused(answer: Result<store::Receipt, Stop>) -> Refusal {
    match answer {
        Err(Stop::Refused(refusal)) => *refusal,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

/// The rows of an answer key: place, sample id, analyte, raw, qualifier; sorted.
pub fn key_rows(text: &str) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> =
        text.trim_start_matches('\u{feff}').lines().skip(1).map(fields).collect();
    rows = rows.into_iter().map(|f| [0, 1, 3, 5, 6].map(|at| f[at].clone()).to_vec()).collect();
    rows.sort();
    rows
}

fn fields(line: &str) -> Vec<String> {
    let (mut out, mut now, mut quoted) = (Vec::new(), String::new(), false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => out.push(std::mem::take(&mut now)),
            _ => now.push(c),
        }
    }
    out.push(now);
    out
}

pub struct Lab {
    pub world: World,
    pub method: MethodId,
    pub version: MethodVersionId,
    pub instrument: InstrumentId,
    pub other: InstrumentId,
    pub calibration: CalibrationId,
    pub reference_lot: ReferenceLotId,
}

/// A result as the tests look at it.
pub struct Shown {
    pub id: ResultId,
    pub sample: String,
    pub qualifier: String,
    pub value: Option<String>,
    pub workflow: String,
    pub qc: String,
    pub validity: String,
    pub hand_typed: bool,
    pub changed: bool,
    pub suspect: Option<String>,
    pub calibration: Option<u64>,
}

impl Lab {
    pub fn new(world: World, analytes: &str) -> Self {
        let head = world.actor_as(HEAD, &[Role::LaboratoryHead]);
        let give = |name: &str, json: &str| {
            let kind = *world.store.registry().commands.get(name).expect("a command");
            let command = (kind.parse)(json).expect("it parses");
            let request = store::Request { actor: head.clone(), command, reason: None, key: None };
            world.store.request(request).expect("it is done")
        };
        let names = r#""names": {"en": "x", "zh": "某"}"#;
        let method = give("method.define", &format!(r#"{{"code": "ICP-01", {names}}}"#)).id().unwrap();
        let version = give("method.issue_version", &issue_with(method, "2026", "2016-01-01", analytes));
        let instrument =
            give("instrument.register", &format!(r#"{{"code": "ICP-9", {names}}}"#)).id().unwrap();
        let other = give("instrument.register", &format!(r#"{{"code": "AAS-1", {names}}}"#)).id().unwrap();
        let calibration = give(
            "instrument.calibrate",
            &format!(
                r#"{{"instrument": "{instrument}", "certificate": "CAL-1", "valid_from":
        "2026-01-01T00:00:00Z",
                "valid_until": "2027-06-01T00:00:00Z"}}"#
            ),
        );
        let material = give("reference.define", &format!(r#"{{"code": "GBW-1", {names}}}"#));
        let material: kernel::ReferenceMaterialId = material.id().unwrap();
        let lot = give(
            "reference.add_lot",
            &format!(
                r#"{{"reference": "{material}", "code": "CRM-1", "expires": "2028-12-31",
                "values": [{{"analyte": "Mn", "value": "1.00", "unit": "mg/L", "uncertainty": "0.02"}}]}}"#
            ),
        );
        let (version, calibration) = (version.id().unwrap(), calibration.id().unwrap());
        let reference_lot = lot.id().unwrap();
        Lab { world, method, version, instrument, other, calibration, reference_lot }
    }

    pub fn reopen(self) -> Self {
        Lab { world: self.world.reopen(), ..self }
    }

    pub fn analyst(&self) -> Actor {
        self.world.actor_as(ANALYST, &[Role::Analyst])
    }

    pub fn reviewer(&self) -> Actor {
        self.world.actor_as(REVIEWER, &[Role::Analyst])
    }

    pub fn reviewer_head(&self) -> Actor {
        self.world.actor_as(REVIEWER, &[Role::LaboratoryHead])
    }

    pub fn head(&self) -> Actor {
        self.as_head(HEAD)
    }

    pub fn as_head(&self, person: PersonId) -> Actor {
        self.world.actor_as(person, &[Role::LaboratoryHead])
    }

    pub fn sample(&self, code_: &str) -> SampleId {
        self.sample_of(MakeSample { code: code(code_), taken_at: None, from_outside: false })
    }

    pub fn sample_of(&self, command: MakeSample) -> SampleId {
        let actor = self.world.actor(&[Role::Receiver]);
        self.world.store.run(&actor, command).unwrap().id().unwrap()
    }

    /// A hand-typed result on a sample, which is made when it is not there.
    pub fn typed(&self, sample: &str, value: &str) -> EnterResult {
        let sql = "SELECT number FROM v_sample WHERE code = ?1";
        let known = self.world.store.read(|db| db.maybe(sql, params![sample], |row| row.number(0))).unwrap();
        EnterResult {
            sample: known.map_or_else(|| self.sample(sample), SampleId),
            method: self.method,
            method_version: None,
            analyte: code("Mn"),
            value: code(value),
            unit: None,
            basis: None,
            instrument: Some(self.instrument),
            measured_at: None,
            worksheet: None,
            position: None,
        }
    }

    pub fn results(&self) -> Vec<Shown> {
        let sql = "SELECT number, sample_code, qualifier, value, workflow, qc, validity, hand_typed, changed,
                   suspect,
                   calibration FROM v_laboratory_result ORDER BY number";
        let row = |row: &store::Row<'_>| {
            Ok(Shown {
                id: ResultId(row.number(0)?),
                sample: row.text(1)?,
                qualifier: row.text(2)?,
                value: row.opt_text(3)?,
                workflow: row.text(4)?,
                qc: row.text(5)?,
                validity: row.text(6)?,
                hand_typed: row.flag(7)?,
                changed: row.flag(8)?,
                suspect: row.opt_text(9)?,
                calibration: row.opt_number(10)?,
            })
        };
        self.world.store.read(|db| db.query(sql, &[], row)).unwrap()
    }

    pub fn entries(&self) -> u64 {
        let sql = "SELECT COUNT(*) FROM ledger_entry";
        self.world.store.read(|db| db.one("entries", sql, &[], |row| row.number(0))).unwrap()
    }

    pub fn outcomes(&self, import: ImportId) -> BTreeMap<String, u64> {
        let sql = "SELECT outcome, COUNT(*) FROM reading WHERE import = ?1 GROUP BY outcome";
        let row = |row: &store::Row<'_>| Ok((row.text(0)?, row.number(1)?));
        let all = self.world.store.read(|db| db.query(sql, params![import.number()], row)).unwrap();
        all.into_iter().collect()
    }

    pub fn waiting(&self, import: ImportId) -> Vec<(ReadingId, String)> {
        let sql = "SELECT number, why FROM reading WHERE import = ?1 AND outcome = 'asks' ORDER BY position";
        let row = |row: &store::Row<'_>| Ok((ReadingId(row.number(0)?), row.text(1)?));
        self.world.store.read(|db| db.query(sql, params![import.number()], row)).unwrap()
    }

    /// Independently of the rows: every result whose first fact, in the ledger's own words, names the
    /// calibration and was measured since.
    pub fn measured_under(&self, calibration: CalibrationId, since: Instant) -> Vec<u64> {
        let sql = "SELECT payload FROM ledger_entry WHERE kind IN ('reading.recorded', 'result.entered')
                   ORDER BY seq";
        let payloads = self.world.store.read(|db| db.query(sql, &[], |row| row.text(0))).unwrap();
        let mut found = Vec::new();
        for payload in payloads {
            let fact: serde_json::Value = serde_json::from_str(&payload).unwrap();
            let result = fact.pointer("/outcome/of").or(fact.get("new"));
            let Some(result) = result.filter(|one| one.get("calibration").is_some()) else { continue };
            let tested: Instant = result["tested_at"].as_str().unwrap().parse().unwrap();
            if result["calibration"] == calibration.to_string() && tested >= since {
                let id: ResultId = result["id"].as_str().unwrap().parse().unwrap();
                found.push(id.number());
            }
        }
        found
    }

    /// Every record that the thread reaches from one.
    pub fn reached(&self, from: Ref) -> BTreeSet<u64> {
        let walk = |thread: &store::Thread| {
            let (mut seen, mut open) = (BTreeSet::new(), vec![from.number]);
            while let Some(next) = open.pop() {
                if seen.insert(next) {
                    open.extend(thread.graph().outputs(next).map(|edge| edge.to));
                }
            }
            seen
        };
        self.world.store.thread(walk).unwrap()
    }
}
