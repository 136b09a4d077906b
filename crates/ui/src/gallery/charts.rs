//! Samples of the charts.

use maud::Markup;

use super::samples::at;
use crate::Words;
use crate::chart::{
    ControlChart, ControlPoint, Flow, Genealogy, GenealogyEdge, GenealogyNode, Level, Limits, Mark, Sankey,
    Series, Shape, Trend,
};
use crate::kit::badge::State;

pub(super) fn charts(w: &Words) -> Vec<(&'static str, Markup)> {
    vec![
        ("control", control(w).render(w)),
        ("genealogy", genealogy(w).render(w)),
        ("genealogy, folded", large_genealogy().render(w)),
        ("sankey", sankey(w).render(w)),
        ("trend", trend(w).render(w)),
        ("bars", bars(w).render(w)),
    ]
}

fn control(w: &Words) -> ControlChart {
    let level = |value: f64| Level { value, text: format!("{value:.2}") };
    let wave = |n: usize| 28.4 + 0.22 * ((n * 7 % 11) as f64 / 5.5 - 1.0);
    let point = |n: usize| ControlPoint {
        label: format!("R{n:02}"),
        at: Some(at(n as i64 * 1440)),
        level: level(if n == 17 { 29.02 } else { wave(n) }),
        href: format!("/results/{n}"),
        fired: if n == 17 {
            vec![w.pick("1 point beyond UCL", "1 点超出上控制限").into()]
        } else {
            Vec::new()
        },
    };
    ControlChart {
        id: "control".into(),
        what: "OREAS 100a, Nd".into(),
        unit: "mg/kg".into(),
        points: (1..=30).map(point).collect(),
        limits: Limits {
            centre: level(28.4),
            warning: Some((level(28.1), level(28.7))),
            control: (level(27.95), level(28.85)),
        },
    }
}

fn sankey(w: &Words) -> Sankey {
    let flow = |from: &str, to: &str, value: f64| Flow {
        from: from.into(),
        to: to.into(),
        value,
        text: format!("{value:.1}"),
        href: Some("/balance/3".into()),
        tone: (value < 160.0).then_some("@warning"),
        note: String::new(),
    };
    let (ore, mill, float) =
        (w.pick("Run-of-mine", "原矿"), w.pick("Mill", "磨矿"), w.pick("Flotation", "浮选"));
    Sankey {
        id: "sankey".into(),
        title: w.pick("Mass, March 2026", "质量平衡，2026年3月").into(),
        unit: "t".into(),
        flows: vec![
            flow(ore, mill, 1200.0),
            flow(mill, float, 1350.0),
            flow(float, mill, 150.0),
            flow(float, w.pick("Concentrate", "精矿"), 184.5),
            flow(float, w.pick("Tailings", "尾矿"), 1012.1),
        ],
    }
}

fn mark(n: usize, base: f64) -> Option<Mark> {
    let value = base + (n % 4) as f64 * 0.8;
    Some(Mark { value, text: format!("{value:.1}"), href: Some("/balance/3".into()) })
}

fn trend(w: &Words) -> Trend {
    Trend {
        id: "trend".into(),
        title: w.pick("Recovery by month", "各月回收率").into(),
        unit: "%".into(),
        categories: (1..=12).map(|month| format!("2026-{month:02}")).collect(),
        series: vec![
            Series {
                name: "La".into(),
                shape: Shape::Line,
                marks: (0..12).map(|n| if n == 5 { None } else { mark(n, 84.0) }).collect(),
            },
            Series {
                name: "Nd".into(),
                shape: Shape::Line,
                marks: (0..12).map(|n| mark(n + 1, 81.5)).collect(),
            },
        ],
    }
}

fn bars(w: &Words) -> Trend {
    Trend {
        id: "bars".into(),
        title: w.pick("Readings by instrument", "各仪器读数").into(),
        unit: w.pick("readings", "条").into(),
        categories: vec!["ICP-1".into(), "ICP-2".into(), "XRF".into()],
        series: vec![Series {
            name: w.pick("Readings", "读数").into(),
            shape: Shape::Bar,
            marks: vec![mark(1, 410.0), mark(2, 380.0), mark(3, 120.0)],
        }],
    }
}

fn genealogy(w: &Words) -> Genealogy {
    let node = |id: &str, label: &str, kind: &str, state, mass: &str| GenealogyNode {
        id: id.into(),
        label: label.into(),
        kind: kind.into(),
        state,
        mass: mass.into(),
        href: format!("/lots/{id}"),
    };
    let edge = |from: &str, to: &str, mass: &str| GenealogyEdge {
        from: from.into(),
        to: to.into(),
        mass: mass.into(),
        share: String::new(),
    };
    let (lot, ore) = (w.pick("lot", "批次"), w.pick("ore", "原矿"));
    Genealogy {
        id: "genealogy".into(),
        focus: "lot".into(),
        nodes: vec![
            node("ore-a", "ROM-A", ore, State::Neutral, "820 t"),
            node("ore-b", "ROM-B", ore, State::Neutral, "380 t"),
            node("blend", "BL-031", lot, State::Neutral, "1200 t"),
            node("conc", "CON-031", lot, State::Pass, "184.5 t"),
            node("tail", "TLS-031", lot, State::Neutral, "1012.1 t"),
            node("lot", "MnSO4-2603-014", lot, State::Held, "23.19 t"),
            node("sample", "S-2603-014", w.pick("sample", "样品"), State::Fail, "0.5 kg"),
            node("cert", "QC-2603-014", w.pick("certificate", "质量证明书"), State::Warning, ""),
        ],
        edges: vec![
            edge("ore-a", "blend", "820 t"),
            edge("ore-b", "blend", "380 t"),
            edge("blend", "conc", "184.5 t"),
            edge("blend", "tail", "1012.1 t"),
            edge("conc", "lot", "23.19 t"),
            edge("lot", "sample", "0.5 kg"),
            edge("sample", "cert", ""),
            edge("lot", "cert", "23.19 t"),
        ],
    }
}

/// One heap that went into 260 lots, each sampled: more than is drawn at once.
fn large_genealogy() -> Genealogy {
    let node = |id: String, mass: &str| GenealogyNode {
        href: format!("/lots/{id}"),
        label: id.clone(),
        id,
        kind: String::new(),
        state: State::Neutral,
        mass: mass.into(),
    };
    let edge =
        |from: String, to: String| GenealogyEdge { from, to, mass: String::new(), share: String::new() };
    let mut nodes = vec![node("H-1".into(), "52000 t")];
    let mut edges = Vec::new();
    for heap in 0..12 {
        nodes.push(node(format!("P-{heap}"), "4000 t"));
        edges.push(edge("H-1".into(), format!("P-{heap}")));
        for lot in 0..20 {
            nodes.push(node(format!("P-{heap}.{lot}"), "200 t"));
            edges.push(edge(format!("P-{heap}"), format!("P-{heap}.{lot}")));
        }
    }
    Genealogy { id: "genealogy-large".into(), focus: "P-3".into(), nodes, edges }
}
