//! One lot from its receipt to the customer, with a fault on the way or without one.

use kernel::{Instant, Role};
use serde_json::{Value, json};
use store::{Receipt, Stop};
use testkit::faults::{Chance, Fate, Fault};

use super::bench::Bench;
use super::files::{Channel, IMPURITIES, Kind, MANGANESE, OXIDES, Run};
use super::{seed, stopped};

/// Why a lot went no further.
struct Stopped(Fate);

/// Its samples: the lot is sampled twice.
const SAMPLES: usize = 2;

/// One lot's way.
pub(super) struct Trial<'a> {
    bench: &'a mut Bench,
    chance: Chance,
    fault: Option<Fault>,
    rare_earth: bool,
    code: String,
    /// The lot and its samples, once they are there.
    lot: String,
    samples: Vec<String>,
    /// What the lot truly holds, by the channels of its runs.
    contents: Vec<f64>,
    impurities: Vec<f64>,
}

impl<'a> Trial<'a> {
    /// A lot that is to come.
    pub(super) fn new(bench: &'a mut Bench, mut chance: Chance, fault: Option<Fault>) -> Self {
        let rare_earth = match fault {
            Some(Fault::TreoWithoutY | Fault::SumAboveHundred) => true,
            Some(Fault::StoichiometricCeiling | Fault::WrongEdition | Fault::DoubleRounding) => false,
            _ => chance.even() < 0.4,
        };
        let code = format!("F{:05}", bench.next());
        let of = |channels: &'static [Channel], chance: &mut Chance| -> Vec<f64> {
            let scatter = |channel: &Channel| match (channel.unit, channel.product > 1.0) {
                ("mg/kg", _) | (_, false) => 8.0,
                _ => 0.15,
            };
            channels.iter().map(|channel| chance.about(channel.product, scatter(channel))).collect()
        };
        let contents = of(if rare_earth { OXIDES } else { MANGANESE }, &mut chance);
        let impurities = if rare_earth { of(IMPURITIES, &mut chance) } else { Vec::new() };
        Trial {
            bench,
            chance,
            fault,
            rare_earth,
            code,
            lot: String::new(),
            samples: Vec::new(),
            contents,
            impurities,
        }
    }

    /// As far as it goes.
    pub(super) fn run(mut self) -> Fate {
        match self.way() {
            Ok(fate) => fate,
            Err(Stopped(fate)) => fate,
        }
    }

    fn way(&mut self) -> Result<Fate, Stopped> {
        self.receive()?;
        self.sample()?;
        if self.is(Fault::ShipmentBeforeRelease) {
            self.ship(&self.lot.clone())?;
            return Ok(Fate::Wrong(format!("{} was shipped before its release", self.code)));
        }
        if self.is(Fault::RejectedParent) {
            return self.rejected();
        }
        self.measure()?;
        self.sign()?;
        self.decide()?;
        let certificate = self.certify()?;
        self.ship(&self.lot.clone())?;
        Ok(self.look(certificate))
    }

    fn is(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    fn give(
        &self,
        step: &'static str,
        (who, role): (&str, Role),
        name: &str,
        fields: Value,
    ) -> Result<Receipt, Stopped> {
        self.bench.give(who, role, name, &fields).map_err(|stop| match stop {
            Stop::Refused(refusal) => Stopped(stopped(step, refusal.code.clone())),
            Stop::Failed(error) => panic!("{name} {fields}: {error}"),
        })
    }

    fn material(&self) -> String {
        self.bench.material(if self.rare_earth { "PRND" } else { "MSM" })
    }

    fn customer(&self) -> String {
        self.bench.party(if self.rare_earth { "CUS-NM" } else { "CUS-SF" })
    }

    fn receive(&mut self) -> Result<(), Stopped> {
        let mut fields = json!({"code": self.code, "material": self.material(), "mass_kg_wet": "4000",
            "moisture_percent": "0.10", "custody": "segregated"});
        if self.is(Fault::WetForDry) {
            fields["mass_kg_dry"] = json!("4000");
            if self.chance.even() < 0.3 {
                fields["moisture_percent"] = json!("4.00");
            }
        }
        let made = self.give("receipt", ("receiver", Role::Receiver), "lot.receive", fields)?;
        self.lot = made.id::<kernel::LotId>().unwrap().to_string();
        Ok(())
    }

    fn sample(&mut self) -> Result<(), Stopped> {
        self.bench.minutes(1);
        for part in 1..=SAMPLES {
            let code = format!("{}-{part}", self.code);
            let fields = json!({"lot": self.lot, "code": code, "mass_kg_wet": "0.5", "purpose": "routine"});
            self.give("sampling", ("shift", Role::ShiftSupervisor), "lot.sample", fields)?;
            self.samples.push(code);
        }
        self.bench.minutes(1);
        Ok(())
    }

    /// What the fault makes of a rejected lot: a part of it is offered as if it were another.
    fn rejected(&mut self) -> Result<Fate, Stopped> {
        let fields = json!({"lot": self.lot, "reason": "Contaminated (synthetic)"});
        let quality = ("quality", Role::QualityManager);
        self.give("rejection", quality, "lot.reject", fields)?;
        let part = format!("{}-P", self.code);
        let fields = json!({"lot": self.lot, "outputs": [{"code": part, "mass_kg_wet": "1000"}]});
        self.give("split", ("shift", Role::ShiftSupervisor), "lot.split", fields)?;
        let sql = "SELECT number FROM v_lot WHERE code = ?1";
        self.lot = format!("lot-{}", self.bench.number(sql, &part));
        if self.chance.even() < 0.5 {
            self.ship(&self.lot.clone())?;
            return Ok(Fate::Wrong(format!("{part} of a rejected lot was shipped")));
        }
        self.code = part;
        self.samples.clear();
        self.sample()?;
        self.measure()?;
        self.sign()?;
        self.decide()?;
        Ok(Fate::Wrong(format!("{} of a rejected lot was released", self.code)))
    }

    fn measure(&mut self) -> Result<(), Stopped> {
        let began = self.bench.now();
        self.bench.minutes(4);
        let control = if self.is(Fault::ReferenceOut) && self.chance.even() < 0.2 {
            ["QCM-OLD", "QCP-OLD"]
        } else {
            ["QCM-2601", "QCP-2601"]
        };
        if self.rare_earth {
            let on_impurities =
                matches!(self.fault, Some(Fault::PercentForGramsPerTonne | Fault::WrongUnitOnOneColumn))
                    || (self.fault.is_some() && self.chance.even() < 0.3 && !self.is_of_oxides());
            let oxides = self.contents.clone();
            let run = self.rack(OXIDES, "QCR-2601", &oxides, (began, false), !on_impurities);
            self.import(("analyst2", "XRF-RE-01", "XRF-1"), &run, false)?;
            let traces = self.impurities.clone();
            let run = self.rack(IMPURITIES, control[1], &traces, (began, true), on_impurities);
            self.import(("analyst", "ICP-RE-02", "ICP-1"), &run, true)
        } else {
            let contents = self.contents.clone();
            let run = self.rack(MANGANESE, control[0], &contents, (began, true), true);
            self.import(("analyst", "ICP-MN-01", "ICP-1"), &run, true)
        }
    }

    /// Whether the fault lies among the oxides by its nature.
    fn is_of_oxides(&self) -> bool {
        matches!(
            self.fault,
            Some(
                Fault::ElementForOxide
                    | Fault::TreoWithoutY
                    | Fault::SumAboveHundred
                    | Fault::ExpiredCalibration
                    | Fault::FutureTime
                    | Fault::WrongZone
                    | Fault::SwappedSamples
                    | Fault::DuplicateId
            )
        )
    }

    /// The run of a rack: blank, control, samples, control.
    fn rack(
        &mut self,
        channels: &'static [Channel],
        control: &str,
        contents: &[f64],
        (began, blank): (Instant, bool),
        spoilt: bool,
    ) -> Run {
        let mut run = Run::of(channels);
        let mut at = self.bench.local(began);
        let mut next = || {
            at = at.checked_add(jiff::ToSpan::seconds(11)).unwrap();
            at
        };
        let chance = &mut self.chance;
        let certified: Vec<f64> = channels.iter().map(|channel| channel.control).collect();
        if blank {
            run.measure(chance, ("Blank", Kind::Blank), &vec![0.0; channels.len()], next());
        }
        run.measure(chance, (control, Kind::Control), &certified, next());
        for sample in &self.samples {
            run.measure(chance, (sample, Kind::Sample), contents, next());
        }
        run.measure(chance, (control, Kind::Control), &certified, next());
        if let (true, Some(fault)) = (spoilt, self.fault) {
            self.spoil(fault, &mut run);
        }
        run
    }

    fn spoil(&mut self, fault: Fault, run: &mut Run) {
        match fault {
            // The first sample was another lot's, which stood beside it on the bench.
            Fault::SwappedSamples => {
                let off = self.chance.even() < 0.6;
                let other: Vec<f64> = run
                    .channels
                    .iter()
                    .enumerate()
                    .map(|(at, (channel, _))| match (off, at) {
                        (true, 1) => channel.product * 4.0,
                        _ => self.chance.about(channel.product, 0.3),
                    })
                    .collect();
                let at = run.rows.iter().position(|row| row.kind == Kind::Sample).unwrap();
                let (label, when) = (run.rows[at].label.clone(), run.rows[at].at);
                let mut alone = Run::of(if self.rare_earth { OXIDES } else { MANGANESE });
                alone.measure(&mut self.chance, (&label, Kind::Sample), &other, when);
                run.rows[at] = alone.rows.remove(0);
            }
            Fault::DuplicateId => {
                let first = self.samples[0].clone();
                let more = 1.0 + 0.6 * self.chance.even();
                let row = run.rows.iter_mut().rfind(|row| row.kind == Kind::Sample).unwrap();
                row.label = first;
                let last = row.values.last_mut().unwrap();
                *last = super::files::printed(last.parse::<f64>().unwrap() * more);
            }
            Fault::DoubleRounding => {
                // The limit has one place: 31.7497 is 31.7 and fails, but 31.75 is 31.8 (GB/T 8170).
                let exact = 31.7496 + 0.0003 * self.chance.even();
                let column = run.column("Mn");
                self.contents[column] = exact;
                let before = self.chance.even() < 0.5;
                for row in run.rows.iter_mut().filter(|row| row.kind == Kind::Sample) {
                    row.values[column] = if before { format!("{exact:.2}") } else { format!("{exact:.6}") };
                }
            }
            // Nothing to speak of is there; the instrument's `<` became a nought.
            Fault::BelowAsZero => {
                let column = seed::trace(&mut self.chance, run);
                let noise = run.channels[column].0.noise;
                let of = if self.rare_earth && run.channels.len() == IMPURITIES.len() {
                    &mut self.impurities
                } else {
                    &mut self.contents
                };
                of[column] = 0.5 * noise;
                for row in run.rows.iter_mut().filter(|row| row.kind == Kind::Sample) {
                    row.values[column] = ["0", "0.0", "0.000"][column % 3].to_owned();
                }
            }
            _ => seed::spoil(fault, &mut self.chance, run),
        }
    }

    fn import(
        &mut self,
        (who, method, instrument): (&str, &str, &str),
        run: &Run,
        icp: bool,
    ) -> Result<(), Stopped> {
        let (bytes, name) = if icp {
            (run.icp(), format!("{}-icp.csv", self.code))
        } else {
            (run.xrf(), format!("{}-xrf.csv", self.code))
        };
        let instrument = if self.is(Fault::ExpiredCalibration) { "ICP-OLD" } else { instrument };
        let receipt = match self.bench.import(who, (method, instrument), &name, &bytes) {
            Ok(receipt) => receipt,
            Err(laboratory::ImportError::Stopped(Stop::Refused(refusal))) => {
                return Err(Stopped(stopped("import", refusal.code.clone())));
            }
            Err(laboratory::ImportError::Stopped(stop)) => panic!("{name}: {stop:?}"),
            Err(other) => {
                let word = other.to_string();
                return Err(Stopped(stopped("import", word.chars().take(60).collect::<String>())));
            }
        };
        if receipt.asks.is_some() {
            return Err(Stopped(stopped("import", "asks before anything is recorded")));
        }
        let sql = "SELECT COALESCE(why, '') FROM reading WHERE import = ?1 AND outcome IN ('asks', 'refused')
                   ORDER BY number";
        match self.bench.texts(sql, receipt.import.number()).first() {
            Some(why) => {
                let word = why.split([':', '{', ',', '"']).find(|part| part.len() > 2).unwrap_or("asks");
                Err(Stopped(stopped("import", word.trim().chars().take(60).collect::<String>())))
            }
            None => Ok(()),
        }
    }

    fn results(&self, workflow: &str) -> Vec<(u64, String)> {
        let lot: u64 = self.lot.trim_start_matches("lot-").parse().unwrap();
        let sql = "SELECT number, method_code, workflow FROM v_laboratory_result
                   WHERE lot = ?1 AND validity = 'valid' ORDER BY number";
        let read = |db: &mut store::Db| {
            db.query(sql, store::params![lot], |row| Ok((row.number(0)?, row.text(1)?, row.text(2)?)))
        };
        let all = self.bench.store.read(read).unwrap();
        all.into_iter().filter(|one| one.2 == workflow).map(|one| (one.0, one.1)).collect()
    }

    fn sign(&mut self) -> Result<(), Stopped> {
        self.bench.minutes(2);
        for (method, reviewer) in
            [("ICP-MN-01", "analyst2"), ("ICP-RE-02", "analyst2"), ("XRF-RE-01", "analyst")]
        {
            let open = self.results("measured");
            let mine: Vec<String> =
                open.iter().filter(|one| one.1 == method).map(|one| format!("result-{}", one.0)).collect();
            if mine.is_empty() {
                continue;
            }
            let who = if self.is(Fault::UnauthorisedSigner) { "trainee" } else { reviewer };
            self.give("review", (who, Role::Analyst), "result.review", json!({"results": mine}))?;
        }
        self.bench.minutes(1);
        let all: Vec<String> =
            self.results("reviewed").iter().map(|one| format!("result-{}", one.0)).collect();
        if !all.is_empty() {
            let fields = json!({"results": all});
            self.give("release of results", ("labhead", Role::LaboratoryHead), "result.release", fields)?;
        }
        Ok(())
    }

    fn decide(&mut self) -> Result<(), Stopped> {
        self.bench.minutes(1);
        let mut fields = json!({"lot": self.lot});
        if self.is(Fault::WrongEdition) {
            let edition = if self.chance.even() < 0.5 {
                "BH-2"
            } else {
                fields["customer"] = json!(self.bench.party("CUS-BH"));
                "2026"
            };
            let sql = "SELECT v.number FROM specification_version v JOIN specification s
                       ON s.number = v.specification WHERE s.grade = 'MSM-B1' AND v.edition = ?1";
            fields["specification_version"] =
                json!(format!("specification-version-{}", self.bench.number(sql, edition)));
        }
        self.give("release", ("quality", Role::QualityManager), "lot.release", fields).map(drop)
    }

    fn certify(&mut self) -> Result<u64, Stopped> {
        let fields = json!({"lot": self.lot, "customer": self.customer(), "synthetic": "yes"});
        let made =
            self.give("certificate", ("quality", Role::QualityManager), "certificate.issue", fields)?;
        Ok(made.id::<kernel::CertificateId>().unwrap().number())
    }

    fn ship(&self, lot: &str) -> Result<(), Stopped> {
        let fields = json!({"lot": lot, "to": self.customer()});
        self.give("shipment", ("shift", Role::ShiftSupervisor), "lot.ship", fields).map(drop)
    }

    /// Compares what the certificate says with what the lot holds.
    fn look(&self, certificate: u64) -> Fate {
        let text = &self.bench.texts("SELECT document FROM certificate WHERE number = ?1", certificate)[0];
        let document: Value = serde_json::from_str(text).unwrap();
        for item in document["items"].as_array().unwrap() {
            let name = item["analyte"]["formula"].as_str().unwrap_or_default();
            if let Some(wrong) = self.wrong(name, item) {
                return Fate::Wrong(format!("{}: {wrong}", self.code));
            }
        }
        match self.fault {
            Some(fault) if !fault.may_be_harmless() => {
                Fate::Wrong(format!("{}: {}", self.code, fault.words()))
            }
            _ => Fate::Right,
        }
    }

    /// What is wrong with a printed figure: it lies further from the true content than its method's
    /// uncertainty, twice over, explains.
    fn wrong(&self, name: &str, item: &Value) -> Option<String> {
        let main: &[Channel] = if self.rare_earth { OXIDES } else { MANGANESE };
        let traces: &[Channel] = if self.rare_earth { IMPURITIES } else { &[] };
        let main = main.iter().zip(&self.contents);
        let known = main.chain(traces.iter().zip(&self.impurities));
        let text = item["result"]["text"].as_str()?;
        if name == "TREO" {
            let truth: f64 = self.contents.iter().sum();
            // Where members lie below their limits, only how much there is at least can be said.
            let (least, digits) = (text.starts_with('≥'), text.trim_start_matches(['≥', '<', '≤']));
            let off = digits.parse::<f64>().unwrap_or_default() - truth;
            let wrong = off > 1.0 || (!least && off < -1.0);
            return wrong.then(|| format!("{name} {text}, truly {truth:.2}"));
        }
        let (channel, truth) = known.into_iter().find(|(channel, _)| channel.name == name)?;
        let digits = text.trim_start_matches(['<', '>', ' ']);
        // And half a unit of the last printed place.
        let places = digits.split_once('.').map_or(0, |(_, after)| after.len() as i32);
        let rounding = 0.5 * 10f64.powi(-places);
        let tolerance = 2.0 * (2.5 * channel.relative / 100.0 * truth + 4.0 * channel.noise) + rounding;
        match (item["result"]["qualifier"].as_str()?, digits.parse::<f64>()) {
            ("value", Ok(value)) if (value - truth).abs() > tolerance => {
                Some(format!("{name} {text}, truly {truth:.5}"))
            }
            ("below", Ok(bound)) if *truth > bound + tolerance => {
                Some(format!("{name} {text}, truly {truth:.5}"))
            }
            _ => None,
        }
    }
}
