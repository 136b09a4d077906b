//! Field faults 01, 02, 04 and 05, and several samples, from the result to the certificate and its dossier.

use std::collections::BTreeMap;

use kernel::{CertificateId, LotId, MaterialId};
use publish::certificate::{Item, Mark, Qualifier, SampleRule, Verdict};
use publish::dossier::verify;

use crate::bench::Limited;
use crate::everywhere;
use crate::plant::{Plant, code};

/// The set-up of the field faults: LOD 0.0001, LOQ 0.0003 % and an uncertainty in percent of the value.
fn limited(uncertainty: &str, rule: Option<&str>) -> Limited {
    let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Limited {
        lod: text("0.0001"),
        loq: text("0.0003"),
        rule: rule.map(str::to_owned),
        uncertainty: text(uncertainty),
        digits: None,
        basis: None,
    }
}

/// A lot against one edition with these items; `results` are (sample, analyte, qualifier, value,
/// uncertainty); `13.4279~4` is a value of which four digits were read and moisture made the others.
struct Bench<'a> {
    plant: &'a Plant,
    count: std::cell::Cell<u32>,
}

type Given<'a> = (&'a str, &'a str, &'a str, &'a str, &'a str);

impl Bench<'_> {
    fn material(&self, items: &str, edition: &str) -> MaterialId {
        let n = self.count.get() + 1;
        self.count.set(n);
        let plant = self.plant;
        let material: MaterialId = plant
            .work(
                "material.define",
                &format!(
                    r#"{{"code":"M{n}","kind":"product","names":{{"en":"Product {n}","zh":"产品{n}"}}}}"#
                ),
            )
            .id()
            .unwrap();
        let define = format!(
            r#"{{"code":"SP-{n}","names":{{"en":"Spec {n}","zh":"规范{n}"}},"material":"{material}",
                "grade":"G{n}"}}"#
        );
        let specification: kernel::SpecificationId =
            plant.give(0, "specification.define", &define).unwrap().id().unwrap();
        let issue = format!(
            r#"{{"specification":"{specification}","edition":"1","in_force_from":"2026-01-01T00:00:00Z",
            "items":[{items}]{edition}}}"#
        );
        plant.give(0, "specification.issue_version", &issue).unwrap();
        for activity in ["sample", "release", "certify"] {
            for person in plant.people_for(activity) {
                let grant = format!(
                    r#"{{"person":"{person}","activity":"{activity}","scope":"{material}",
                    "valid_from":"2026-01-01T00:00:00Z","valid_until":"2027-01-01T00:00:00Z",
                "basis":"assessed"}}"#
                );
                // Nobody authorises himself.
                let by = usize::from(person == plant.quality[0]);
                plant.give(by, "authorisation.grant", &grant).unwrap();
            }
        }
        material
    }

    /// The lot with its results; those of one sample code belong to one sample, of 2 kg and 0.5 kg more each.
    fn lot(&self, items: &str, edition: &str, rule: Option<&str>, results: &[Given<'_>]) -> LotId {
        let material = self.material(items, edition);
        let n = self.count.get();
        let lot: LotId = self
            .plant
            .work(
                "lot.receive",
                &format!(
                    r#"{{"code":"F-{n}","material":"{material}","mass_kg_wet":"1000","moisture_percent":"0",
                    "produced_on":"2026-03-01"}}"#
                ),
            )
            .id()
            .unwrap();
        let mut samples = BTreeMap::new();
        for (sample, analyte, qualifier, value, uncertainty) in results {
            let kg = if samples.is_empty() { "1" } else { "3" };
            let id = *samples.entry(*sample).or_insert_with(|| {
                let json = format!(r#"{{"lot":"{lot}","code":"F{n}-{sample}","mass_kg_wet":"{kg}"}}"#);
                self.plant.work("lot.sample", &json).id().unwrap()
            });
            let (value, read) =
                value.split_once('~').map_or((*value, None), |(v, read)| (v, read.parse().ok()));
            let method = Limited { digits: read, ..limited(uncertainty, rule) };
            self.plant.limited(id, (analyte, qualifier, value, "%"), method, None);
        }
        lot
    }

    fn released(&self, lot: LotId) -> String {
        code(self.plant.give(0, "lot.release", &format!(r#"{{"lot":"{lot}"}}"#)))
    }

    /// The items of its certificate, of which the dossier was verified.
    fn certified(&self, lot: LotId) -> Vec<Item> {
        self.certified_with(lot).0
    }

    /// The same, with what it remarks.
    fn certified_with(&self, lot: LotId) -> (Vec<Item>, Vec<publish::Names>) {
        assert_eq!(self.released(lot), "done", "{lot}");
        let issue = format!(r#"{{"lot":"{lot}","customer":"{}"}}"#, self.plant.customer);
        let id: CertificateId = self.plant.give(0, "certificate.issue", &issue).unwrap().id().unwrap();
        self.plant.jobs();
        let zip = quality::dossier(&self.plant.world.store, id).unwrap();
        let found = verify(&zip, &[]).unwrap_or_else(|wrong| panic!("{wrong}"));
        let warned: Vec<&str> = found.warnings.iter().map(|warning| warning.en.as_str()).collect();
        assert!(warned.iter().all(|warning| !warning.contains("not recomputed")), "{warned:?}");
        second_verifier(&zip, &id.to_string());
        (found.document.items, found.document.remarks)
    }
}

/// The verifier in Python says the same, where there is a Python.
fn second_verifier(zip: &[u8], name: &str) {
    let script = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../publish/tests/verify_dossier.py");
    let file = std::env::temp_dir().join(format!(
        "orepass-{}-{:?}-{name}.zip",
        std::process::id(),
        std::thread::current().id()
    ));
    std::fs::write(&file, zip).unwrap();
    if let Ok(output) = std::process::Command::new("python3").arg(script).arg(&file).output() {
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    } else {
        println!("skipped: no python3");
    }
    std::fs::remove_file(&file).unwrap();
}

fn on(check: impl Fn(&Bench<'_>)) {
    everywhere(|plant| check(&Bench { plant: &plant, count: std::cell::Cell::new(0) }));
}

const CD: &str = r#"{"analyte":"Cd","upper":"0.0005","unit":"%","basis":"dry","places":4}"#;

#[test]
fn fault_01_below_the_limit_of_quantification_there_is_no_number_and_no_uncertainty() {
    on(|bench| {
        let table = [("0.0002", "0.000004"), ("0.00004", "0.0000008"), ("-0.0002", "0.000004"), ("0", "0")];
        for (entered, uncertainty) in table {
            let items =
                bench.certified(bench.lot(CD, "", None, &[("A", "Cd", "value", entered, uncertainty)]));
            let item = &items[0];
            assert_eq!(
                (item.result.text.as_str(), item.result.qualifier),
                ("<0.0003", Qualifier::Below),
                "{entered}"
            );
            assert_eq!((item.uncertainty.as_deref(), item.verdict), (None, Verdict::Pass), "{entered}");
            let limits = (item.reporting_limit.as_deref(), item.detection_limit.as_deref());
            assert_eq!(limits, (Some("0.0003"), Some("0.0001")), "{entered}");
        }
        let rules = [("nd_below_lod", "0.00004", "ND (<0.0001)"), ("estimated", "0.0002", "0.0002")];
        for (rule, entered, expected) in rules {
            let lot = bench.lot(CD, "", Some(rule), &[("A", "Cd", "value", entered, "0.000004")]);
            let item = &bench.certified(lot)[0];
            assert_eq!((item.result.text.as_str(), item.uncertainty.as_deref()), (expected, None), "{rule}");
            assert_eq!(item.marks.contains(&Mark::Estimated), rule == "estimated");
        }
    });
}

#[test]
fn fault_02_what_is_not_detected_lies_below_the_limit_of_detection_alone_and_in_sums() {
    on(|bench| {
        let item = &bench.certified(bench.lot(CD, "", None, &[("A", "Cd", "not_detected", "", "")]))[0];
        assert_eq!((item.result.text.as_str(), item.verdict), ("ND (<0.0001)", Verdict::Pass));
        let sum = |treatment: &str| {
            format!(
                r#"{{"analyte":"Ca+Mg","upper":"0.5","unit":"%","basis":"dry","sum_of":["Ca","Mg"],"places":4,
                "treatment":"{treatment}"}}"#
            )
        };
        let both = [("A", "Ca", "not_detected", "", ""), ("A", "Mg", "value", "0.2", "0.004")];
        let table = [("upper_bound", "<0.2001"), ("lower_bound", "0.2000–0.2001"), ("0.5", "0.2000")];
        for (treatment, expected) in table {
            let item = &bench.certified(bench.lot(&sum(treatment), "", None, &both))[0];
            assert_eq!((item.result.text.as_str(), item.verdict), (expected, Verdict::Pass), "{treatment}");
            let interval = item.interval.clone().unwrap();
            assert_eq!((interval.low.as_deref(), interval.high.as_deref()), (Some("0.2"), Some("0.2001")));
            assert_eq!(item.substitution.is_some(), treatment == "0.5");
        }
        let plain = sum("0.5").replace(r#""places":4,"#, "");
        let ends = [("A", "Ca", "below", "0.003", ""), ("A", "Mg", "below", "0.003", "")];
        assert_eq!(bench.certified(bench.lot(&plain, "", None, &ends))[0].result.text, "0.003");
        let mean = [
            ("A", "Mn", "below", "0.003", ""),
            ("B", "Mn", "value", "0.0025", ""),
            ("C", "Mn", "value", "0.0027", ""),
        ];
        let mn = r#"{"analyte":"Mn","unit":"%","basis":"dry","samples":"mean"}"#;
        assert_eq!(bench.certified(bench.lot(mn, "", None, &mean))[0].result.text, "<0.0028");
        let moist = [("A", "Mn", "value", "13.4279~4", "")];
        assert_eq!(bench.certified(bench.lot(mn, "", None, &moist))[0].result.text, "13.43");
        let below = [("A", "Ca", "below", "0.01", ""), ("A", "Mg", "below", "0.02", "")];
        let item = &bench.certified(bench.lot(&sum("upper_bound"), "", None, &below))[0];
        assert_eq!(item.result.text, "<0.03");
    });
}

#[test]
fn fault_04_result_and_uncertainty_end_at_the_same_place() {
    on(|bench| {
        let item = |analyte: &str, unit: &str, places: u32| {
            format!(r#"{{"analyte":"{analyte}","unit":"{unit}","basis":"dry","places":{places}}}"#)
        };
        let table = [
            (item("Mn", "%", 1), ("A", "Mn", "value", "9.6", "0.192"), "9.6", "± 0.2 (k = 2)"),
            (item("Mn", "%", 0), ("A", "Mn", "value", "27.6", "0.552"), "28", "± 1 (k = 2)"),
            (item("Cd", "ppm", 1), ("A", "Cd", "value", "0.00045", "0.000009"), "4.5", "± 0.1 (k = 2)"),
            (item("Fe", "%", 1), ("A", "Fe", "value", "0.25", "0.005"), "0.2", "± 0.1 (k = 2)"),
        ];
        for (items, result, text, uncertainty) in table {
            let item = &bench.certified(bench.lot(&items, "", None, &[result]))[0];
            assert_eq!((item.result.text.as_str(), item.uncertainty.as_deref()), (text, Some(uncertainty)));
        }
    });
}

#[test]
fn sums_and_shares_with_bounds_show_their_verdict_and_are_found_again_by_strangers() {
    on(|bench| {
        let of = |items: &str, more: &str, results: &[Given<'_>]| {
            bench.certified(bench.lot(items, more, None, results)).remove(0)
        };
        let la_ce = |analyte: &str, more: &str| {
            format!(r#"{{"analyte":"{analyte}","unit":"%","basis":"dry","sum_of":["La2O3","CeO2"]{more}}}"#)
        };
        let treo = [("A", "La2O3", "value", "33.69", ""), ("A", "CeO2", "below", "0.03", "")];
        let item = of(&la_ce("TREO", r#","lower":"30","upper":"40""#), "", &treo);
        assert_eq!((item.result.text.as_str(), item.result.qualifier), ("33.69–33.72", Qualifier::Between));
        let interval = item.interval.clone().unwrap();
        assert_eq!((interval.low.as_deref(), interval.high.as_deref()), (Some("33.69"), Some("33.72")));
        let shared = [
            ("A", "La2O3", "below", "5", ""),
            ("A", "CeO2", "value", "2", ""),
            ("B", "La2O3", "value", "4", ""),
            ("B", "CeO2", "value", "2", ""),
        ];
        let share = la_ce("La2O3/TREO", r#","upper":"80""#);
        assert_eq!(of(&share, "", &shared[..2]).result.text, "<72");
        let mean = of(&share, r#","samples":"mean""#, &shared);
        assert_eq!((mean.result.text.as_str(), mean.verdict), ("<70", Verdict::Pass), "9 ÷ 13 at most");
        let worst = of(&share, r#","samples":"worst""#, &shared);
        assert_eq!((worst.result.text.as_str(), worst.samples.unwrap().values.len()), ("<72", 2));
        let ca_mg = r#"{"analyte":"Ca+Mg","upper":"1","unit":"%","basis":"dry","sum_of":["Ca","Mg"]}"#;
        let two = [("A", "Ca", "value", "0.22", "0.0066"), ("A", "Mg", "value", "0.230", "0.0069")];
        let item = of(ca_mg, "", &two);
        assert_eq!(
            (item.result.text.as_str(), item.uncertainty.as_deref()),
            ("0.45", Some("± 0.02 (k = 2)"))
        );
        let sums = [
            ("A", "Ca", "value", "0.11", ""),
            ("A", "Mg", "value", "0.30", ""),
            ("B", "Ca", "value", "0.13", ""),
            ("B", "Mg", "value", "0.30", ""),
        ];
        let rough = ca_mg.replace("\"unit\"", "\"places\":1,\"unit\"");
        assert_eq!(of(&rough, "", &sums).result.text, "0.4");
        let near = [("A", "Cd", "value", "0.00041", ""), ("B", "Cd", "value", "0.00044", "")];
        assert_eq!(of(CD, "", &near).result.text, "0.0004");
        let tight = r#"{"analyte":"Fe","lower":"3.2","unit":"%","basis":"dry"}"#;
        let item = of(tight, "", &[("A", "Fe", "value", "3.2001", "0.509")]);
        assert_eq!(
            (item.result.text.as_str(), item.uncertainty.as_deref()),
            ("3.20", Some("± 0.51 (k = 2)"))
        );
        let tight = tight.replace("3.2", "3.2001");
        let item = of(&tight, "", &[("A", "Fe", "value", "3.2001", "0.509")]);
        assert_eq!(
            (item.result.text.as_str(), item.uncertainty.as_deref()),
            ("3.2001", Some("± 0.51 (k = 2)"))
        );
    });
}

#[test]
fn fault_05_the_certificate_has_one_spelling_of_a_number() {
    on(|bench| {
        let items = r#"{"analyte":"Cd","unit":"%","basis":"dry"}"#;
        for (entered, expected) in [("1.2e-005", "<0.0003"), ("1.0E1", "10"), (".5", "0.5"), ("+007.", "7")] {
            let item = &bench.certified(bench.lot(items, "", None, &[("A", "Cd", "value", entered, "")]))[0];
            assert_eq!(item.result.text, expected, "{entered}");
        }
    });
}

#[test]
fn several_samples_come_to_the_rule_of_the_edition_with_all_their_values() {
    on(|bench| {
        let two = [("A", "Cd", "value", "0.0004", ""), ("B", "Cd", "value", "0.0006", "")];
        let item = r#"{"analyte":"Cd","upper":"0.0005","unit":"%","basis":"dry","places":5}"#;
        assert_eq!(
            bench.released(bench.lot(item, "", None, &two)),
            "release-judgement",
            "the worst, if unsaid"
        );
        let fine = [
            ("A", "Cd", "value", "0.0006", ""),
            ("B", "Cd", "below", "0.0003", ""),
            ("C", "Cd", "value", "0.0004", ""),
        ];
        let mean = r#","samples":"mean""#;
        let item = &bench.certified(bench.lot(item, mean, None, &fine))[0];
        assert_eq!(item.result.text, "<0.00044", "(0.0006 + <0.0003 + 0.0004) ÷ 3");
        let samples = item.samples.clone().unwrap();
        assert_eq!((samples.rule, samples.n), (SampleRule::Mean, 3));
        let texts: Vec<&str> = samples.values.iter().map(|of| of.text.as_str()).collect();
        assert_eq!(texts, ["0.00060", "<0.0003", "0.00040"]);
        let wide = r#"{"analyte":"Cd","upper":"0.0010","unit":"%","basis":"dry","places":4}"#;
        let worst = &bench.certified(bench.lot(wide, r#","samples":"worst""#, None, &two))[0];
        assert_eq!((worst.result.text.as_str(), worst.samples.clone().unwrap().n), ("0.0006", 2));
        // 1 kg of 0.0004 and 3 kg of 0.0006.
        let weighed = wide.replace("\"places\":4", "\"places\":5");
        let mass = &bench.certified(bench.lot(&weighed, r#","samples":"by_increment""#, None, &two))[0];
        assert_eq!(mass.result.text, "0.00055");
        let each = bench.certified(bench.lot(wide, r#","samples":"each""#, None, &two));
        let texts: Vec<&str> = each.iter().map(|item| item.result.text.as_str()).collect();
        assert_eq!(texts, ["0.0004", "0.0006"]);
        assert!(each.iter().all(|item| item.sample.is_some() && item.samples.clone().unwrap().n == 2));
        let again = [("A", "Cd", "value", "0.0004", ""), ("A", "Cd", "value", "0.0006", "")];
        let repeats = &bench.certified(bench.lot(wide, r#","repeats":"mean""#, None, &again))[0];
        assert_eq!(repeats.result.text, "0.0005");
    });
}

/// A lot received with 5 % moisture, one sample of it, and its results as (analyte, value, basis).
fn moist(bench: &Bench<'_>, items: &str, results: &[(&str, &str, &str)]) -> LotId {
    let material = bench.material(items, "");
    let n = bench.count.get();
    let json = format!(
        r#"{{"code":"W-{n}","material":"{material}","mass_kg_wet":"1000","moisture_percent":"5.00",
        "produced_on":"2026-03-01"}}"#
    );
    let lot: LotId = bench.plant.work("lot.receive", &json).id().unwrap();
    let json = format!(r#"{{"lot":"{lot}","code":"W{n}-1","mass_kg_wet":"1"}}"#);
    let sample = bench.plant.work("lot.sample", &json).id().unwrap();
    for (analyte, value, basis) in results {
        let method = Limited { basis: Some((*basis).to_owned()), ..Limited::default() };
        let (qualifier, number) = value.strip_prefix('<').map_or(("value", *value), |limit| ("below", limit));
        bench.plant.limited(sample, (analyte, qualifier, number, "%"), method, None);
    }
    lot
}

/// Water that a lot lost after it was sampled changes no content of what was sampled.
#[test]
fn a_lot_that_dries_keeps_its_figures() {
    on(|bench| {
        let fe = r#"{"analyte":"Fe","upper":"31.0","unit":"%","basis":"dry"}"#;
        let lot = moist(bench, fe, &[("Fe", "30.00", "as_received")]);
        assert_eq!(bench.released(lot), "release-judgement");
        let kind = bench.plant.world.store.registry().commands["lot.adjust"];
        let adjust = format!(r#"{{"lot":"{lot}","change_kg_wet":"-31","change_kg_dry":"0"}}"#);
        let command = (kind.parse)(&adjust).unwrap();
        let actor = bench.plant.world.actor(&[kernel::Role::Metallurgist]);
        let reason = Some("dried in the open".to_owned());
        bench.plant.world.store.request(store::Request { actor, command, reason, key: None }).unwrap();
        assert_eq!(bench.released(lot), "release-judgement", "31.58, as before");
    });
}

/// The laboratory's moisture of the sample goes before what was typed of the lot, and the certificate says
/// so.
#[test]
fn the_moisture_of_the_sample_converts_its_figures_and_is_named() {
    on(|bench| {
        let results = [("Cu", "24.00", "dry"), ("H2O", "8.00", "as_received")];
        let cu =
            |limit: &str| format!(r#"{{"analyte":"Cu","lower":"{limit}","unit":"%","basis":"as_received"}}"#);
        let lot = moist(bench, &cu("22.5"), &results);
        assert_eq!(bench.released(lot), "release-judgement");
        let (items, remarks) = bench.certified_with(moist(bench, &cu("22.0"), &results));
        assert_eq!(items[0].result.text, "22.08");
        let named =
            "Converted between dry and as received by the moisture of the sample: W2-1 8.00 % (determined).";
        assert!(remarks.iter().any(|remark| remark.en == named), "{remarks:?}");
        let (items, remarks) = bench.certified_with(moist(bench, &cu("22.5"), &results[..1]));
        assert_eq!(items[0].result.text, "22.80");
        assert!(remarks[0].zh.contains("5 % (取样时批次水分)"), "{remarks:?}");
        // Of a moisture that is only a limit the worst end stands, with both of them beside it.
        let limit = [("Cu", "24.00", "dry"), ("H2O", "<0.5", "as_received")];
        let (items, _) = bench.certified_with(moist(bench, &cu("22.5"), &limit));
        let values: Vec<&str> =
            items[0].samples.iter().flat_map(|of| &of.values).map(|of| of.text.as_str()).collect();
        assert_eq!((items[0].result.text.as_str(), values), ("23.88", vec!["24.00", "23.88"]));
        // As it was stated it is that very figure.
        let stated = [("Cu", "24.00", "as_received"), ("H2O", "8.00", "as_received")];
        let (items, remarks) = bench.certified_with(moist(bench, &cu("24.00"), &stated));
        assert_eq!((items[0].result.text.as_str(), remarks.len()), ("24.00", 0));
    });
}
