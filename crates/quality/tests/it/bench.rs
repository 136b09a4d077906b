//! A stand-in for the laboratory and for engineering: their views as tables, and facts that fill them.

use facts::{Cause, Event, Notice};
use kernel::{
    AuthorisationId, BalanceId, Edge, EdgeRole, Instant, LotId, PersonId, ReadingId, Ref, ResultId, Role,
    SampleId,
};
use serde::{Deserialize, Serialize};
use store::{
    Applied, Area, Command, CommandKind, Context, Db, Fact, FactKind, Facts, Migration, Stop, StoreError,
    params,
};

pub const AREA: Area = Area {
    name: "bench",
    migrations: &[Migration { name: "0001_bench", sql: TABLES }],
    commands: || {
        vec![
            CommandKind::of::<Measure>(),
            CommandKind::of::<Invalidate>(),
            CommandKind::of::<FailControl>(),
            CommandKind::of::<MakeMethod>(),
            CommandKind::of::<CloseBalance>(),
            CommandKind::of::<DoubtBalance>(),
            CommandKind::of::<VoidGround>(),
            CommandKind::of::<Alter>(),
        ]
    },
    facts: || {
        vec![
            FactKind::of::<ResultMeasured>(),
            FactKind::of::<ResultInvalidated>(),
            FactKind::of::<RunJudged>(),
            FactKind::of::<MethodMade>(),
            FactKind::of::<BalanceClosed>(),
            FactKind::of::<BalanceOutdated>(),
            FactKind::of::<GroundVoided>(),
            FactKind::of::<ResultAltered>(),
        ]
    },
    statements: Vec::new,
    guard: None,
    react: None,
    jobs: &[],
    describe: |_, _| Ok(None),
};

const TABLES: &str = r#"
CREATE TABLE v_laboratory_result (
    number INTEGER PRIMARY KEY NOT NULL, sample INTEGER, analyte TEXT, qualifier TEXT, value TEXT,
            unit TEXT,
    basis TEXT, uncertainty TEXT, coverage TEXT, method INTEGER, method_version INTEGER,
            method_code TEXT,
    method_edition TEXT, method_name_en TEXT, method_name_zh TEXT, reporting_limit TEXT, workflow TEXT,
            qc TEXT,
    in_range INTEGER, instrument INTEGER, calibration INTEGER, reading INTEGER, hand_typed INTEGER,
            changed INTEGER,
    from_outside INTEGER, tested_at TEXT, tested_by INTEGER, tested_authorisation INTEGER,
            reviewed_by INTEGER,
    reviewed_at TEXT, reviewed_authorisation INTEGER, released_by INTEGER, released_at TEXT,
    released_authorisation INTEGER, validity TEXT, run INTEGER, lod TEXT, loq TEXT, reporting_rule TEXT,
    digits INTEGER);
CREATE TABLE v_laboratory_calibration (number INTEGER PRIMARY KEY NOT NULL, valid_from TEXT,
            valid_until TEXT, voided_from TEXT);
INSERT INTO v_laboratory_calibration VALUES (61, '2020-01-01T00:00:00.000000Z',
            '2030-01-01T00:00:00.000000Z', NULL);
CREATE TABLE v_laboratory_method_version (number INTEGER PRIMARY KEY NOT NULL, voided_from TEXT);
INSERT INTO v_laboratory_method_version VALUES (71, NULL);
CREATE TABLE v_laboratory_reference_lot (number INTEGER PRIMARY KEY NOT NULL, voided_from TEXT);
INSERT INTO v_laboratory_reference_lot VALUES (81, NULL);
CREATE TABLE v_laboratory_qc (result INTEGER, reference_lot INTEGER, measured_at TEXT);
CREATE TABLE v_engineering_balance_standing (number INTEGER PRIMARY KEY NOT NULL, state TEXT, stale_at TEXT,
            finalised_at TEXT);
CREATE TABLE v_engineering_lot_balance (balance INTEGER, code TEXT, stream TEXT, state TEXT, stale INTEGER,
            closes INTEGER, excepted INTEGER, lot INTEGER, from_at TEXT, until_at TEXT, feed INTEGER);
CREATE TABLE v_engineering_lot_origin (lot INTEGER, stream TEXT, balance INTEGER, code TEXT, custody TEXT,
            feed TEXT, share TEXT);
CREATE TABLE v_engineering_feed_lot (balance INTEGER, stream TEXT, lot INTEGER);
CREATE TABLE v_laboratory_override (number INTEGER PRIMARY KEY NOT NULL, result INTEGER,
            valid_until TEXT);
CREATE TABLE v_laboratory_reading (number INTEGER PRIMARY KEY NOT NULL, file_sha256 TEXT,
            file_name TEXT, "row" TEXT, col INTEGER, raw TEXT);
"#;

/// A result measured, checked and released at once.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Measure {
    pub sample: SampleId,
    pub analyte: String,
    pub qualifier: String,
    pub value: String,
    pub unit: String,
    /// Where it stands: file, row, column, token; nothing when it was typed.
    #[schema(value_type = Vec<String>)]
    pub place: Option<(String, u32, u32, String)>,
    #[schema(value_type = Vec<String>)]
    pub signers: [(PersonId, AuthorisationId); 3],
    /// What the method says of it: its limits and rule, and the uncertainty it gives.
    #[schema(value_type = String)]
    #[serde(default)]
    pub method: Limited,
}

/// What a method says of an analyte.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Limited {
    pub lod: Option<String>,
    pub loq: Option<String>,
    pub rule: Option<String>,
    pub uncertainty: Option<String>,
    /// How many digits were read, where the value has more.
    #[serde(default)]
    pub digits: Option<u32>,
    /// On which basis it was stated; dry unless given.
    #[serde(default)]
    pub basis: Option<String>,
}

impl Command for Measure {
    const NAME: &'static str = "bench.measure";
    const ROLES: &'static [Role] = &[Role::Analyst];
    const EXAMPLE: &'static str = "{}";
    fn handle(&self, _: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let reading = self.place.is_some().then(|| ReadingId::next(cx.numbers));
        let result = ResultId::next(cx.numbers);
        Ok(Facts::one(ResultMeasured { result, reading, measured: self.clone(), at: cx.at }))
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ResultMeasured {
    pub result: ResultId,
    pub reading: Option<ReadingId>,
    pub measured: Measure,
    pub at: Instant,
}

impl Fact for ResultMeasured {
    const KIND: &'static str = "result.measured";
    fn notices(&self) -> Vec<Notice> {
        vec![Notice::ResultReleased(self.result)]
    }
    fn subjects(&self) -> Vec<Ref> {
        let mut all = vec![self.result.into(), self.measured.sample.into()];
        all.extend(self.reading.map(Ref::from));
        all
    }
    fn edges(&self) -> Vec<Edge> {
        let mut edges = vec![
            Edge::new(self.measured.sample, self.result, EdgeRole::SampleOf),
            Edge::new(kernel::CalibrationId(61), self.result, EdgeRole::Calibration),
            Edge::new(kernel::MethodVersionId(71), self.result, EdgeRole::Method),
            Edge::new(kernel::ReferenceLotId(81), self.result, EdgeRole::Reference),
        ];
        edges.extend(self.reading.map(|reading| Edge::new(reading, self.result, EdgeRole::Evidence)));
        for (person, authorisation) in self.measured.signers {
            edges.push(Edge::new(person, self.result, EdgeRole::By));
            edges.push(Edge::new(authorisation, self.result, EdgeRole::Authorisation));
        }
        edges
    }
    fn apply(&self, db: &mut Db, _: &Applied) -> Result<(), StoreError> {
        let m = &self.measured;
        if let (Some(reading), Some((file, row, column, raw))) = (self.reading, &m.place) {
            let sql = "INSERT INTO v_laboratory_reading VALUES (?1, ?2, 'run.csv', ?3, ?4, ?5)";
            db.execute(sql, params![reading.number(), file, row.to_string(), *column, raw])?;
        }
        let sql = "INSERT INTO v_laboratory_result VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?22, ?16, ?17,
            70, 71, 'OP-ICP', '3',
            'ICP-OES', '电感耦合等离子体发射光谱法', '0.0001', 'released', 'pass', 1, 60, 61, ?7, ?8, 0, 0, ?9,
            ?10,
            ?11, ?12, ?9, ?13, ?14, ?9, ?15, 'valid', 900, ?18, ?19, ?20, ?21)";
        let [(tester, a), (checker, b), (approver, c)] = m.signers;
        let values = params![
            self.result.number(),
            m.sample.number(),
            &m.analyte,
            &m.qualifier,
            Some(m.value.as_str()).filter(|value| !value.is_empty()),
            &m.unit,
            self.reading.map(ReadingId::number),
            self.reading.is_none(),
            self.at,
            tester.number(),
            a.number(),
            checker.number(),
            b.number(),
            approver.number(),
            c.number(),
            m.method.uncertainty.as_deref(),
            m.method.uncertainty.as_ref().map(|_| "2"),
            m.method.lod.as_deref(),
            m.method.loq.as_deref(),
            m.method.rule.as_deref(),
            m.method.digits,
            m.method.basis.as_deref().unwrap_or("dry")
        ];
        db.execute(sql, values)?;
        let sql = "INSERT INTO v_laboratory_qc VALUES (?1, 81, ?2)";
        db.execute(sql, params![self.result.number(), self.at]).map(|_| ())
    }
    fn samples() -> Vec<Self> {
        Vec::new()
    }
}

/// A result that was found wrong after it went out.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Invalidate {
    pub result: ResultId,
}

impl Command for Invalidate {
    const NAME: &'static str = "bench.invalidate";
    const ROLES: &'static [Role] = &[Role::LaboratoryHead];
    const EXAMPLE: &'static str = "{}";
    fn handle(&self, _: &mut Db, _: &mut Context<'_>) -> Result<Facts, Stop> {
        Ok(Facts::one(ResultInvalidated { result: self.result }))
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ResultInvalidated {
    pub result: ResultId,
}

impl Fact for ResultInvalidated {
    const KIND: &'static str = "result.invalidated";
    fn subjects(&self) -> Vec<Ref> {
        vec![self.result.into()]
    }
    fn notices(&self) -> Vec<Notice> {
        let cause = Cause::new(self.result, Event::ResultInvalidated);
        vec![Notice::ResultsFell { results: vec![self.result], cause }]
    }
    fn apply(&self, db: &mut Db, _: &Applied) -> Result<(), StoreError> {
        let sql = "UPDATE v_laboratory_result SET validity = 'invalidated' WHERE number = ?1";
        db.execute(sql, params![self.result.number()]).map(|_| ())
    }
    fn samples() -> Vec<Self> {
        Vec::new()
    }
}

/// The control of the one run fails after its results went out.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FailControl {}

impl Command for FailControl {
    const NAME: &'static str = "bench.fail_control";
    const ROLES: &'static [Role] = &[Role::LaboratoryHead];
    const EXAMPLE: &'static str = "{}";
    fn handle(&self, _: &mut Db, _: &mut Context<'_>) -> Result<Facts, Stop> {
        Ok(Facts::one(RunJudged { run: kernel::ImportId(900) }))
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RunJudged {
    pub run: kernel::ImportId,
}

impl Fact for RunJudged {
    const KIND: &'static str = "run.judged";
    fn subjects(&self) -> Vec<Ref> {
        vec![self.run.into()]
    }
    fn notices(&self) -> Vec<Notice> {
        vec![Notice::RunJudged(self.run.into())]
    }
    fn apply(&self, db: &mut Db, _: &Applied) -> Result<(), StoreError> {
        let sql = "UPDATE v_laboratory_result SET qc = 'failure' WHERE run = ?1";
        db.execute(sql, params![self.run.number()]).map(|_| ())
    }
    fn samples() -> Vec<Self> {
        Vec::new()
    }
}

/// A method, so that people can be authorised on it.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MakeMethod {}

impl Command for MakeMethod {
    const NAME: &'static str = "bench.method";
    const ROLES: &'static [Role] = &[Role::LaboratoryHead];
    const EXAMPLE: &'static str = "{}";
    fn handle(&self, _: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        Ok(Facts::one(MethodMade { method: kernel::MethodId::next(cx.numbers) }))
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MethodMade {
    pub method: kernel::MethodId,
}

impl Fact for MethodMade {
    const KIND: &'static str = "method.made";
    fn subjects(&self) -> Vec<Ref> {
        vec![self.method.into()]
    }
    fn apply(&self, _: &mut Db, _: &Applied) -> Result<(), StoreError> {
        Ok(())
    }
    fn samples() -> Vec<Self> {
        Vec::new()
    }
}

/// A balance that is final and closes, with one lot that came out in its window, unless another is said, or
/// went in as its feed.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CloseBalance {
    pub lot: LotId,
    #[serde(default)]
    pub window: Option<(Instant, Instant)>,
    #[serde(default)]
    pub feed: bool,
}

impl Command for CloseBalance {
    const NAME: &'static str = "bench.close_balance";
    const ROLES: &'static [Role] = &[Role::Metallurgist];
    const EXAMPLE: &'static str = "{}";
    fn handle(&self, _: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let (balance, lot, feed) = (BalanceId::next(cx.numbers), self.lot, self.feed);
        let window = self.window.unwrap_or((cx.at.plus_seconds(-86_400), cx.at.plus_seconds(86_400)));
        Ok(Facts::one(BalanceClosed { balance, lot, window, feed }))
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BalanceClosed {
    pub balance: BalanceId,
    pub lot: LotId,
    pub window: (Instant, Instant),
    pub feed: bool,
}

impl Fact for BalanceClosed {
    const KIND: &'static str = "balance.closed";
    fn subjects(&self) -> Vec<Ref> {
        vec![self.balance.into(), self.lot.into()]
    }
    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        let sql = "INSERT INTO v_engineering_balance_standing VALUES (?1, 'final', NULL, ?2)";
        db.execute(sql, params![self.balance.number(), applied.at])?;
        let sql =
            "INSERT INTO v_engineering_lot_balance VALUES (?1, 'MB-1', 'product', 'final', 0, 1, 0, ?2, ?3,
            ?4, ?5)";
        let (from, until) = self.window;
        let values = params![self.balance.number(), self.lot.number(), from, until, self.feed];
        db.execute(sql, values).map(|_| ())
    }
    fn samples() -> Vec<Self> {
        Vec::new()
    }
}

/// Something below a balance changes.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DoubtBalance {
    pub balance: BalanceId,
}

impl Command for DoubtBalance {
    const NAME: &'static str = "bench.doubt_balance";
    const ROLES: &'static [Role] = &[Role::Metallurgist];
    const EXAMPLE: &'static str = "{}";
    fn handle(&self, _: &mut Db, _: &mut Context<'_>) -> Result<Facts, Stop> {
        Ok(Facts::one(BalanceOutdated { balance: self.balance }))
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BalanceOutdated {
    pub balance: BalanceId,
}

impl Fact for BalanceOutdated {
    const KIND: &'static str = "balance.outdated";
    fn subjects(&self) -> Vec<Ref> {
        vec![self.balance.into()]
    }
    fn notices(&self) -> Vec<Notice> {
        vec![Notice::BalanceUnsettled(self.balance, Event::BalanceOutdated)]
    }
    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        let sql = "UPDATE v_engineering_balance_standing SET stale_at = ?2 WHERE number = ?1";
        db.execute(sql, params![self.balance.number(), applied.at])?;
        let sql = "UPDATE v_engineering_lot_balance SET stale = 1 WHERE balance = ?1";
        db.execute(sql, params![self.balance.number()]).map(|_| ())
    }
    fn samples() -> Vec<Self> {
        Vec::new()
    }
}

/// A method edition, calibration or reference lot is found bad from an instant on.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct VoidGround {
    pub ground: Ref,
    pub from: Instant,
}

impl Command for VoidGround {
    const NAME: &'static str = "bench.void";
    const ROLES: &'static [Role] = &[Role::LaboratoryHead];
    const EXAMPLE: &'static str = "{}";
    fn handle(&self, _: &mut Db, _: &mut Context<'_>) -> Result<Facts, Stop> {
        Ok(Facts::one(GroundVoided { ground: self.ground, from: self.from }))
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GroundVoided {
    pub ground: Ref,
    pub from: Instant,
}

impl Fact for GroundVoided {
    const KIND: &'static str = "bench.voided";
    fn subjects(&self) -> Vec<Ref> {
        vec![self.ground]
    }
    fn apply(&self, db: &mut Db, _: &Applied) -> Result<(), StoreError> {
        let sql = match self.ground.kind {
            kernel::Kind::Calibration => {
                "UPDATE v_laboratory_calibration SET voided_from = ?2 WHERE number = ?1"
            }
            kernel::Kind::MethodVersion => {
                "UPDATE v_laboratory_method_version SET voided_from = ?2 WHERE number = ?1"
            }
            _ => "UPDATE v_laboratory_reference_lot SET voided_from = ?2 WHERE number = ?1",
        };
        db.execute(sql, params![self.ground.number, self.from]).map(|_| ())
    }
    fn samples() -> Vec<Self> {
        Vec::new()
    }
}

/// Something about a result is another, and nobody is told: its workflow, its control, whether it is in
/// range.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Alter {
    pub result: ResultId,
    #[serde(default)]
    pub workflow: Option<String>,
    #[serde(default)]
    pub qc: Option<String>,
    #[serde(default)]
    pub in_range: Option<bool>,
}

impl Command for Alter {
    const NAME: &'static str = "bench.alter";
    const ROLES: &'static [Role] = &[Role::LaboratoryHead];
    const EXAMPLE: &'static str = "{}";
    fn handle(&self, _: &mut Db, _: &mut Context<'_>) -> Result<Facts, Stop> {
        Ok(Facts::one(ResultAltered(self.clone())))
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ResultAltered(Alter);

impl Fact for ResultAltered {
    const KIND: &'static str = "bench.altered";
    fn subjects(&self) -> Vec<Ref> {
        vec![self.0.result.into()]
    }
    fn apply(&self, db: &mut Db, _: &Applied) -> Result<(), StoreError> {
        let sql = "UPDATE v_laboratory_result SET workflow = COALESCE(?2, workflow), qc = COALESCE(?3, qc),
            in_range = COALESCE(?4, in_range) WHERE number = ?1";
        let of = &self.0;
        let in_range = of.in_range.map(i64::from);
        let values = params![of.result.number(), of.workflow.as_deref(), of.qc.as_deref(), in_range];
        db.execute(sql, values).map(|_| ())
    }
    fn samples() -> Vec<Self> {
        Vec::new()
    }
}
