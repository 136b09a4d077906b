//! What strangers still found to be read wrongly without a word: rows of another length than their header,
//! units told beside or above the values, labels of limits, times in words, units in the heads of columns.
//! Beside each kind stand sound files, which must stay unasked.

use intake::{Import, Limits, read};

use crate::foreign::{import, lines};

const WIDE: &str = "[open]\ndelimiter = \"comma\"\n[sample]\ncolumn = \"Sample\"\n[columns]\n\
                    [unit]\nconstant = \"%\"\n";
const REMARK: &str = "[open]\ndelimiter = \"comma\"\n[sample]\ncolumn = \"Sample\"\n[columns]\n\
    from = \"Fe\"\nto = \"Mn\"\n[unit]\nconstant = \"%\"\n";
const LONG: &str = "[open]\ndelimiter = \"comma\"\n[sample]\ncolumn = \"Sample\"\n[analyte]\n\
    column = \"El\"\n[value]\ncolumn = \"Conc\"\nunit_column = \"Unit\"\n";
const STATED: &str = "[open]\ndelimiter = \"comma\"\n[sample]\ncolumn = \"Sample\"\n[analyte]\n\
    column = \"El\"\n[value]\ncolumn = \"Conc\"\n[unit]\nconstant = \"%\"\n";

fn with(mapping: &str, text: &str) -> Import {
    import("a.csv", text.as_bytes(), mapping)
}

fn shipped(name: &str, text: &str) -> Import {
    let mapping = intake::shipped().into_iter().find(|one| one.name == name).unwrap();
    read("a.csv", text.as_bytes(), &mapping, &Limits::default()).unwrap_or_else(|error| panic!("{error}"))
}

/// No reading of the row counts without a person.
fn kept_out(import: &Import, row: &str) -> bool {
    import.readings.iter().filter(|one| one.row == row).all(|one| one.needs_decision.is_some())
}

fn unasked(import: &Import) -> bool {
    !import.readings.is_empty() && import.readings.iter().all(|one| one.needs_decision.is_none())
}

/// Checks a table of (what, rows asked) and names every line that is wrong.
fn judge(cases: &[(String, Import, &str, bool)]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter(|(_, found, row, asks)| match (asks, *row) {
            (true, row) => !kept_out(found, row),
            (false, "") => !unasked(found),
            (false, row) => {
                let mut own = found.readings.iter().filter(|one| one.row == row).peekable();
                own.peek().is_none() || own.any(|one| one.needs_decision.is_some())
            }
        })
        .map(|(what, found, row, asks)| {
            let why = found.readings.iter().find_map(|one| one.needs_decision.clone());
            format!("row {row:?} asks {asks}: {what:?} {why:?} {:?}", lines(found))
        })
        .collect();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

const HEAD: &str = "Sample,Fe,Mn,Remark\nS1,1.5,2,ok\n";

#[test]
fn a_row_of_another_length_than_its_header_asks() {
    let mut cases = Vec::new();
    for (row, asks) in [
        ("S2,1.53,\n", true), // between the values, remark empty
        ("S2,3,\n", true),    // before an empty value
        ("S22.5,3,\n", true), // behind the id
        ("S2,2.5\n", true),   // cut off, or lost
        ("S2,2.5,\n", true),
        ("S2,1.5,3\n", false), // the remark was empty
        ("S2,1.5,3,\n", false),
        ("S2,,3\n", false),
        ("S2,1,52,3,\n", true), // a decimal comma
        ("S2,1,52,3,ok\n", true),
        ("S2,,1.5,3,\n", true), // a separator too many
        ("S2,1.5,3,late\n", false),
    ] {
        for behind in ["", "S3,2,2,ok\nS4,2,2,\n"] {
            let text = format!("{HEAD}{row}{behind}");
            cases.push((text.clone(), with(REMARK, &text), "3", asks));
        }
    }
    for (text, row, asks) in [
        ("Sample,Fe,Mn,Cu\nS1,1,2,3\nS2,1,3\nS3,1,2,3\n", "3", true),
        ("Sample,Fe,Mn,Cu\nS1,1,2,3\nS2,13,4\nS3,1,2,3\n", "3", true),
        ("Sample,Fe,Mn,Cu\nS1,1,2\nS2,1,2\n", "2", true),
        ("Sample,Fe,Mn,Cu,\nS1,1,2,3\nS2,1,2,3\n", "", false),
        ("Sample,Fe,Mn,Cu\nS1,1,2,3,\nS2,1,2,3,\n", "", false),
        ("Sample,Fe,Mn,Cu\nS1,1,2,3,\nS2,12,3,\nS3,1,2,3,\n", "3", true),
        ("Sample,Fe,Mn,Cu,,\nS1,1,2,3,,\nS2,12,3,,\nS3,1,2,3,,\n", "3", true),
        ("Sample,Fe,Mn,Cu,,\nS1,1,2,3,,\nS2,1,2,,,\n", "", false),
        ("Sample,Fe,Mn\nS1,1,52,\nS2,1,2\n", "2", true),
        ("Sample,Fe,Mn\nS1,1,52,\n", "2", true),
        ("Sample,Fe,Mn\nS1,1,52\nS2,1,2\n", "", false),
    ] {
        cases.push((text.to_owned(), with(WIDE, text), row, asks));
    }
    // what stands in the last column elsewhere tells whether a cell can have moved
    let weight = REMARK.to_owned();
    for (text, row, asks) in [
        ("Sample,Fe,Mn,Weight\nS1,1.5,2,0.5\nS2,1.53,4\n", "3", true),
        ("Sample,Fe,Mn,Weight\nS1,1.5,2\nS2,1.53,4\n", "3", true),
        ("Sample,Fe,Mn,Operator\nS1,1.5,2,LW\nS2,1.53,4\n", "3", false),
        ("Sample,Fe,Mn,Operator,Remark\nS1,1.5,2,LW,ok\nS2,1.53,4,LW\n", "3", false),
        ("Sample,Fe,Mn,Operator,Remark\nS1,1.5,2,LW,ok\nS2,1.53,4\n", "3", false),
        ("Sample,Fe,Mn,Operator,Remark\nS1,1.5,2,LW,ok\nS2,1.53,LW,ok\n", "3", true),
        (
            "Sample,Fe,Mn,Remark\nS1,1.5,2.1,ok\nS2,3,164,2.5\nS3,1.5,2.1,ok\nS4,1.5,2.1,ok\nS5,1,2,ok\n",
            "3",
            true,
        ),
        (
            "Sample,Fe,Mn,Remark\nS1,1.5,2.1,ok\nS2,,1.5,2.5\nS3,1.5,2.1,ok\nS4,1.5,2.1,ok\nS5,1,2,ok\n",
            "3",
            true,
        ),
        (
            "Sample,Fe,Mn,Remark\nS1,1.5,2.1,ok\nS2,2.5,1.5,2\nS3,1.5,2.1,ok\nS4,1.5,2.1,ok\nS5,1,2,ok\n",
            "",
            false,
        ),
        ("Sample,Fe,Mn\nS1,1.5,2\nS2,,\nS3,1.5,2\n", "", false),
        ("Sample,Fe,Mn\nS1,1.5,2\nS2\nS3,1.5,2\n", "4", true),
        ("Sample,Fe,Mn,Comment\nS1,1.5,2\nS2,1.53,4\n", "", false),
        ("Sample,Fe,Mn,备注\nS1,1.5,2\nS2,1.53,4\n", "", false),
    ] {
        cases.push((text.to_owned(), with(&weight, text), row, asks));
    }
    for (text, row, asks) in [
        ("Sample,El,Conc,Unit,Remark\nS1,Fe,1,%,ok\nS1,Mn,2,%\n", "", false),
        ("Sample,El,Conc,Unit,Remark\nS1,Fe,1,%,\nS1Mn,2,%,\n", "3", true),
        ("Sample,El,Conc,Unit,Limit\nS1,Fe,1,%,0.1\nS1,Mn,2,%\n", "", false),
        ("Sample,El,Range,Conc,Unit,Limit\nS1,Fe,1,1.5,%,0.1\nS1,Mn,12.5,%,0.1\n", "3", true),
    ] {
        cases.push((text.to_owned(), with(LONG, text), row, asks));
    }
    let transposed =
        "[open]\ndelimiter = \"comma\"\nlayout = \"transposed\"\n[columns]\nfrom = 2\n[analyte]\n\
        column = 1\n[unit]\nconstant = \"%\"\n"
            .replace("[open]\ndelimiter = \"comma\"\nlayout = \"transposed\"\n", "layout = \"transposed\"\n");
    cases.push((String::new(), with(&transposed, "El,S1,S2,S3\nFe,1,2,3\nMn,12,3\nCu,1,2,3\n"), "3", true));
    cases.push((String::new(), with(&transposed, "El,S1,S2,S3\nFe,1,2,3\nMn,1,2,3\n"), "", false));
    judge(&cases);
}

const RIGAKU: &str =
    ",,,,SiO2,,Fe2O3,,CaO\n,,,,mass%,,mass%,,mass%\nA1,PIGMT,90.9,2026/03/31 14:33,50.1,,3.3,,7\n";

#[test]
fn rows_of_shipped_mappings_that_lost_a_separator_ask() {
    let mut cases = Vec::new();
    for (row, asks) in [
        ("A2,PIGMT,90.9,2026/03/31 14:33,51.1,,3.4,,8\n", false),
        ("A2,PIGMT,90.9,2026/03/31 14:33,51.1,,,,8\n", false),
        ("A2,PIGMT,90.9,2026/03/31 14:33,51.1,3.4,,8\n", true),
        ("A2,PIGMT,90.92026/03/31 14:33,51.1,,3.4,,8\n", true),
        ("A2,PIGMT,90.9,2026/03/31 14:33,51.13.4,,8\n", true),
        ("A2,PIGMT,90.9,2026/03/31 14:33,51.1,,8\n", true),
        ("A2,PIGMT,90.9,2026/03/31 14:33,51.1\n", true),
        ("A2,PIGMT,90.9,2026/03/31 14:33,51.1,,3.4,,8,,\n", true),
    ] {
        for behind in ["", "A3,PIGMT,90.9,2026/03/31 14:33,52.1,,3.5,,9\n"] {
            let text = format!("{RIGAKU}{row}{behind}");
            cases.push((row.to_owned(), shipped("rigaku-supermini", &text), "4", asks));
        }
    }
    let head = "Formula,Concentration,Z,Status,Line 1,Net int.,LLD,Stat. error,Analyzed layer,Bound %\n\
        CaO,12 %,20,XRF 1,Ca KA1-HR-Tr,61,2 PPM,0.7%,2 um,\n";
    for (row, asks) in [
        ("SiO2,12 %,14,XRF 1,Si KA1-HR-Tr60,2 PPM,0.7%,2 um,\n", true),
        ("SiO2,12 %,14,XRF 1,Si KA1-HR-Tr,60,2 PPM,0.7%,2 um,\n", false),
    ] {
        let text = format!("{head}{row}");
        cases.push((row.to_owned(), shipped("bruker-s8-tiger", &text), "3", asks));
    }
    judge(&cases);
}

#[test]
fn a_unit_told_in_the_row_against_the_mapping_asks() {
    let mut cases = Vec::new();
    for (head, cell, asks) in [
        ("Unit", "ppm", true),
        ("Units", "mg/kg", true),
        ("Einheit", "mg/L", true),
        ("单位", "ppm", true),
        ("Ед. изм.", "г/т", true),
        ("UOM", "g/t", true),
        ("Dim.", "ppb", true),
        ("", "ppm", true),
        ("Unit", "%", false),
        ("Unit", "wt%", false),
        ("Unit", "-", false),
        ("Unit", "", false),
        ("Unit", "Mill 3", false),
        ("Remarks", "ppm", true),
        ("Comment", "result in ppm", true),
        ("Comment", "values are mg/kg", true),
        ("备注", "单位：mg/kg", true),
        ("Bemerkung", "Angabe in ppm", true),
        ("Comment", "in %", false),
        ("Comment", "diluted with 5 % HNO3", false),
        ("Comment", "spiked 10 ppm", false),
        ("Comment", "rerun", false),
        ("Unit", "g", true),
        ("Unit", "kcps", true),
    ] {
        let text = format!("Sample,Fe,Mn,{head}\nS1,1,2,{cell}\n");
        cases.push((format!("{head} {cell}"), with(REMARK, &text), "2", asks));
        let text = format!("Sample,El,Conc,{head}\nS1,Fe,1,{cell}\n");
        cases.push((format!("long {head} {cell}"), with(STATED, &text), "2", asks));
        if !head.is_empty() {
            let kept = format!("{REMARK}[[attribute]]\nname = \"u\"\ncolumn = \"{head}\"\n");
            let text = format!("Sample,Fe,Mn,{head}\nS1,1,2,{cell}\n");
            cases.push((format!("kept {head} {cell}"), with(&kept, &text), "2", asks));
        }
    }
    // only the row that says so
    let found = with(REMARK, "Sample,Fe,Mn,Unit\nS1,1,2,%\nS2,1,2,ppm\n");
    cases.push(("one row".to_owned(), found, "2", false));
    // a unit row that the mapping does not know
    cases.push(("below".to_owned(), with(REMARK, "Sample,Fe,Mn\n,ppm,ppm\nS1,1,2\n"), "3", true));
    cases.push(("below".to_owned(), with(REMARK, "Sample,Fe,Mn\n,ppm,%\nS1,1,2\n"), "3", true));
    cases.push(("below".to_owned(), with(REMARK, "Sample,Fe,Mn\nUnit,ppm,ppm\nS1,1,2\n"), "3", true));
    cases.push(("below".to_owned(), with(REMARK, "Sample,Fe,Mn\n,%,%\nS1,1,2\n"), "", false));
    cases.push(("below".to_owned(), with(REMARK, "Sample,Fe,Mn\nUnit,%,wt%\nS1,1,2\n"), "", false));
    judge(&cases);
}

#[test]
fn a_unit_above_the_header_is_heard() {
    let when = format!("{REMARK}[header]\nwhen = {{ column = 1, equals = \"Sample\" }}\n");
    let any = format!("[[preamble]]\nany = true\n{when}");
    let mut cases = Vec::new();
    for (line, asks) in [
        (",ppm,ppm", true),
        (",ppm,%", true),
        (",%,ppm", true),
        ("Unit,ppm,ppm", true),
        (",mg/kg,mg/kg,", true),
        (",%,%", false),
        (",wt%,%,", false),
        ("结果单位为 mg/kg", true),
        ("结果（mg/kg）", true),
        ("单位：%", false),
        ("单位：ppm", true),
        ("单位: g/t", true),
        ("含量单位 ppm", true),
        ("以 mg/kg 计", true),
        ("结果单位为 %", false),
        ("数据单位,ppm", true),
        ("All results in ppb", true),
        ("All results in %", false),
        ("Concentrations are given as mg/kg", true),
        ("Assay (ppm)", true),
        ("Ergebnisse [mg/kg]", true),
        ("Angaben in mg/kg TS", true),
        ("Résultats en mg/kg", true),
        ("Результаты, мг/кг", true),
        ("Resultados (ppm)", true),
        ("Unit = ppm", true),
        ("Units ppm", true),
        ("ＵＮＩＴ：ｐｐｍ", true),
        ("Digestion with 5 ppm Rh", false),
        ("Digestion: 10 mg/L HNO3", false),
        ("Client: Mount Unit Pty", false),
        ("Order 12/2026", false),
        ("Results ×10⁻³ %", true),
        ("Values in thousands", true),
        ("Results multiplied by 10", true),
        ("Standard deviations (%)", true),
        ("Elements in ppm, oxides in %", true),
        ("Fe: ppm; Mn: %", true),
        ("ppm (Fe in %)", true),
        ("Results are in milligrams per kilogram", true),
        ("Angaben in Promille", true),
        ("ResultsPPM", true),
        ("Certificate No 1234", false),
        ("Mass 0.5 g, volume 100 mL", false),
        ("Temperature 21 °C", false),
        ("Unit: ppm\nLaboratory North", true),
        ("Unit: ppm\nUnit: %", true),
    ] {
        let row = if line.contains('\n') { "4" } else { "3" };
        let text = format!("{line}\nSample,Fe,Mn\nS1,1,2\n");
        for (how, mapping) in [("when", &when), ("any", &any)] {
            let found = with(mapping, &text);
            let asked = found.readings.iter().any(|one| one.row == row && one.needs_decision.is_some());
            // of a row with different units the column that differs
            let partly = line.contains(",%,ppm") || line.contains(",ppm,%");
            if partly {
                assert!(asked && !kept_out(&found, row), "{line} {how}");
            } else {
                cases.push((format!("{how} {line}"), found, row, asks));
            }
        }
    }
    judge(&cases);
}

#[test]
fn limits_specifications_and_statistics_are_no_samples() {
    let labels = "Grenzwert|规格|Spec max|Spec min|Spec. max.|Max spec|RL|R.L.|指标|限值|Норма|Soll|Sollwert|USL|\
        LSL|UCL|LCL|Target|Cert. value|Certified|Toleranz|Limite|Especificación|标准值|检出限|定量限|MDL|\
        PQL|LOR|EQL|MRL|LLOQ|ULOQ|Limit|Limits|Upper limit|Lower limit|Grenzwerte|Richtwert|\
        Höchstwert|Zielwert|Spezifikation|Specification|Specs|Spec|Tolerance|Tolerancia|\
        Tolérance|Valeur limite|Valeur cible|Cible|Norme|Spécification|Objetivo|Límite máximo|\
        Límite|ПДК|Допуск|Спецификация|Цель|规格上限|规格下限|规格值|上限|下限|控制限|目标值|标准要求|技术要求|技术指标|要求|公差|允许差|\
        標準規格|規格値|目標値|管理値|定量下限|방출기준|기준|규격|Nominal|Acceptance limit|Control limit|Warning limit|\
        Action limit|Max. allowed|Permissible|Threshold|Setpoint|Certified value|Ref. value|\
        Expected value|True value|Zertifizierter Wert|Warngrenze|Vorgabe|Nennwert|Untergrenze|\
        Obergrenze|Bestimmungsgrenze|NWG|BG|Spec (max)|Spec max %|ＵＳＬ|usl|U.S.L.|Fe mean|Mean Fe|\
        LOD Fe|Max (n=3)|Mean n=3|Mean (3)|RL (ppm)|MDL mg/L|Spec Fe|P95|标准限值|产品指标|质量指标|验收标准|\
        合格标准|Requirement|Guideline|Target value|Zielbereich|Sollbereich|Spec. limit|不大于|不小于|≤|\
        Не более|Минимум|Mean S1-S3|MW 1-3|max. 0.5|Percentile 95|CL 95%|OREAS 25 target|S1 USL|\
        S1 (RL)|Hi limit|Tol.|Max. zul.|Slope|Gesamtmittel|к-во проб|允许范围";
    let mut cases = Vec::new();
    for label in labels.split('|') {
        let text = format!("Sample,Fe,Mn\nS1,1.5,2\nS2,1.6,2\n{label},1.9,7\nS3,1.5,4\n");
        cases.push((label.to_owned(), with(WIDE, &text), "4", true));
        let text = format!("{RIGAKU}{label},,,,50.9,,3.9,,7.7\n");
        cases.push((format!("rigaku {label}"), shipped("rigaku-supermini", &text), "4", true));
        let transposed = "layout = \"transposed\"\n[columns]\nfrom = 2\n[analyte]\ncolumn = 1\n[unit]\n\
                          constant = \"%\"\n";
        let found = with(transposed, &format!("El,S1,{label}\nFe,1,2\n"));
        let own: Vec<bool> = found.readings.iter().map(|one| one.needs_decision.is_some()).collect();
        assert_eq!(own, [false, true], "{label} in a column");
    }
    judge(&cases);
}

#[test]
fn ids_with_serial_numbers_are_samples_unless_their_numbers_are_a_statistic() {
    let mut cases = Vec::new();
    for ids in [
        "P94|P95|P96",
        "AVG-1|AVG-2|AVG-3",
        "Mean Creek 4|Mean Creek 5",
        "LCL-001|LCL-002",
        "平均样3|平均样4",
        "RL-2024-01|RL-2024-02",
        "MAX-12|MAX-13",
        "USL 1|USL 2",
        "Spec-7|Spec-8",
        "规格样1|规格样2",
        "Soll 12|Soll 13",
        "MDL3|MDL4",
        "Target 12",
        "Median-14",
        "Norma 3",
        "Норма-3|Норма-4",
        "Limite 4",
        "High|Low|Upper|Lower",
        "Target 4-12|MAX 2024-01",
        "S1|LCL-7",
        "MAX-12A|MAX-13A",
        "Maxwell|Specht|Solln|Normandy|Limestone|Toleranzia|Grenzwerk",
    ] {
        let rows: String = ids
            .split('|')
            .enumerate()
            .map(|(at, id)| format!("{id},{}.25,{}\n", at + 3, at * at + 7))
            .collect();
        cases.push((
            ids.to_owned(),
            with(WIDE, &format!("Sample,Fe,Mn\nS1,1.5,2\nS2,9,1\n{rows}")),
            "",
            false,
        ));
    }
    for (label, fe, mn, asks) in [
        ("AVG-1", "2", "5", true),
        ("AVG-1", "2.00", "5.0", true),
        ("Mean 3", "2", "5", true),
        ("MAX-12", "3", "6", true),
        ("MIN-12", "1", "4", true),
        ("Sum 3", "6", "15", true),
        ("Mean S1", "8", "9", true), // said of an id above
        ("MAX-12", "3", "9", false),
        ("AVG-1", "2.1", "5", false),
        ("P95", "2.9", "5.9", true),
    ] {
        let text = format!("Sample,Fe,Mn\nS1,1,4\nS2,2,5\nS3,3,6\n{label},{fe},{mn}\n");
        cases.push((format!("{label} {fe} {mn}"), with(WIDE, &text), "5", asks));
    }
    judge(&cases);
}

#[test]
fn times_that_fit_no_format_ask_and_names_of_months_are_read() {
    let mapping = |format: &str| format!("{REMARK}[time]\ncolumn = \"At\"\nformat = \"{format}\"\n");
    let mut cases = Vec::new();
    for (format, text, at) in [
        ("%Y-%m-%d", "2024-13-14", None),
        ("%Y-%m-%d", "yesterday", None),
        ("%Y-%m-%d", "14.3.24", None),
        ("%Y-%m-%d %H:%M", "2024-03-14 25:00", None),
        ("%Y-%m-%d", "2024-02-30", None),
        ("%d-%b-%Y", "14-Mar-2024", Some("2024-03-14")),
        ("%d-%b-%Y", "14-Mär-2024", Some("2024-03-14")),
        ("%d-%b-%Y", "14-MÄR-2024", Some("2024-03-14")),
        ("%d-%b-%Y", "14-Mrz-2024", Some("2024-03-14")),
        ("%d-%b-%Y", "14-Okt-2024", Some("2024-10-14")),
        ("%d-%b-%Y", "14-Dez-2024", Some("2024-12-14")),
        ("%d-%b-%Y", "14-Mai-2024", Some("2024-05-14")),
        ("%d %b %Y", "14 mars 2024", Some("2024-03-14")),
        ("%d %b %Y", "14 févr. 2024", Some("2024-02-14")),
        ("%d %B %Y", "14 août 2024", Some("2024-08-14")),
        ("%d %B %Y", "14 мая 2024", Some("2024-05-14")),
        ("%d %b %Y", "14 сент. 2024 г.", Some("2024-09-14")),
        ("%d %B %Y", "14 de marzo de 2024", Some("2024-03-14")),
        ("%d/%b/%Y", "14/ene/2024", Some("2024-01-14")),
        ("%d/%m/%Y", "14-Mär-2024", Some("2024-03-14")),
        ("%Y-%m-%d", "14 мая 2024", Some("2024-05-14")),
        ("%Y-%m-%d", "14. März 2024", Some("2024-03-14")),
        ("%Y-%m-%d %H:%M", "14 mars 2024 16:05", Some("2024-03-14T16:05:00")),
        ("%Y-%m-%d", "14-Mär-24", None),
        ("%Y-%m-%d", "14 foo 2024", None),
        ("%d-%b-%Y", "31-Feb-2024", None),
        ("%d-%b-%Y", "31-févr-2024", None),
    ] {
        let found = with(&mapping(format), &format!("Sample,At,Fe,Mn\nS1,{text},1,2\n"));
        assert_eq!(found.readings[0].measured_at.as_deref(), at, "{text} by {format}");
        cases.push((format!("{text} by {format}"), found, "2", at.is_none()));
    }
    for text in ["", "-"] {
        let found = with(&mapping("%Y-%m-%d"), &format!("Sample,At,Fe,Mn\nS1,{text},1,2\n"));
        cases.push((format!("no time {text}"), found, "2", false));
    }
    judge(&cases);
}

#[test]
fn cyrillic_files_are_read_or_refused_with_words() {
    let encode = |text: &str| encoding_rs::WINDOWS_1251.encode(text).0.into_owned();
    let text = "Проба,Fe,Mn,Примечание\nПроба-1,1,2,повтор\nРуда-2,3,4,\n";
    let mapping = REMARK.replace("\"Sample\"", "\"Проба\"");
    let found = import("a.csv", &encode(text), &mapping);
    assert_eq!(lines(&found)[2], "3|Руда-2|sample|Fe||value|3|%|");
    assert!(unasked(&found), "{:?}", found.readings);
    assert!(found.warnings.iter().any(|one| one.contains("windows-1251")), "{:?}", found.warnings);
    let named = mapping.replace("delimiter", "encoding = \"windows-1251\"\ndelimiter");
    let found = import("a.csv", &encode(text), &named);
    assert!(unasked(&found) && found.warnings.iter().all(|one| !one.contains("1251")));
    // no Russian: KOI8-R read so has its letters the other way round; Western letters stand alone
    let parse = |mapping: &str| {
        let head = "name = \"x\"\nversion = 1\ninstrument = \"X\"\nclass_default = \"sample\"\n";
        intake::Mapping::parse(&format!("{head}{mapping}"), "x").unwrap()
    };
    for bytes in [
        encoding_rs::KOI8_R.encode(text).0.into_owned(),
        encoding_rs::IBM866.encode(text).0.into_owned(),
        encoding_rs::WINDOWS_1252.encode("Sample,Fe,Mn,Remark\nMüller,1,2,créée\n").0.into_owned(),
        encoding_rs::SHIFT_JIS.encode("Sample,Fe,Mn\n試料番号,1,2\n").0.into_owned(),
    ] {
        let error = read("a.csv", &bytes, &parse(&mapping), &Limits::default());
        match error {
            Err(error) => assert!(error.to_string().contains("windows-1251"), "{error}"),
            Ok(found) => assert!(!unasked(&found), "{:?}", lines(&found)),
        }
    }
}

#[test]
fn units_in_heads_are_heard_in_any_writing() {
    let mapping = "[open]\ndelimiter = \"comma\"\n[sample]\ncolumn = \"Sample\"\n[columns]\n[analyte]\n\
        pattern = '^(?<analyte>[A-Z][a-z]?)(?:\\b|_|ppm).*$'\n[unit]\nconstant = \"%\"\n";
    let mut cases = Vec::new();
    for (head, asks) in [
        ("Cu／ppm", true),
        ("Cu/ppm", true),
        ("Cu (g)", true),
        ("Cu（g）", true),
        ("Cu [t]", true),
        ("Cu (kg)", true),
        ("Cu (mL)", true),
        ("Cu [ppm]", true),
        ("\"Cu, ppm\"", true),
        ("Cu ppm", true),
        ("Cu　ppm", true),
        ("Cu，ppm", true),
        ("Cu；ppm", true),
        ("Cu｜ppm", true),
        ("Cu|ppm", true),
        ("Cu∕ppm", true),
        ("Cu—ppm", true),
        ("Cu【ppm】", true),
        ("Cu〔mg/kg〕", true),
        ("Cu <ppm>", true),
        ("Cu:ppm", true),
        ("Cu：ppm", true),
        ("Cu.ppm", true),
        ("Cu ㎎/㎏", true),
        ("Cu ＰＰＭ", true),
        ("Cu ppm.", true),
        ("Cu(ppm)ICP", true),
        ("Cu in ppm", true),
        ("Cu_mg_kg", true),
        ("Cu mgkg", true),
        ("Cuppm", true),
        ("Cu_pct", false),
        ("Cu (mg/100g)", true),
        ("Cu／％", false),
        ("Cu (%)", false),
        ("Cu【%】", false),
        ("Cu (wt.-%)", false),
        ("Cu (Ges.)", false),
        ("Cu", false),
    ] {
        let text = format!("Sample,{head}\nS1,1\n");
        cases.push((head.to_owned(), with(mapping, &text), "2", asks));
    }
    // another quantity in its own unit, stated by the mapping or by the head alone
    let energy = "[open]\ndelimiter = \"comma\"\n[sample]\ncolumn = \"Sample\"\n[columns]\n[analyte]\n\
        pattern = '^(?<analyte>[A-Za-z]+).*$'\nknown = [\"CV\", \"Hu\", \"pH\", \"Ash\"]\n[unit]\n\
        constant = \"MJ/kg\"\n";
    for head in ["CV (MJ/kg)", "Hu [MJ/kg]", "CV MJ/kg", "\"CV, MJ/kg\"", "CV (mj/kg)", "CV（MJ／kg）", "CV"]
    {
        let text = format!("Sample,{head}\nS1,28.5\n");
        cases.push((head.to_owned(), with(energy, &text), "2", false));
    }
    for head in ["CV (kJ/kg)", "CV (kcal/kg)", "CV %"] {
        let text = format!("Sample,{head}\nS1,28.5\n");
        cases.push((head.to_owned(), with(energy, &text), "2", true));
    }
    let text = "Sample,El,Conc,Unit\nS1,CV,28.5,MJ/kg\nS1,CV,6800,kcal/kg\nS1,CV,28500,kJ/kg\n\
        S1,CV,28.5,GJ/t\n\
        S1,CV,12000,Btu/lb\nS1,CV,3,kWh/t\n";
    cases.push(("long".to_owned(), with(LONG, text), "", false));
    judge(&cases);
}
