//! A small solved balance, for samples of facts and pages.

use kernel::MeasurementId;

use super::{Class, Closes, FigureLine, Loss, NodeLine, Origin, Recovery, Settings, Solved};

impl Solved {
    /// A small solved balance, for samples of facts and pages.
    pub fn sample() -> Solved {
        let line = |stream: &str, of: &str, raw: &str, reconciled: &str, adjustment: &str| FigureLine {
            stream: stream.to_owned(),
            of: of.to_owned(),
            measurement: Some(MeasurementId(80)),
            raw: Some(raw.to_owned()),
            raw_sd: Some("6.0".to_owned()),
            accounting: Some(raw.to_owned()),
            reconciled: Some(reconciled.to_owned()),
            sd: Some("4.2".to_owned()),
            class: Class::Redundant,
            adjustment: Some(adjustment.to_owned()),
            test: Some(adjustment.trim_start_matches('-').to_owned()),
            bias: Some("-9.0".to_owned()),
            glr: Some("2.2".to_owned()),
            detectability: Some("21.0".to_owned()),
        };
        let unknown = FigureLine {
            measurement: None,
            raw: None,
            raw_sd: None,
            accounting: Some("498.0".to_owned()),
            class: Class::Observable,
            adjustment: None,
            test: None,
            bias: None,
            glr: None,
            detectability: None,
            ..line("liquor", "flow", "", "500.0", "")
        };
        Solved {
            settings: Settings::default(),
            converged: true,
            iterations: 4,
            objective: "2.20".to_owned(),
            dof: 1,
            critical: Some("3.841".to_owned()),
            global: Closes::Yes,
            test_critical: Some("2.24".to_owned()),
            figures: vec![
                line("feed", "flow", "1204.5", "1200.2", "-0.72"),
                unknown,
                line("residue", "flow", "698.0", "700.2", "0.37"),
                line("feed", "Mn", "21.4", "21.37", "-0.3"),
                line("liquor", "Mn", "48.1", "48.19", "0.9"),
                line("residue", "Mn", "2.31", "2.3096", "-0.02"),
            ],
            nodes: vec![NodeLine {
                node: "leach".to_owned(),
                of: "Mn".to_owned(),
                imbalance: Some("3.1".to_owned()),
                test: Some("1.48".to_owned()),
                glr: Some("2.2".to_owned()),
                leak: Some("3.1".to_owned()),
            }],
            suspects: Vec::new(),
            explanations: Vec::new(),
            losses: vec![Loss {
                of: "Mn".to_owned(),
                entered: "257.8".to_owned(),
                lost: "1.13".to_owned(),
                sd: "2.41".to_owned(),
            }],
            recoveries: vec![Recovery {
                stream: "liquor".to_owned(),
                of: "Mn".to_owned(),
                percent: "93.69".to_owned(),
                sd: Some("0.21".to_owned()),
                interval: Some(("93.28".to_owned(), "94.10".to_owned())),
            }],
            origins: vec![Origin {
                stream: "liquor".to_owned(),
                feed: "feed".to_owned(),
                share: "1".to_owned(),
            }],
            above_limit: Vec::new(),
            used: vec![MeasurementId(80)],
            notes: Vec::new(),
        }
    }
}
