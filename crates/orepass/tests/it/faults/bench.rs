//! The demo institute after its season, opened again to go on working in it.

use std::sync::Arc;

use kernel::{Actor, Clock as _, Instant, MethodId, PersonId, Role, Via, Who};
use laboratory::import::DateOrder;
use laboratory::{ImportContext, ImportReceipt};
use serde_json::Value;
use store::{Receipt, Request, Stop, Store, params};
use testkit::TestClock;

use crate::demo::Folder;

/// So many sound lots of each material come before the first fault.
pub(super) const HISTORY: usize = 60;

/// The institute, its clock, and the numbers of what it knows by code.
pub(super) struct Bench {
    pub(super) store: Arc<Store>,
    pub(super) clock: Arc<TestClock>,
    _folder: Folder,
    serial: u32,
}

impl Bench {
    /// Makes the demo institute and opens it on the day after its season.
    pub(super) fn open() -> Self {
        let folder = crate::demo::made("faults");
        let (store, clock) = crate::demo::opened(&folder);
        let mut bench = Bench { store, clock, _folder: folder, serial: 0 };
        bench.further();
        bench
    }

    /// What the faults need besides: an instrument whose calibration has ended, reference lots out of date.
    fn further(&mut self) {
        let fields = serde_json::json!({"code": "ICP-OLD", "names": {"en": "ICP-OES, last year's",
            "zh": "旧等离子体光谱仪"}, "serial": "DEMO-0001"});
        let made = self.give("labhead", Role::LaboratoryHead, "instrument.register", &fields).unwrap();
        let fields = serde_json::json!({"instrument": made.subjects[0].to_string(),
            "certificate": "CAL-25-001",
            "valid_from": "2025-06-01T00:00:00+08:00", "valid_until": "2026-06-01T00:00:00+08:00"});
        self.give("labhead", Role::LaboratoryHead, "instrument.calibrate", &fields).unwrap();
        for (code, reference) in [("QCM-OLD", "QC-MNS"), ("QCP-OLD", "QC-PRN")] {
            let reference = self.number("SELECT number FROM reference_material WHERE code = ?1", reference);
            let reference = format!("reference-material-{reference}");
            let fields = serde_json::json!({"reference": reference, "code": code,
                "expires": "2026-06-30", "certificate": format!("C-{code}"),
                "values": [{"analyte": "Fe", "value": "20.0", "unit": "mg/kg", "uncertainty": "0.2"}]});
            self.give("labhead", Role::LaboratoryHead, "reference.add_lot", &fields).unwrap();
        }
    }

    /// The next serial number of a lot.
    pub(super) fn next(&mut self) -> u32 {
        self.serial += 1;
        self.serial
    }

    pub(super) fn now(&self) -> Instant {
        self.clock.now()
    }

    pub(super) fn minutes(&self, minutes: i64) {
        self.clock.advance_seconds(60 * minutes);
    }

    /// The institute's wall clock at an instant.
    pub(super) fn local(&self, at: Instant) -> jiff::civil::DateTime {
        at.timestamp().to_zoned(jiff::tz::TimeZone::get("Asia/Shanghai").unwrap()).datetime()
    }

    pub(super) fn number(&self, sql: &'static str, of: &str) -> u64 {
        let found = self.store.read(|db| db.maybe(sql, params![of], |row| row.number(0)));
        found.unwrap().unwrap_or_else(|| panic!("{of}: {sql}"))
    }

    pub(super) fn texts(&self, sql: &'static str, of: u64) -> Vec<String> {
        self.store.read(|db| db.query(sql, params![of], |row| row.text(0))).unwrap()
    }

    pub(super) fn material(&self, code: &str) -> String {
        format!("material-{}", self.number("SELECT number FROM v_material WHERE code = ?1", code))
    }

    pub(super) fn party(&self, code: &str) -> String {
        format!("party-{}", self.number("SELECT number FROM v_party WHERE code = ?1", code))
    }

    pub(super) fn method(&self, code: &str) -> MethodId {
        MethodId(self.number("SELECT number FROM method WHERE code = ?1", code))
    }

    pub(super) fn instrument(&self, code: &str) -> kernel::InstrumentId {
        kernel::InstrumentId(self.number("SELECT number FROM instrument WHERE code = ?1", code))
    }

    fn actor(&self, login: &str, role: Role) -> Actor {
        let person = PersonId(self.number("SELECT person FROM account WHERE login = ?1", login));
        Actor {
            who: Who::Person(person),
            roles: vec![role],
            via: Via::Page,
            reauthenticated: true,
            only: None,
        }
    }

    pub(super) fn give(&self, login: &str, role: Role, name: &str, fields: &Value) -> Result<Receipt, Stop> {
        let command = (self.store.registry().commands[name].parse)(&fields.to_string());
        let command = command.unwrap_or_else(|why| panic!("{name} {fields}: {why:?}"));
        let reason = Some("Seeded work (synthetic)".to_owned());
        self.store.request(Request { actor: self.actor(login, role), command, reason, key: None })
    }

    pub(super) fn import(
        &self,
        login: &str,
        (method, instrument): (&str, &str),
        name: &str,
        bytes: &[u8],
    ) -> Result<ImportReceipt, laboratory::ImportError> {
        let context = ImportContext {
            instrument: Some(self.instrument(instrument)),
            zone: Some("Asia/Shanghai".to_owned()),
            date_order: Some(DateOrder::DayFirst),
            ..ImportContext::of(self.method(method))
        };
        let actor = self.actor(login, Role::Analyst);
        laboratory::import(&self.store, &actor, name, bytes, None, &context, &mut |_| {})
    }
}
