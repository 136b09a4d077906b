//! Sheets of laboratories and laboratory systems: certificates with rows of methods, samples in columns,
//! several results per row, signs in a column of their own, Chinese exports.
//!
//! The layouts are those of real exports, the content is made up; each mapping was written from the manual
//! alone and each key by hand, before the file was read.

use encoding_rs::GB18030;

use crate::foreign::{agrees, latin};

/// A certificate: method, analyte, unit and limit above, titles between groups of samples.
#[test]
fn certificates_with_titles_between_the_samples() {
    let text = r#""BUREAU Report MOS25000123",,,,,
"Client:","ABC, Inc.",,,,
,,Method,WGHT,FA430,AQ200
,,Analyte,Wgt,Au,Fe2O3
,,Unit,KG,PPM,%
,,MDL,0.01,0.005,0.01
Sample,Type,,,,
0001,Drill Core,,2.25,0.013,5.41
0002,Drill Core,,1.98,<0.005,>40.00
Pulp Duplicates,,,,,
0001,Drill Core,,2.25,0.013,5.41
REP 0001,QC,,,0.012,5.40
Reference Materials,,,,,
STD OREAS 25A,STD,,,0.020,1.01
BLK,BLK,,,<0.005,<0.01
"#;
    agrees(
        "bv.csv",
        text.as_bytes(),
        r#"
class_default = "sample"
[[preamble]]
label = "Client:"
[[skip]]
when = { column = 1, matches = '^BUREAU' }
[[skip]]
when = { column = 1, equals = "Sample" }
[[heading]]
cell = 1
pattern = '^(?<section>Pulp Duplicates|Reference Materials)$'
[header]
row = 3
rows = ["channel", "analyte", "unit", "lld"]
[columns]
from = 4
[sample]
column = 1
[value]
empty = "skip"
[[class]]
when = { column = 2, equals = "BLK" }
is = "blank"
[[class]]
when = { column = 2, equals = "STD" }
is = "control"
[[class]]
when = { column = 1, matches = '^REP ' }
is = "duplicate"
[[columns.set]]
name = "Wgt"
ignore = true
"#,
        &[
            "8|0001|sample|Au|FA430|0.013|value|0.013|ppm|||",
            "8|0001|sample|Fe2O3|AQ200|5.41|value|5.41|%|||",
            "9|0002|sample|Au|FA430|<0.005|below|0.005|ppm|||",
            "9|0002|sample|Fe2O3|AQ200|>40.00|above||%|||",
            "11|0001|sample|Au|FA430|0.013|value|0.013|ppm|||",
            "11|0001|sample|Fe2O3|AQ200|5.41|value|5.41|%|||",
            "12|REP 0001|duplicate|Au|FA430|0.012|value|0.012|ppm|||",
            "12|REP 0001|duplicate|Fe2O3|AQ200|5.40|value|5.40|%|||",
            "14|STD OREAS 25A|control|Au|FA430|0.020|value|0.020|ppm|||",
            "14|STD OREAS 25A|control|Fe2O3|AQ200|1.01|value|1.01|%|||",
            "15|BLK|blank|Au|FA430|<0.005|below|0.005|ppm|||",
            "15|BLK|blank|Fe2O3|AQ200|<0.01|below|0.01|%|||",
        ],
    );
}

/// A laboratory system: quoted header over two lines, signs apart, five ways to write the time.
#[test]
fn signs_in_a_column_of_their_own() {
    let text = r#"SampleNo,"Parameter
name",Sym,Result,Units,Meth,Rep,Analysed
0012,Iron (as Fe2O3),,5.31,%(m/m),XRF,1,2025-05-20T14:05:00+08:00
0012,Iron,<,0.05,wt%,ICP,1,2025-05-20T06:05:00Z
0012,Lead,>,"10,000",mg/kg,ICP,1,2025-05-20 14:05
0012,Gold,,1.23E+01,g/t,FA,1,2025-05-20
0012,Gold,,0.123,oz/t,FA,2,2025-05-20
0012,Mercury,~,15,ppb,CV,1,
"#;
    agrees(
        "lims.csv",
        text.as_bytes(),
        r#"
class_default = "sample"
[number]
thousands = ","
[sample]
column = "SampleNo"
[analyte]
column = "Parameter name"
alias = { "Iron (as Fe2O3)" = "Fe2O3", Iron = "Fe", Lead = "Pb", Gold = "Au", Mercury = "Hg" }
[channel]
column = "Meth"
[value]
column = "Result"
unit_column = "Units"
[[qualifier]]
when = { column = "Sym", equals = "<" }
is = "below"
[[qualifier]]
when = { column = "Sym", equals = ">" }
is = "above"
[[flag]]
column = "Sym"
ignore = ["<", ">"]
[time]
column = "Analysed"
format = ["%Y-%m-%dT%H:%M:%S%:z", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M", "%Y-%m-%d"]
zone = "UTC"
"#,
        &[
            "3|0012|sample|Fe2O3|XRF|5.31|value|5.31|%|||2025-05-20T14:05:00+08:00",
            "4|0012|sample|Fe|ICP|0.05|below|0.05|%|||2025-05-20T06:05:00Z",
            "5|0012|sample|Pb|ICP|10,000|above||mg/kg|||2025-05-20T14:05:00Z",
            "6|0012|sample|Au|FA|1.23E+01|value|1.23E+01|g/t|||2025-05-20",
            "7|0012|sample|Au|FA|0.123|value|0.123|oz/t|||2025-05-20",
            "8|0012|sample|Hg|CV|15|value|15|ppb||~|",
        ],
    );
}

/// Samples in columns; a header row says what each is.
#[test]
fn samples_in_columns_with_their_kinds_above() {
    let text = r#"Report,,,,,,
Lab No.,,,BLK,24-001,24-002,CRM 1
Type,,,Blank,Sample,Sample,QC
Analyte,Line,Unit,"Result","Result","Result","Result"
Fe2O3,Fe KA,%,<0.01,12.1,bdl,5.6
Mn,Mn KA,ppm,0,"1,204",33,ND
"#;
    agrees(
        "tr.csv",
        text.as_bytes(),
        r#"
class_default = "sample"
layout = "transposed"
[number]
thousands = ","
[header]
row = 2
rows = ["sample", "kind", "name"]
[columns]
from = 4
[analyte]
column = "Analyte"
[channel]
column = "Line"
[unit]
column = "Unit"
[tokens]
bdl = "below"
[[class]]
when = { attribute = "kind", equals = "Blank" }
is = "blank"
[[class]]
when = { field = "sample_id", matches = '^CRM' }
is = "control"
"#,
        &[
            "5|BLK|blank|Fe2O3|Fe KA|<0.01|below|0.01|%|||",
            "5|24-001|sample|Fe2O3|Fe KA|12.1|value|12.1|%|||",
            "5|24-002|sample|Fe2O3|Fe KA|bdl|below||%|||",
            "5|CRM 1|control|Fe2O3|Fe KA|5.6|value|5.6|%|||",
            "6|BLK|blank|Mn|Mn KA|0|value|0|ppm|||",
            "6|24-001|sample|Mn|Mn KA|1,204|value|1204|ppm|||",
            "6|24-002|sample|Mn|Mn KA|33|value|33|ppm|||",
            "6|CRM 1|control|Mn|Mn KA|ND|not_detected||ppm|||",
        ],
    );
}

/// GB18030: full-width digits, limits such as `0.05L`, times of twelve hours.
#[test]
fn chinese_limits_with_a_letter_behind() {
    let text = r#"分析报告：稀土矿
检测单位：某某研究所,,,,,
样品编号,样品类型,分析时间,La2O3 (%),CeO2（％）,Pb（毫克/千克）,As（mg/kg）,备注
矿-001,样品,2025年5月20日 下午2:05,１２．５０,"1,234.5",0.05L,低于检出限,
矿-001,平行样,2025年5月20日 下午2:15,12.48,23.1,＜０．０５,未检出,复查
空白,空白,2025年5月20日 上午12:05,ND,—,0.001,/,
平均值,,,12.49,23.1,,,
"#;
    let text = &text.replace('\n', "\r\n");
    agrees(
        "结果.csv",
        &GB18030.encode(text).0,
        r#"
class_default = "sample"
[open]
encoding = "gb18030"
delimiter = "comma"
[number]
thousands = ","
[header]
when = { column = 1, equals = "样品编号" }
[columns]
from = 4
to = 7
[analyte]
pattern = '^(?<analyte>[A-Z][A-Za-z0-9]*) ?[(（](?<unit>[^)）]+)[)）]$'
[sample]
column = "样品编号"
repeat = "unknown"
[value]
marks = ["L"]
[[qualifier]]
when = { field = "value", matches = 'L$' }
is = "below"
[tokens]
"低于检出限" = "below"
"—" = "missing"
"/" = "not_analysed"
[[flag]]
column = "备注"
[[class]]
when = { column = "样品编号", equals = "平均值" }
is = "statistics"
[[class]]
when = { column = "样品类型", equals = "平行样" }
is = "duplicate"
[[class]]
when = { column = "样品类型", equals = "空白" }
is = "blank"
[time]
column = "分析时间"
format = "%Y年%m月%d日 %p%I:%M"
zone = "+08:00"
"#,
        &[
            "4|矿-001|sample|La2O3||１２．５０|value|12.50|%|||2025-05-20T14:05:00+08:00",
            "4|矿-001|sample|CeO2||1,234.5|value|1234.5|%|||2025-05-20T14:05:00+08:00",
            "4|矿-001|sample|Pb||0.05L|below|0.05|mg/kg||L|2025-05-20T14:05:00+08:00",
            "4|矿-001|sample|As||低于检出限|below||mg/kg|||2025-05-20T14:05:00+08:00",
            "5|矿-001|duplicate|La2O3||12.48|value|12.48|%||复查|2025-05-20T14:15:00+08:00",
            "5|矿-001|duplicate|CeO2||23.1|value|23.1|%||复查|2025-05-20T14:15:00+08:00",
            "5|矿-001|duplicate|Pb||＜０．０５|below|0.05|mg/kg||复查|2025-05-20T14:15:00+08:00",
            "5|矿-001|duplicate|As||未检出|not_detected||mg/kg||复查|2025-05-20T14:15:00+08:00",
            "6|空白|blank|La2O3||ND|not_detected||%|||2025-05-20T00:05:00+08:00",
            "6|空白|blank|CeO2||—|missing||%|||2025-05-20T00:05:00+08:00",
            "6|空白|blank|Pb||0.001|value|0.001|mg/kg|||2025-05-20T00:05:00+08:00",
            "6|空白|blank|As||/|not_analysed||mg/kg|||2025-05-20T00:05:00+08:00",
            "7|平均值|statistics|La2O3||12.49|value|12.49|%|||",
            "7|平均值|statistics|CeO2||23.1|value|23.1|%|||",
            "7|平均值|statistics|Pb|||missing||mg/kg|||",
            "7|平均值|statistics|As|||missing||mg/kg|||",
        ],
    );
}

/// Titration: each result of a row brings its own name and unit.
#[test]
fn names_values_and_units_side_by_side() {
    let text = r#"Ident 1;Ident 2;Start;R1 Name;R1 Value;R1 Unit;R2 Name;R2 Value;R2 Unit;Status;EP1
MnSO4-15;Charge 7;2025-05-20 08:15:31 UTC+8;Mn;31,952;%;Säure;0,012;g/kg;original;5,123
MnSO4-16;;2025-05-20 08:25:01 UTC+8;Mn;invalid;%;;;;recalculated;---
"#;
    agrees(
        "tiamo.csv",
        &latin(text),
        r#"
class_default = "sample"
layout = "long"
[open]
encoding = "latin-1"
delimiter = "semicolon"
[number]
decimal = ","
[sample]
column = "Ident 1"
[analyte.alias]
"Säure" = "H2SO4"
[[value]]
column = "R1 Value"
analyte_column = "R1 Name"
unit_column = "R1 Unit"
[[value]]
column = "R2 Value"
analyte_column = "R2 Name"
unit_column = "R2 Unit"
empty = "skip"
[tokens]
"invalid" = "invalid"
[[flag]]
column = "Status"
ignore = "original"
[[attribute]]
name = "ep1"
column = "EP1"
[time]
column = "Start"
format = ["%Y-%m-%d %H:%M:%S UTC%z"]
"#,
        &[
            "2|MnSO4-15|sample|Mn||31,952|value|31.952|%|||2025-05-20T08:15:31+08:00",
            "2|MnSO4-15|sample|H2SO4||0,012|value|0.012|g/kg|||2025-05-20T08:15:31+08:00",
            "3|MnSO4-16|sample|Mn||invalid|invalid||%||recalculated|2025-05-20T08:25:01+08:00",
        ],
    );
}

/// Results, then controls under other names of columns; the ids come again.
#[test]
fn regions_whose_ids_come_back() {
    let text = r#"RESULTS,,,,
Sample,Analyte,Result,Unit,Date
S-1,Au,1.25,g/t,05/06/2025
S-2,Au,<0.01,g/t,05/06/2025
,,,,
QC CHECKS,,,,
QC Sample,Type,Analyte,Found,Expected
S-1,DUP,Au,1.27,1.25
OREAS 60d,CRM,Au,2.43,2.47
BLANK,BLK,Au,<0.01,0
Total rows: 5,,,,
"#;
    agrees(
        "run.csv",
        text.as_bytes(),
        r#"
class_default = "sample"
layout = "long"
[unit]
constant = "g/t"
[[region]]
name = "results"
start = { after = { column = 1, equals = "RESULTS" } }
end = { blank = 1 }
[region.sample]
column = "Sample"
[region.analyte]
column = "Analyte"
[region.value]
column = "Result"
unit_column = "Unit"
[region.time]
column = "Date"
format = "%d/%m/%Y"
[[region]]
name = "qc"
start = { after = { column = 1, equals = "QC CHECKS" } }
end = { before = { column = 1, matches = '^Total rows' } }
[region.sample]
column = "QC Sample"
[region.analyte]
column = "Analyte"
[region.value]
column = "Found"
attributes = { expected = "Expected" }
[[region.class]]
when = { column = "Type", equals = "DUP" }
is = "duplicate"
[[region.class]]
when = { column = "Type", equals = "CRM" }
is = "control"
[[region.class]]
when = { column = "Type", equals = "BLK" }
is = "blank"
"#,
        &[
            "3|S-1|sample|Au||1.25|value|1.25|g/t|||2025-06-05",
            "4|S-2|sample|Au||<0.01|below|0.01|g/t|||2025-06-05",
            "8|S-1|duplicate|Au||1.27|value|1.27|g/t|||",
            "9|OREAS 60d|control|Au||2.43|value|2.43|g/t|||",
            "10|BLANK|blank|Au||<0.01|below|0.01|g/t|||",
        ],
    );
}
