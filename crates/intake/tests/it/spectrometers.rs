//! Spectrometers that no shipped mapping knows: internal standards between the analytes, blocks of
//! replicates, regions that repeat, units in cells.
//!
//! The layouts are those of real exports, the content is made up; each mapping was written from the manual
//! alone and each key by hand, before the file was read.

use crate::foreign::{agrees, latin};

/// MassHunter: an internal standard has one column where an analyte has two.
#[test]
fn internal_standards_between_the_analytes_move_no_column() {
    let text = r#"Sample,,,,,9  Be  [ H2 ] ,,45  Sc ( ISTD ) ,55  Mn  [ He ] ,,55  Mn  [ H2 ] ,
,Rjct,Time,Type,Name,Conc. [ ppb ],RSD,Recovery %,Conc. [ ppb ],RSD,Conc. [ ppm ],RSD
,False,5/20/2025 9:12:44 AM,CalBlk,Cal Blank,0.000,N/A,100.0,-0.013,12.2,0.000,1.1
flagged,False,5/20/2025 12:01:00 AM,Sample,"1,0 S",<0.000,N/A,98.2,105.331,0.8,0.1061,0.9
,True,5/20/2025 1:01:00 PM,Sample,S-2,1.2E-003,33.1,71.4,OR,---,0.098,1.2
"#;
    agrees(
        "batch.csv",
        text.as_bytes(),
        r#"
class_default = "unknown"
[header]
rows = ["analyte", "name"]
unit_pattern = '\[ *(?<unit>[^\]]+?) *\]'
[columns]
matches = '^\d+ +[A-Z][a-z]? +\['
companions = ["rsd"]
[analyte]
pattern = '^(?<channel>\d+ +(?<analyte>[A-Z][a-z]?) +\[ [^\]]+ \])$'
[sample]
column = "Name"
[tokens]
"OR" = "above"
[unit]
[unit.alias]
"ppb" = "µg/L"
"ppm" = "mg/L"
[[flag]]
column = 1
[[flag]]
column = "Rjct"
ignore = "False"
[[class]]
when = { column = "Type", equals = "CalBlk" }
is = "blank"
[[class]]
when = { column = "Type", equals = "Sample" }
is = "sample"
[time]
column = "Time"
format = "%m/%d/%Y %I:%M:%S %p"
zone = "+08:00"
"#,
        &[
            "3|Cal Blank|blank|Be|9  Be  [ H2 ]|0.000|value|0.000|µg/L|||2025-05-20T09:12:44+08:00",
            "3|Cal Blank|blank|Mn|55  Mn  [ He ]|-0.013|value|-0.013|µg/L|||2025-05-20T09:12:44+08:00",
            "3|Cal Blank|blank|Mn|55  Mn  [ H2 ]|0.000|value|0.000|mg/L|||2025-05-20T09:12:44+08:00",
            "4|1,0 S|sample|Be|9  Be  [ H2 ]|<0.000|below|0.000|µg/L||flagged|2025-05-20T00:01:00+08:00",
            "4|1,0 S|sample|Mn|55  Mn  [ He ]|105.331|value|105.331|µg/L||flagged|2025-05-20T00:01:00+08:00",
            "4|1,0 S|sample|Mn|55  Mn  [ H2 ]|0.1061|value|0.1061|mg/L||flagged|2025-05-20T00:01:00+08:00",
            "5|S-2|sample|Be|9  Be  [ H2 ]|1.2E-003|value|1.2E-003|µg/L||True|2025-05-20T13:01:00+08:00",
            "5|S-2|sample|Mn|55  Mn  [ He ]|OR|above||µg/L||True|2025-05-20T13:01:00+08:00",
            "5|S-2|sample|Mn|55  Mn  [ H2 ]|0.098|value|0.098|mg/L||True|2025-05-20T13:01:00+08:00",
        ],
    );
}

/// SPECTRO: three header rows in each block, decimal commas, date and time in two groups of a heading.
#[test]
fn blocks_of_replicates_with_date_and_time_apart() {
    let text = r#"SPECTRO Analyzer Pro;;;;
Sample: Erz 7/A;Date: 20.05.2025;Time: 14:05;;
;Al;Fe;Fe;Sc
;396.152;238.204;259.940;361.384
;mg/l;mg/l;mg/l;%
Rep1;1,01;< 0,5;OVRFLW;99,1
Rep2;1,03;< 0,5;OVRFLW;98,7
Mean;1,02;< 0,5;OVRFLW;98,9
SD;0,014;---;---;0,28
RSD;1,37;---;---;0,28
Sample: Erz 7/B;Date: 20.05.2025;Time: 14:09;;
;Al;Fe;Fe;Sc
;396.152;238.204;259.940;361.384
;mg/l;mg/l;mg/l;%
Rep1;12.345,6;0,61;0,62;99,1
Mean;12.345,6;0,61;0,62;99,1
"#;
    agrees(
        "arcos.txt",
        &latin(text),
        r#"
class_default = "sample"
[open]
delimiter = "semicolon"
encoding = "latin-1"
[number]
decimal = ","
thousands = "."
[[skip]]
when = { field = "line", matches = '^SPECTRO' }
[[heading]]
pattern = '^Sample: (?<sample_id>[^\t]+)\tDate: (?<date>\S+)\tTime: (?<clock>\S+)'
[header]
each_block = true
rows = ["name", "channel", "unit"]
[columns]
from = 2
except = "Sc"
[replicate_rows]
column = 1
reading = "Mean"
replicate = '^Rep\d+$'
attributes = { SD = "sd", RSD = "rsd" }
[tokens]
OVRFLW = "above"
"---" = "missing"
[time]
attribute = ["date", "clock"]
format = "%d.%m.%Y %H:%M"
"#,
        &[
            "8|Erz 7/A|sample|Al|396.152|1,02|value|1.02|mg/L|||2025-05-20T14:05:00",
            "8|Erz 7/A|sample|Fe|238.204|< 0,5|below|0.5|mg/L|||2025-05-20T14:05:00",
            "8|Erz 7/A|sample|Fe|259.940|OVRFLW|above||mg/L|||2025-05-20T14:05:00",
            "16|Erz 7/B|sample|Al|396.152|12.345,6|value|12345.6|mg/L|||2025-05-20T14:09:00",
            "16|Erz 7/B|sample|Fe|238.204|0,61|value|0.61|mg/L|||2025-05-20T14:09:00",
            "16|Erz 7/B|sample|Fe|259.940|0,62|value|0.62|mg/L|||2025-05-20T14:09:00",
        ],
    );
}

/// NexION: results and recoveries of internal standards alternate.
#[test]
fn regions_that_repeat_for_each_sample() {
    let text = r#"Quantitative Analysis - Summary Report
Sample ID: S 01
Sample Date/Time: Tuesday, May 20, 2025 22:01:00
Concentration Results
    Analyte  Mass   Meas. Intens. Mean   Conc. Mean    Conc. SD   Report Unit
       Mn      55           12345.1         12.300       0.10       ug/L
>      Rh     103           99999.0                                 ug/L
       Pb     208               3.0         -0.001       0.001      ug/L
Internal Standard Recoveries
    Analyte  Mass   Recovery
       Rh     103   98.7
Sample ID: S 02
Sample Date/Time: Tuesday, May 20, 2025 22:05:00
Concentration Results
    Analyte  Mass   Meas. Intens. Mean   Conc. Mean    Conc. SD   Report Unit
       Mn      55           12345.1         12.300       0.10       ug/L
Internal Standard Recoveries
    Analyte  Mass   Recovery
       Rh     103   97.2
"#;
    agrees(
        "nexion.rep",
        text.as_bytes(),
        r#"
class_default = "sample"
[open]
widths = [4, 9, 8, 18, 15, 14, 12]
[[heading]]
pattern = '^Sample ID: (?<sample_id>.+)$'
[[heading]]
pattern = '^Sample Date/Time: (?<time>.+)$'
[[region]]
name = "conc"
start = { at = { field = "line", matches = '^Sample ID:' } }
end = { before = { field = "line", matches = '^Internal Standard' } }
repeat = true
[region.header]
names = ["group", "Analyte", "Mass", "Int", "Conc", "SD", "Unit"]
[[region.skip]]
when = { field = "line", matches = '^Concentration Results|^Analyte' }
[region.analyte]
column = "Analyte"
[region.channel]
column = "Mass"
[region.value]
column = "Conc"
unit_column = "Unit"
empty = "skip"
attributes = { intensity = "Int", sd = "SD" }
[[region]]
name = "recoveries"
role = "ignore"
start = { at = { field = "line", matches = '^Internal Standard' } }
end = { before = { field = "line", matches = '^Sample ID:' } }
repeat = true
[time]
format = "%A, %B %d, %Y %H:%M:%S"
"#,
        &[
            "6|S 01|sample|Mn|55|12.300|value|12.300|µg/L|||2025-05-20T22:01:00",
            "8|S 01|sample|Pb|208|-0.001|value|-0.001|µg/L|||2025-05-20T22:01:00",
            "16|S 02|sample|Mn|55|12.300|value|12.300|µg/L|||2025-05-20T22:05:00",
        ],
    );
}

/// LECO CS: UTF-16, ids that look like dates, the second header states another unit.
#[test]
fn headers_that_come_again_with_other_units() {
    let text = r#"LECO CS844					
Name	Mass (g)	Method	Carbon %	Sulfur %	Analysis Date
12.05.2025	0,5012	Stahl	1,2345	0,0123	21.05.2025 14:03:22
12.05.2025	0,4998	Stahl	1,2401	< 0,0005	21.05.2025 14:05:40
Average			1,2373		
Standard Deviation			0,0040		
RSD			0,3200		

Name	Mass (g)	Method	Carbon %	Sulfur ppm	Analysis Date
Tiegel	1,0000	Blank	-0,0001	-0,2	1.6.2025 9:03:22
JK 2D	0,5003	Stahl	> 6,0000	1.234,5	1.6.2025 9:06:00
"#;
    let text = &text.replace('\n', "\r\n");
    agrees(
        "cs.txt",
        &utf_16(text),
        r#"
class_default = "sample"
[open]
encoding = "utf-16le"
delimiter = "tab"
[number]
decimal = ","
thousands = "."
[[skip]]
when = { column = 1, matches = '^LECO' }
[header]
when = { column = 1, equals = "Name" }
[columns]
matches = '^(Carbon|Sulfur) '
[analyte]
pattern = '^(?<analyte>Carbon|Sulfur) (?<unit>\S+)$'
alias = { Carbon = "C", Sulfur = "S" }
[sample]
column = "Name"
[value]
empty = "skip"
[[attribute]]
name = "mass"
column = "Mass (g)"
[[class]]
when = { column = "Name", equals = "RSD" }
is = "statistics"
unit = "%"
[[class]]
when = { column = "Name", equals = ["Average", "Standard Deviation"] }
is = "statistics"
[[class]]
when = { column = "Method", equals = "Blank" }
is = "blank"
[[class]]
when = { column = "Name", matches = '^JK ' }
is = "control"
[time]
column = "Analysis Date"
format = "%d.%m.%Y %H:%M:%S"
"#,
        &[
            "3|12.05.2025|sample|C||1,2345|value|1.2345|%|||2025-05-21T14:03:22",
            "3|12.05.2025|sample|S||0,0123|value|0.0123|%|||2025-05-21T14:03:22",
            "4|12.05.2025|sample|C||1,2401|value|1.2401|%|||2025-05-21T14:05:40",
            "4|12.05.2025|sample|S||< 0,0005|below|0.0005|%|||2025-05-21T14:05:40",
            "5|Average|statistics|C||1,2373|value|1.2373|%|||",
            "6|Standard Deviation|statistics|C||0,0040|value|0.0040|%|||",
            "7|RSD|statistics|C||0,3200|value|0.3200|%|||",
            "10|Tiegel|blank|C||-0,0001|value|-0.0001|%|||2025-06-01T09:03:22",
            "10|Tiegel|blank|S||-0,2|value|-0.2|ppm|||2025-06-01T09:03:22",
            "11|JK 2D|control|C||> 6,0000|above||%|||2025-06-01T09:06:00",
            "11|JK 2D|control|S||1.234,5|value|1234.5|ppm|||2025-06-01T09:06:00",
        ],
    );
}

/// ICP: flag columns without names of their own, marks, a unit in a cell that contradicts the header.
#[test]
fn marks_flags_and_units_in_cells() {
    let text = r#"Sample Id	Mn 257.610 (mg/L)	F	Mn 293.930 (mg/L)	F	S 181.972 [ppm]	F
A-1	1 234,50	o	1 230		-0,0012	q
A-2	12,5!		---	x	<	u
A-3	 n.a. 		12.5		5,0 mg/kg	
"#;
    agrees(
        "icp.txt",
        text.as_bytes(),
        r#"
class_default = "sample"
[open]
delimiter = "tab"
[number]
decimal = ","
thousands = " "
[columns]
companions = ["flag"]
[analyte]
pattern = '^(?<analyte>[A-Z][a-z]?) (?<channel>[\d.]+) [(\[](?<unit>[^)\]]+)[)\]]$'
[sample]
column = "Sample Id"
[value]
marks = ["!"]
[tokens]
"---" = "above"
"n.a." = "not_analysed"
[[qualifier]]
when = { field = "value", equals = "<" }
is = "below"
"#,
        &[
            "2|A-1|sample|Mn|257.610|1 234,50|value|1234.50|mg/L||o|",
            "2|A-1|sample|Mn|293.930|1 230|value|1230|mg/L|||",
            "2|A-1|sample|S|181.972|-0,0012|value|-0.0012|ppm||q|",
            "3|A-2|sample|Mn|257.610|12,5!|value|12.5|mg/L||!|",
            "3|A-2|sample|Mn|293.930|---|above||mg/L||x|",
            "3|A-2|sample|S|181.972|<|below||ppm||u|",
            "4|A-3|sample|Mn|257.610| n.a. |not_analysed||mg/L|||",
            "4|A-3|sample|S|181.972|5,0 mg/kg|value|5.0|mg/kg|||",
        ],
    );
}

fn utf_16(text: &str) -> Vec<u8> {
    let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}
