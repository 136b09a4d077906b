//! A stand-in for the laboratory: its view as a table, results that come, and results that are retracted.

use facts::{Cause, Event, Notice};
use kernel::{Ref, ResultId, Role};
use serde::{Deserialize, Serialize};
use store::{
    Applied, Area, Command, CommandKind, Context, Db, Fact, FactKind, Facts, Migration, Stop, StoreError,
    params,
};

pub const AREA: Area = Area {
    name: "bench",
    migrations: &[Migration {
        name: "0001_bench",
        sql: "CREATE TABLE v_laboratory_result (number INTEGER PRIMARY KEY NOT NULL, analyte TEXT,
            qualifier TEXT, value TEXT, unit TEXT,
            basis TEXT, uncertainty TEXT, coverage TEXT, validity TEXT, workflow TEXT,
            calibration INTEGER, tested_authorisation INTEGER, tested_at TEXT,
            reviewed_authorisation INTEGER, reviewed_at TEXT, released_authorisation INTEGER,
            released_at TEXT);",
    }],
    commands: || vec![CommandKind::of::<Measure>(), CommandKind::of::<Retract>()],
    facts: || vec![FactKind::of::<ResultMeasured>(), FactKind::of::<ResultRetracted>()],
    statements: Vec::new,
    guard: None,
    react: None,
    jobs: &[],
    describe: |_, _| Ok(None),
};

/// A result of an analyte in %, with U = 0.2 and k = 2.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Measure {
    pub analyte: String,
    pub value: String,
}

impl Command for Measure {
    const NAME: &'static str = "bench.measure";
    const ROLES: &'static [Role] = &[Role::Analyst];
    const EXAMPLE: &'static str = "{}";
    fn handle(&self, _: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let result = ResultId::next(cx.numbers);
        Ok(Facts::one(ResultMeasured { result, measured: self.clone() }))
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ResultMeasured {
    pub result: ResultId,
    pub measured: Measure,
}

impl Fact for ResultMeasured {
    const KIND: &'static str = "result.measured";
    fn subjects(&self) -> Vec<Ref> {
        vec![self.result.into()]
    }
    fn apply(&self, db: &mut Db, _: &Applied) -> Result<(), StoreError> {
        let sql =
            "INSERT INTO v_laboratory_result VALUES (?1, ?2, 'value', ?3, '%', 'dry', '0.2', '2', 'valid',
            'released', NULL, NULL, NULL, NULL, NULL, NULL, NULL)";
        db.execute(sql, params![self.result.number(), &self.measured.analyte, &self.measured.value])
            .map(|_| ())
    }
    fn samples() -> Vec<Self> {
        Vec::new()
    }
}

/// A result is void.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Retract {
    pub result: ResultId,
}

impl Command for Retract {
    const NAME: &'static str = "bench.retract";
    const ROLES: &'static [Role] = &[Role::Analyst];
    const EXAMPLE: &'static str = "{}";
    fn handle(&self, _: &mut Db, _: &mut Context<'_>) -> Result<Facts, Stop> {
        Ok(Facts::one(ResultRetracted { result: self.result }))
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ResultRetracted {
    pub result: ResultId,
}

impl Fact for ResultRetracted {
    const KIND: &'static str = "result.retracted";
    fn subjects(&self) -> Vec<Ref> {
        vec![self.result.into()]
    }
    fn notices(&self) -> Vec<Notice> {
        let cause = Cause::new(self.result, Event::ResultRetracted);
        vec![Notice::ResultsFell { results: vec![self.result], cause }]
    }
    fn apply(&self, db: &mut Db, _: &Applied) -> Result<(), StoreError> {
        let sql = "UPDATE v_laboratory_result SET validity = 'retracted' WHERE number = ?1";
        db.execute(sql, params![self.result.number()]).map(|_| ())
    }
    fn samples() -> Vec<Self> {
        Vec::new()
    }
}
