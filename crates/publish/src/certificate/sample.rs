//! Made-up certificates: for the gallery, for tests, and as the worked example of `docs/dossier.md`.

use super::*;

/// A battery-grade manganese sulphate certificate, released, with every kind of result.
pub fn manganese_sulphate() -> CertificateDocument {
    let mut document = frame();
    document.items = vec![
        item(1, ("Manganese", "锰", "Mn"), Some("≥ 32.0"), "32.14", "%", icp(), Verdict::Pass),
        item(2, ("Calcium", "钙", "Ca"), Some("≤ 0.0050"), "0.0021", "%", icp(), Verdict::Pass),
        item(3, ("Magnesium", "镁", "Mg"), Some("≤ 0.0050"), "0.0034", "%", icp(), Verdict::Pass),
        item(4, ("Cadmium", "镉", "Cd"), Some("≤ 0.0005"), "<0.0001", "%", icp(), Verdict::Pass),
        item(5, ("Lead", "铅", "Pb"), Some("≤ 0.0010"), "<0.0002", "%", icp(), Verdict::Pass),
        item(6, ("Fluoride", "氟化物", "F"), Some("≤ 0.0070"), "0.0012", "%", icp(), Verdict::Pass),
        item(7, ("Insoluble matter", "水不溶物", ""), Some("≤ 0.01"), "<0.005", "%", wet(), Verdict::Pass),
        item(
            8,
            ("pH of 100 g/L solution", "pH 值（100 g/L 溶液）", ""),
            Some("4.0–6.5"),
            "5.12",
            "—",
            wet(),
            Verdict::Pass,
        ),
        item(9, ("Median particle size", "中位粒径", ""), None, "186", "µm", wet(), Verdict::NotJudged),
    ];
    document.items[0].uncertainty = Some("± 0.11 (k = 2)".into());
    document.items[7].marks = vec![Mark::HandTyped, Mark::ChangedSinceEntry];
    document.items[8].marks = vec![Mark::FromOtherLaboratory];
    document
}

/// Sixty lines with long names, to see the table break over pages.
pub fn sixty_items() -> CertificateDocument {
    let mut document = frame();
    let oxides = [
        ("Lanthanum oxide", "氧化镧", "La2O3"),
        ("Praseodymium oxide", "氧化镨", "Pr6O11"),
        (
            "Rare earth oxides, total, relative to dry mass after calcination at 950 °C",
            "稀土氧化物总量（950 ℃ 灼烧后按干基计算，含氧化钇）",
            "TREO",
        ),
        ("Terbium oxide", "氧化铽", "Tb4O7"),
    ];
    document.product = Product {
        name: Names::new("Mixed rare earth carbonate, low radioactivity", "混合碳酸稀土（低放射性）"),
        formula: Some("RE2(CO3)3·nH2O".into()),
        grade: "REC-45A".into(),
    };
    document.items = (0..60)
        .map(|n| {
            let result = ["12.345", "<0.0010", "0.0870", "104.2"][n % 4];
            item(n + 1, oxides[n % 4], Some("≤ 120.00"), result, "%", icp(), Verdict::Pass)
        })
        .collect();
    document.remarks.push(Names::new(
        "Results are on the sample as received unless the basis column says otherwise.",
        "除基准栏另有说明外，结果均以收到基样品计。",
    ));
    document
}

fn item(
    n: usize,
    (en, zh, formula): (&str, &str, &str),
    limit: Option<&str>,
    result: &str,
    unit: &str,
    method: Method,
    verdict: Verdict,
) -> Item {
    let qualifier = if result.starts_with('<') { Qualifier::Below } else { Qualifier::Value };
    Item {
        node: format!("result-{}", 100 + n),
        analyte: Analyte {
            name: Names::new(en, zh),
            formula: Some(formula.to_owned()).filter(|text| !text.is_empty()),
        },
        limit: limit.map(str::to_owned),
        result: Reported { qualifier, text: result.into() },
        unit: unit.into(),
        basis: (unit == "%").then(|| Names::new("dry", "干基")),
        method,
        reporting_limit: (unit == "%").then(|| "0.0001".into()),
        detection_limit: None,
        reporting_rule: (unit == "%").then_some(ReportingRule::BelowLoq),
        interval: None,
        substitution: None,
        sample: None,
        samples: None,
        uncertainty: None,
        verdict,
        marks: Vec::new(),
    }
}

fn icp() -> Method {
    Method {
        code: "HG/T 4823-2023".into(),
        edition: "5.4".into(),
        technique: Some(Names::new("ICP-OES", "电感耦合等离子体发射光谱法")),
    }
}

fn wet() -> Method {
    Method { code: "OP-LAB-017".into(), edition: "v3".into(), technique: None }
}

fn frame() -> CertificateDocument {
    CertificateDocument {
        schema: SCHEMA.into(),
        node: "certificate-12".into(),
        issuer: Issuer {
            name: Names::new("Lianhe Institute of Critical Minerals", "联合关键矿产研究院"),
            address: Names::new(
                "88 Lushan South Road, Yuelu District, Changsha, Hunan",
                "湖南省长沙市岳麓区麓山南路 88 号",
            ),
            contact: Some("+86 731 0000 0000 · quality@lianhe.example".into()),
            accreditation: Some(Names::new("Testing laboratory L00000", "检测实验室 L00000")),
        },
        number: "C-2026-0012".into(),
        revision: 1,
        issued_at: "2026-03-14T09:26:53Z".into(),
        issued_on: "2026-03-14".into(),
        supersedes: Some(Supersedes {
            number: "C-2026-0012".into(),
            revision: 0,
            reason: Names::new("Net mass corrected after reweighing", "复磅后更正净重"),
        }),
        customer: Party {
            name: Names::new("Beihai Cathode Materials Co., Ltd.", "北海正极材料有限公司"),
            address: Some(Names::new("Tieshan Port, Beihai, Guangxi", "广西北海市铁山港区")),
        },
        contract: Some("BH-2026-031".into()),
        product: Product {
            name: Names::new("Manganese sulphate monohydrate, battery grade", "电池级一水硫酸锰"),
            formula: Some("MnSO4·H2O".into()),
            grade: "MSM-B1".into(),
        },
        specification: Specification {
            code: "HG/T 4823".into(),
            edition: "2023".into(),
            title: Some(Names::new("Manganese sulphate for batteries", "电池用硫酸锰")),
            judgement: Names::new(
                "rounded value compared with the limit, GB/T 8170",
                "修约值比较法，GB/T 8170",
            ),
        },
        lot: Lot {
            code: "MS-260314-02".into(),
            node: "lot-31".into(),
            produced_on: "2026-03-12".into(),
            packages: Some(Packages { count: 24, kind: Names::new("big bags", "吨袋") }),
            gross_kg: Some("24180".into()),
            net_kg: "24000".into(),
            net_basis: Names::new("as received", "收到基"),
            moisture_percent: Some("0.42".into()),
            dry_kg: Some("23899.2".into()),
        },
        sampling: Some(Sampling {
            plan: Names::new(
                "GB/T 6678, every bag, composite of 24 increments",
                "GB/T 6678，逐袋取样，24 份子样合成",
            ),
            sampled_on: "2026-03-12".into(),
            samples: vec!["S-2026-0311".into()],
        }),
        items: Vec::new(),
        disposition: Disposition::Released {
            statement: Names::new(
                "Every required item conforms to the specification. The lot is released.",
                "所检必检项目均符合规范要求，本批准予放行。",
            ),
        },
        origin: Some(Origin {
            statement: Names::new(
                "Manganese attributed to its ore sources by dry mass of contained metal.",
                "锰来源按所含金属干量归属至矿源。",
            ),
            custody_model: Names::new("controlled blending (ISO 22095)", "受控混合（ISO 22095）"),
            shares: vec![
                OriginShare { source: Names::new("Xiangtan", "湘潭"), share_percent: "71.3".into() },
                OriginShare { source: Names::new("Daxin", "大新"), share_percent: "28.7".into() },
            ],
        }),
        signatures: [
            (Meaning::Tested, "Chen Yu", "陈瑜", "A-0117"),
            (Meaning::Checked, "Liu Min", "刘敏", "A-0088"),
            (Meaning::Approved, "Martha Okoye", "玛莎·奥科耶", "A-0042"),
            (Meaning::Released, "Wang Jianguo", "王建国", "A-0007"),
        ]
        .into_iter()
        .map(|(meaning, en, zh, authorisation)| Signature {
            meaning,
            name: Names::new(en, zh),
            at: "2026-03-14T09:12:00Z".into(),
            authorisation: authorisation.into(),
            authorised: "2025-09-01 – 2027-08-31".into(),
        })
        .collect(),
        remarks: Vec::new(),
        verification: VerificationCode {
            code: "7K2F-93QD-MX4T".into(),
            url: "https://lims.lianhe.example/v/7K2F-93QD-MX4T".into(),
        },
        ledger_origin: "lianhe.example/ledger".into(),
        synthetic: true,
    }
}
